// A webhook's frame in Italian.

import type { Text } from "./en";

const it = {
  tabs: { label: "Questo webhook", settings: "Impostazioni", secret: "Segreto", test: "Prova" },
} satisfies Text;

export default it;
