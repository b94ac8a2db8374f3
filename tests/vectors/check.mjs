// Checks a build of the npm package against the vectors, in any runtime: no imports, throws at the first difference.

export function checkVectors({ Webhook, WebhookVerificationError }, vectors) {
  for (const vector of vectors.signed) checkSigned(Webhook, vector);
  for (const vector of vectors.accepted) checkAccepted(Webhook, vector);
  for (const vector of vectors.refused) checkRefused(Webhook, WebhookVerificationError, vector);
  return vectors.signed.length + vectors.accepted.length + vectors.refused.length;
}

// A preview's headers verify, and its body carries the event's values as they were spelled.
export function checkPreview({ preview, sampleEvent, events }, { Webhook }) {
  const secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  const webhook = new Webhook(secret);
  for (const { event } of events) {
    const { body, headers, size, matches, why } = preview({ webhook: { url: "https://example.com/" }, event: sampleEvent(event), secret });
    same(webhook.verify(body, headers).event, event, "event");
    same([size, matches, why], [new TextEncoder().encode(body).length, true, null], event);
  }
  const values = '{"n":1e400,"n":-0,"s":"\\ud800\\/"}';
  const event = `{"event":"TAG_CREATED","companyId":"c","projectId":"p","userId":"u","currentValue":${values}}`;
  const { body } = preview({ webhook: { url: "https://example.com/" }, event });
  same(body.endsWith(`"currentValue":${values}}`), true, "spelling");
  return events.length;
}

// A time that `verify` would refuse is not signed.
function checkSigned(Webhook, { name, secret, id, timestamp, body, xSignature, standard }) {
  if (timestamp < 0) return same(refusesToSign(Webhook, { secret, id, timestamp, body }), true, name);
  const headers = new Webhook(secret).sign(body, { id, timestamp });
  same([headers["x-signature"], headers["webhook-signature"]], [xSignature, standard], name);
}

function refusesToSign(Webhook, { secret, id, timestamp, body }) {
  try {
    new Webhook(secret).sign(body, { id, timestamp });
    return false;
  } catch (error) {
    return error instanceof TypeError;
  }
}

function checkAccepted(Webhook, vector) {
  const { valid, ...verdict } = inspect(Webhook, vector);
  const code = problemOf(vector);
  same(valid, code === undefined, vector.name);
  same(code === undefined ? verdict : verdict.code, code ?? vector.expect, vector.name);
}

function checkRefused(Webhook, WebhookVerificationError, vector) {
  same(inspect(Webhook, vector).code, vector.expect.code, vector.name);
  try {
    receiver(Webhook, vector).verify(bodyOf(vector), vector.headers);
  } catch (error) {
    same([error instanceof WebhookVerificationError, error.code], [true, vector.expect.code], vector.name);
    return;
  }
  throw new Error(`${vector.name}: verified`);
}

function inspect(Webhook, vector) {
  return receiver(Webhook, vector).inspect(bodyOf(vector), vector.headers);
}

function receiver(Webhook, { secrets, now, toleranceSeconds, requireTimestamp }) {
  return new Webhook(secrets, { toleranceSeconds, requireTimestamp, now: () => now * 1000 });
}

function bodyOf({ body, bodyBase64 }) {
  return bodyBase64 === undefined ? body : Uint8Array.from(atob(bodyBase64), (character) => character.charCodeAt(0));
}

// Why a body is no event, if it is none.
function problemOf({ body }) {
  try {
    const event = JSON.parse(body);
    return typeof event === "object" && event !== null && !Array.isArray(event) ? undefined : "NOT_AN_EVENT";
  } catch {
    return "BODY_NOT_JSON";
  }
}

function same(found, expected, name) {
  const [a, b] = [sorted(found), sorted(expected)];
  if (a !== b) throw new Error(`${name}: found ${a}, expected ${b}`);
}

function sorted(value) {
  const plain = value === null || typeof value !== "object" || Array.isArray(value);
  return JSON.stringify(plain ? value : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))));
}
