// Where there is no WebAssembly: what needs none works, and what does says so.

import { Webhook, changes } from "bluehook";
import { memoryStore } from "bluehook/fetch";
import { events } from "bluehook/preview";

const { code, message } = new Webhook("a secret of mine").inspect("{}", {});
if (code !== "NO_WEBASSEMBLY" || !message.includes("'wasm-unsafe-eval'")) throw new Error(`${code} ${message}`);
console.log(events.length, changes({}).length, typeof memoryStore().claim, code);
