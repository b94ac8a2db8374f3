// This screen in English.

const en = {
  title: "Test",
};

export type Text = typeof en;
export default en;
