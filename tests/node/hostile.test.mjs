import { test } from "node:test";
import { hostile } from "./hostile.mjs";

const COUNT = 20_000;

test(`of ${COUNT} hostile inputs none leads to anything but the documented errors`, () => hostile(COUNT));
