// A webhook's frame in English.

const en = {
  tabs: { label: "This webhook", settings: "Settings", secret: "Secret", test: "Test" },
};

export type Text = typeof en;
export default en;
