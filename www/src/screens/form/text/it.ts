// This screen in Italian.

import type { Text } from "./en";

const it = {
  title: "Impostazioni",
} satisfies Text;

export default it;
