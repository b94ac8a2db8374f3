// The account in English.

const en = {
  title: "Account",
  who: "Signed in as",
  name: "Name",
  mail: "E-mail",
  company: "Company",
  until: "Session until",
  sessions: "Signed in",
  someBrowser: "A browser",
  thisOne: "here, now",
  since: (at: string) => `since ${at}`,
  seen: (ago: string) => `last seen ${ago}`,
  end: "Sign out",
  endOf: (browser: string) => `Sign out: ${browser}`,
  everywhere: "Sign out everywhere",
  here: "On this device",
  language: "Language",
  languages: { en: "English", it: "Italiano" },
  theme: "Appearance",
  themes: { system: "As the system", light: "Light", dark: "Dark" },
  keys: "Single keys",
  keysHint: "Keys such as / and n do something wherever you are not typing. The list is under ?.",
  fromBlue: "Name, e-mail and company are Blue's: change them there.",
  version: (version: string) => `Bluehook ${version}`,
};

export type Text = typeof en;
export default en;
