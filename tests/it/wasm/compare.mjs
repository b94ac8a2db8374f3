import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { Webhook } from "bluehook";
import { preview, sampleEvent } from "bluehook/preview";
import { schema } from "bluehook/schemas";

const kinds = { sign, verify, preview: previewed, event: ({ event }) => [sampleEvent(event), schema(event)] };

const cases = readFileSync(0, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const wrong = cases.map(answered).find(({ expected, answer }) => !isDeepStrictEqual(answer, expected));
console.log(cases.length, JSON.stringify(wrong));

// A case beside its answer; as plain JSON, in which nothing is undefined.
function answered(one) {
  return { ...one, answer: JSON.parse(JSON.stringify(kinds[one.kind](one))) };
}

function sign({ secret, id, timestamp, body, asText }) {
  const headers = new Webhook(secret).sign(given(body, asText), { id, timestamp });
  return [headers["x-signature"], headers["webhook-signature"]];
}

function verify({ secrets, requireTimestamp, now, body, asText, headers, form }) {
  const webhook = new Webhook(secrets, { requireTimestamp, now: () => now * 1000 });
  const { message, ...found } = webhook.inspect(given(body, asText), held(headers, form));
  return found;
}

function given(base64, asText) {
  const bytes = Buffer.from(base64, "base64");
  return asText ? bytes.toString("utf8") : bytes;
}

// Headers in what a framework holds them in. Fetch's refuse values that cannot be sent; programs may still make them up.
function held(pairs, form) {
  if (form === "fetch") {
    try {
      return new Headers(pairs);
    } catch {
      return pairs;
    }
  }
  return { pairs, map: new Map(pairs), object: Object.fromEntries(pairs) }[form];
}

function previewed({ webhook, event, settings }) {
  try {
    return preview({ webhook, event, ...settings });
  } catch (error) {
    if (error.problems === undefined) throw error;
    return error.problems;
  }
}
