// This screen in English.

const en = {
  title: "Components",
};

export type Text = typeof en;
export default en;
