// This screen in Italian.

import type { Text } from "./en";

const it = {
  title: "Prova",
} satisfies Text;

export default it;
