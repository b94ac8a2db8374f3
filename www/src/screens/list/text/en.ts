// This screen in English.

const en = {
  title: "Webhooks",
};

export type Text = typeof en;
export default en;
