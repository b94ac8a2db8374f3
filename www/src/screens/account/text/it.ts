// The account in Italian.

import type { Text } from "./en";

const it = {
  title: "Account",
  who: "Accesso effettuato come",
  name: "Nome",
  mail: "E-mail",
  company: "Azienda",
  until: "Sessione fino al",
  sessions: "Accessi attivi",
  someBrowser: "Un browser",
  thisOne: "qui, adesso",
  since: (at: string) => `dal ${at}`,
  seen: (ago: string) => `ultimo uso ${ago}`,
  end: "Esci",
  endOf: (browser: string) => `Esci: ${browser}`,
  everywhere: "Esci ovunque",
  here: "Su questo dispositivo",
  language: "Lingua",
  languages: { en: "English", it: "Italiano" },
  theme: "Aspetto",
  themes: { system: "Come il sistema", light: "Chiaro", dark: "Scuro" },
  keys: "Tasti singoli",
  keysHint: "Tasti come / e n fanno qualcosa ovunque tu non stia scrivendo. L'elenco è sotto ?.",
  fromBlue: "Nome, e-mail e azienda sono di Blue: si cambiano lì.",
  version: (version: string) => `Bluehook ${version}`,
} satisfies Text;

export default it;
