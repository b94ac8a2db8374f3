export { WebhookVerificationError } from "./errors.js";
export { Webhook } from "./webhook.js";
