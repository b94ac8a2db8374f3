// This screen in Italian.

import type { Text } from "./en";

const it = {
  title: "Account",
} satisfies Text;

export default it;
