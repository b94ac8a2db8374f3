// Requests in the shapes in which frameworks hand them to a handler.

const isObject = (value) => typeof value === "object" && value !== null;
const isFunction = (value) => typeof value === "function";

// A `Request` of whatever realm or library.
export const isRequest = (value) =>
  isObject(value) && typeof value.method === "string" && isFunction(value.headers?.get) && (isFunction(value.arrayBuffer) || isFunction(value.text));

// A `Response` of whatever realm or library.
export const isResponse = (value) =>
  isObject(value) && Number.isInteger(value.status) && isFunction(value.headers?.get) && (isFunction(value.arrayBuffer) || isFunction(value.text));

// Node's request and response, those of HTTP/2 too.
export const isIncoming = (value) => isObject(value) && typeof value.method === "string" && isObject(value.headers) && !isFunction(value.headers.get) && (isFunction(value.on) || "body" in value || "rawBody" in value);
export const isOutgoing = (value) => isObject(value) && isFunction(value.setHeader) && isFunction(value.end);

// Where a request is in what a handler was called with: a Request itself; SvelteKit's event, Astro's, Elysia's and Pages'
// context, React Router's arguments at `.request`; Hono's context at `.req.raw`; h3's event and Fresh's context at `.req`.
const REQUESTS = [(first) => first, (first) => first.request, (first) => first.req.raw, (first) => first.req, (first) => first.web.request];

// Node's pair: two arguments, or at `.req` and `.res` (Koa), or at `.node` (h3).
const PAIRS = [(first, second) => [first, second], ({ req, res }) => [req, res], ({ node: { req, res } }) => [req, res]];

export const requestIn = (first) => found(REQUESTS, isRequest, first);
export const pairIn = (first, second) => found(PAIRS, ([request, response]) => isIncoming(request) && isOutgoing(response), first, second);

// What the first way leads to that fits. Members may be missing, and getters throw (Next.js's `request.request`).
function found(ways, fits, ...given) {
  for (const way of ways) {
    try {
      const reached = way(...given);
      if (fits(reached)) return reached;
    } catch {
      // Not this way.
    }
  }
  return undefined;
}

// What to say about anything else.
export function strange(where, first, second) {
  if (isFunction(second?.code) && isObject(first?.raw)) return new TypeError(`${where}: this is Fastify's request and reply: use webhookPlugin of bluehook/fastify`);
  if (pairIn(first, second) !== undefined) return new TypeError(`${where}: these are Node's request and response: import webhookHandler from bluehook/express`);
  if (requestIn(first) !== undefined) return new TypeError(`${where}: this is a Request: import webhookHandler from bluehook/fetch`);
  if (isObject(first) && typeof first.body === "string" && isObject(first.headers)) {
    return new TypeError(`${where}: this looks like AWS Lambda's event: call webhook.verify(Buffer.from(event.body, event.isBase64Encoded ? "base64" : "utf8"), event.headers)`);
  }
  const names = isObject(first) ? Object.keys(first).slice(0, 8).join(", ") : typeof first;
  return new TypeError(`${where}: found no request: expected a Request, an object with one at .request, .req or .req.raw, or Node's request and response, also at .req and .res; found ${names}`);
}
