import { expect, test } from "vitest";

import { variableLine } from "./receiver";
import { secretFault } from "./secret";

test.each([
  ["1234567", "SHORT"],
  ["12345678", undefined],
  ["è".repeat(256), undefined],
  ["😀".repeat(257), "LONG"],
  ["whsec_", "SHORT"],
  ["whsec_not base64!", "ENCODING"],
  ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", undefined],
])("%s", (secret, fault) => expect(secretFault(secret)).toBe(fault));

test("a line for a file of variables keeps the secret", () => {
  expect(variableLine("whsec_ab+/=")).toBe("BLUEHOOK_SECRET=whsec_ab+/=");
  expect(variableLine("with space $X")).toBe("BLUEHOOK_SECRET='with space $X'");
  expect(variableLine("it's")).toBe('BLUEHOOK_SECRET="it\'s"');
});
