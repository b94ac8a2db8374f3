// This screen in Italian.

import type { Text } from "./en";

const it = {
  title: "Componenti",
} satisfies Text;

export default it;
