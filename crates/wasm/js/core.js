// The wasm core as plain functions: text and bytes go straight into its buffer, numbers come back, whose texts the build took
// from the core. Nothing is allocated there for a request's bytes.

import { Receiver } from "#glue";
import { start } from "#instance";
import { hexadecimal } from "./hexadecimal.js";
import { causes, refusals } from "#texts";

let receiver;
let memory;
let view;
let encoder;

// The core's buffer; a new view after the memory grew, since growing detaches the old one. Whatever is asked of the core
// begins here, so that there is a core.
function buffer() {
  if (receiver === undefined) {
    memory = start().memory;
    receiver = new Receiver();
    encoder = new TextEncoder();
  }
  if (view === undefined || view.byteLength === 0) view = new Uint8Array(memory.buffer, receiver.buffer(), receiver.bufferLength());
  return view;
}

// Writes text into the buffer and gives its length in bytes; more than the buffer holds when it does not fit.
function write(text, from = 0) {
  const room = from === 0 ? buffer() : buffer().subarray(from);
  const { read, written } = encoder.encodeInto(text, room);
  return read === text.length ? written : view.length + 1;
}

// The index of the secret that fits, or a refusal's negative number.
export function check(head, body, nowSeconds) {
  const length = write(head);
  const answer = receiver.begin(length, nowSeconds);
  if (answer < 0) return answer;
  update(body);
  return receiver.finish();
}

function update(body) {
  if (typeof body === "string") updateText(body);
  else updateBytes(body);
}

function updateText(body) {
  let rest = body;
  do {
    const { read, written } = encoder.encodeInto(rest, buffer());
    receiver.update(written);
    rest = rest.slice(read);
  } while (rest !== "");
}

function updateBytes(body) {
  const { length } = buffer();
  for (let from = 0; from < body.length; from += length) {
    const piece = body.length <= length ? body : body.subarray(from, from + length);
    view.set(piece);
    receiver.update(piece.length);
  }
}

// A refusal's code and message.
export function refusal(number) {
  return refusals[-1 - number];
}

// What to change, if the cause of a refusal can be found.
export function explain(number, head, body) {
  const from = write(head);
  return causes[receiver.explain(number, from, place(body, from))];
}

// Puts a body behind the headers, as much of it as there is room for, and gives how much that was. There is room for more than
// the core looks into.
function place(body, from) {
  const room = buffer().subarray(from);
  if (typeof body === "string") return encoder.encodeInto(body, room).written;
  const piece = body.subarray(0, room.length);
  room.set(piece);
  return piece.length;
}

// The values of X-Signature and of webhook-signature.
export function sign(id, timestamp, body) {
  const idLength = write(id);
  receiver.beginSigning(idLength, write(timestamp, idLength));
  update(body);
  if (!receiver.finishSigning()) throw new Error("nothing was signed");
  const [xSignature, standard] = [buffer().slice(0, 32), view.slice(32, 64)];
  return [hexadecimal(xSignature), "v1," + btoa(String.fromCharCode(...standard))];
}

// Makes these the receiver's secrets; they were checked.
export function load(secrets, toleranceSeconds, requireTimestamp) {
  buffer();
  receiver.clear();
  for (const secret of secrets) receiver.addSecret(write(secret));
  receiver.load(toleranceSeconds, requireTimestamp);
}
