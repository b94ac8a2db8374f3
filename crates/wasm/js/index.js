export { changes } from "./changes.js";
export { WebhookVerificationError } from "./errors.js";
export { Webhook } from "./webhook.js";
