import { Webhook, WebhookVerificationError, changes, on, type DeliveredCompactEvent, type EventName, type WebhookEvent } from "bluehook";
import { webhookHandler } from "bluehook/fetch";
import { webhookHandler as expressHandler, memoryStore } from "bluehook/express";
import { webhookPlugin } from "bluehook/fastify";
import { events, preview, sample } from "bluehook/preview";
import { schema } from "bluehook/schemas";
import { init } from "bluehook/slim";
import { deliveries, kinds } from "bluehook/testing";
import { createServer } from "node:http";
import express from "express";
import Fastify from "fastify";

const webhook = new Webhook(["a secret of mine", "an older one"], { toleranceSeconds: 60, requireTimestamp: true });
export const late = [new Webhook(process.env["BLUEHOOK_SECRET"]), new Webhook(() => process.env["BLUEHOOK_SECRET"])];

export function title(event: WebhookEvent): string {
  switch (event.event) {
    case "TODO_CREATED": {
      const before: null = event.previousValue;
      return String(before) + event.currentValue.title;
    }
    case "TAG_DELETED":
      return event.previousValue.color;
    case "TODO_CHECKLIST_ITEM_DONE_STATUS_UPDATED":
      return String(event.currentValue.done);
    case "WEBHOOK_HEALTH_CHECK":
      return event.webhook.url;
    default:
      return changes(event).map(({ pointer }) => pointer).join();
  }
}

// @ts-expect-error a record that was created had no title before
export const never = (event: Extract<WebhookEvent, { event: "TODO_CREATED" }>) => event.previousValue.title;

// @ts-expect-error no field is called so
export const misspelt = (event: Extract<WebhookEvent, { event: "TODO_CREATED" }>) => event.currentValue.titel;

export const done = on(webhook.verify("", {}), { TODO_CREATED: ({ currentValue }) => currentValue.title, TAG_DELETED: ({ previousValue }) => previousValue.color });
// @ts-expect-error no event is called so
on(webhook.verify("", {}), { TODO_CREATD() {} });
export const byName = webhookHandler<DeliveredCompactEvent>("a secret of mine", on<DeliveredCompactEvent>({ RECORD_CREATED: ({ record }) => void record?.title, COMMENT_CREATED: ({ comment }) => void comment?.text }));
// @ts-expect-error full bodies have no such name
on({ RECORD_CREATED() {} });
export const changed = changes(webhook.verify("", {}));

try {
  title(webhook.verify(new Uint8Array(), new Headers()));
} catch (error) {
  if (error instanceof WebhookVerificationError && error.code === "BODY_NOT_RAW") console.log(error.hint);
}
const found = webhook.inspect("", { "x-signature": ["a"] });
export const scheme: "standard" | "x-signature" | undefined = found.valid ? found.scheme : undefined;
export const names: EventName[] = events.map(({ event }) => event);
export const schemas = names.map((name) => schema(name)?.title);
export const POST = webhookHandler(webhook, (event, request) => new Response(request.url + event.event));
express().post("/", expressHandler("a secret of mine", (event, request, response) => response.status(202).json({ event: event.event, path: request.originalUrl }), { duplicates: memoryStore(), leaseSeconds: 30 }));
createServer(expressHandler(process.env["BLUEHOOK_SECRET"], (event) => void event.event));
// @ts-expect-error handlers get no probe
webhookHandler("a secret of mine", (event) => void (event.event === "WEBHOOK_HEALTH_CHECK"));
export const compact = webhookHandler<DeliveredCompactEvent>("a secret of mine", (event) => void event.record?.title);
export const kit = (event: { request: Request; params: object }) => POST(event);
export const worker = { fetch: webhookHandler((_request: Request, env: { SECRET?: string }) => env.SECRET, (event, _request, env) => void env) };
export const beyond = webhookHandler((_request: Request, env: { SECRET?: string }) => env.SECRET, (event, _request, env, context) => void [event, env.SECRET, context]);
createServer(expressHandler("a secret of mine", (event, _request, response, context) => void [event, response, (context.body = "")]));
void Fastify().register(webhookPlugin, { url: "/", secret: webhook, handle: (event, request, reply) => reply.code(202).send({ event: event.event, url: request.url }) });
export const shown = [preview({ webhook: {}, event: "{}" }).why?.it, sample("TAG_CREATED")["color"], init, deliveries("TAG_CREATED").valid.code, kinds];
