// The wasm core as plain functions: text and bytes go straight into its buffer, numbers come back.

import { core } from "#glue";
import { memory } from "#instance";
import { hexadecimal } from "./hexadecimal.js";
import { causes, refusals, secretProblems } from "#texts";

const encoder = new TextEncoder();
let view;

// The core's buffer; a new view after the memory grew, since growing detaches the old one. Whatever is asked of the core
// begins here, so that there is a core.
function buffer() {
  if (view === undefined || view.byteLength === 0) {
    const { buffer } = memory();
    view = new Uint8Array(buffer, core.buffer(), core.bufferLength());
  }
  return view;
}

// Writes text into the buffer and gives its length in bytes; more than the buffer holds when it does not fit.
function write(text) {
  const { read, written } = encoder.encodeInto(text, buffer());
  return read === text.length ? written : view.length + 1;
}

// The index of the secret that fits, or a refusal's negative number.
export function check(head, body, nowSeconds) {
  const answer = core.begin(write(head), nowSeconds);
  if (answer < 0) return answer;
  update(body);
  return core.finish();
}

function update(body) {
  if (typeof body === "string") updateText(body);
  else updateBytes(body);
}

function updateText(body) {
  let rest = body;
  do {
    const { read, written } = encoder.encodeInto(rest, buffer());
    core.update(written);
    rest = rest.slice(read);
  } while (rest !== "");
}

function updateBytes(body) {
  const { length } = buffer();
  for (let from = 0; from < body.length; from += length) {
    const piece = body.length <= length ? body : body.subarray(from, from + length);
    view.set(piece);
    core.update(piece.length);
  }
}

// A refusal's code and message.
export function refusal(number) {
  return refusals[-1 - number];
}

// What to change, if the cause of a refusal can be found. Bodies that do not fit into the buffer are not looked into.
export function explain(number, head, body) {
  const from = write(head);
  const bytes = typeof body === "string" ? encoder.encode(body) : body;
  const fits = from + bytes.length <= buffer().length;
  if (fits) view.set(bytes, from);
  else if (refusals[-1 - number][0] === "SIGNATURE_MISMATCH") return undefined;
  return causes[core.explain(number, from, fits ? bytes.length : 0)];
}

// The values of X-Signature and of webhook-signature.
export function sign(id, timestamp, body) {
  const all = write(id + timestamp);
  core.beginSigning(all - timestamp.length, timestamp.length);
  update(body);
  core.finishSigning();
  return [hexadecimal(buffer().slice(0, 32)), "v1," + btoa(String.fromCharCode(...view.slice(32, 64)))];
}

// Makes these the receiver's secrets. Gives what is wrong with one of them, if anything.
export function load(secrets, toleranceSeconds, requireTimestamp) {
  buffer();
  core.clear();
  for (const secret of secrets) {
    const problem = core.addSecret(write(secret));
    if (problem > 0) return secretProblems[problem - 1];
  }
  core.load(toleranceSeconds, requireTimestamp);
  return undefined;
}
