export { changes } from "./changes.js";
export { WebhookVerificationError } from "./errors.js";
export { on } from "./on.js";
export { Webhook } from "./webhook.js";
