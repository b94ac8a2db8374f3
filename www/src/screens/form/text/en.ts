// This screen in English.

const en = {
  title: "Settings",
};

export type Text = typeof en;
export default en;
