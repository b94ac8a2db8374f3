// What `verify` throws: a code for programs, a message for people, and a hint at what to change.

export class WebhookVerificationError extends Error {
  static name = "WebhookVerificationError";
  #hint;

  constructor(code, message, hint) {
    super(message);
    this.code = code;
    this.#hint = hint;
  }

  // Found when it is asked for: a refusal that nobody looks at costs no diagnosis.
  get hint() {
    if (typeof this.#hint === "function") this.#hint = this.#hint();
    return this.#hint;
  }

  toJSON() {
    return { name: this.name, code: this.code, message: this.message, hint: this.hint };
  }

  // Node, Deno and Bun print errors by this, where a getter would not show.
  [Symbol.for("nodejs.util.inspect.custom")]() {
    return this.hint === undefined ? this.stack : `${this.stack}\n  hint: ${this.hint}`;
  }
}

Object.defineProperty(WebhookVerificationError.prototype, "name", {
  value: "WebhookVerificationError",
  configurable: true,
  writable: true,
});
