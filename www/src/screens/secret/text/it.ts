// This screen in Italian.

import type { Text } from "./en";

const it = {
  title: "Segreto",
} satisfies Text;

export default it;
