// What `verify` throws: a code for programs, a message for people, and a hint at what to change.

// Marks the errors of this package, so that those of its other module format or of another copy are told too.
const MARK = Symbol.for("bluehook.WebhookVerificationError");

// What to answer: 500 is a mistake of this receiver; 400, what was sent cannot be read; 401, it is not from who holds the
// secret, or old.
const STATUSES = {
  BAD_SECRET: 500,
  BODY_NOT_RAW: 500,
  NO_WEBASSEMBLY: 500,
  BODY_NOT_JSON: 400,
  NOT_AN_EVENT: 400,
};

export class WebhookVerificationError extends Error {
  static name = "WebhookVerificationError";

  // Errors of every copy of this package answer; a subclass asks as classes do.
  static [Symbol.hasInstance](error) {
    if (this !== WebhookVerificationError) return super[Symbol.hasInstance](error);
    return typeof error === "object" && error !== null && error[MARK] === true;
  }

  get [MARK]() {
    return true;
  }

  // What hapi asks errors for.
  get isBoom() {
    return true;
  }

  get output() {
    return { statusCode: this.status, payload: { statusCode: this.status, code: this.code }, headers: {} };
  }

  // `hint` is text, which is then part of the message too; or a function that finds one, asked when someone looks: a
  // refusal that nobody looks at costs no diagnosis.
  constructor(code, message, hint, options) {
    super(typeof hint === "string" ? `${message}. ${hint}` : message, options);
    this.code = code;
    this.status = this.statusCode = STATUSES[code] ?? 401;
    if (typeof hint === "function") defineLate(this, hint);
    else this.hint = hint;
  }

  toJSON() {
    return { name: this.name, code: this.code, message: this.message, hint: this.hint };
  }

  // Node, Deno and Bun print errors by this, where a hint that is found late would not show.
  [Symbol.for("nodejs.util.inspect.custom")]() {
    const hint = this.hint === undefined || this.message.includes(this.hint) ? "" : `\n  hint: ${this.hint}`;
    return this.stack + hint + (this.cause === undefined ? "" : `\n  cause: ${this.cause}`);
  }
}

Object.defineProperty(WebhookVerificationError.prototype, "name", { value: WebhookVerificationError.name, configurable: true, writable: true });

// Own and enumerable, so that loggers and test runners show it.
function defineLate(error, find) {
  const settle = (value) => Object.defineProperty(error, "hint", { value, enumerable: true, configurable: true, writable: true });
  Object.defineProperty(error, "hint", { get: () => settle(find()).hint, set: settle, enumerable: true, configurable: true });
}
