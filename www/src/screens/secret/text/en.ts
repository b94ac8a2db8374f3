// This screen in English.

const en = {
  title: "Secret",
};

export type Text = typeof en;
export default en;
