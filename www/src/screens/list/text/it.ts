// This screen in Italian.

import type { Text } from "./en";

const it = {
  title: "Webhook",
} satisfies Text;

export default it;
