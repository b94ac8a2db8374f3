// What came of a test, in one line.

import type { Test } from "../../api/types";
import { duration } from "../../lib/number";
import type { Text } from "./text/en";

/** Accepted, refused, or no answer; with the time that it took. */
export function headline({ attempt, succeeded }: Test, text: Text, language: string): string {
  const time = duration(language, attempt.durationMs);
  const status = attempt.response?.statusCode;
  if (status === undefined) return text.failed(time);
  return succeeded ? text.accepted(status, time) : text.refused(status, time);
}
