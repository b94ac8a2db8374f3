// This screen in English.

const en = {
  title: "Account",
};

export type Text = typeof en;
export default en;
