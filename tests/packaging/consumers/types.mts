import { Webhook, WebhookVerificationError, changes, type EventName, type WebhookEvent } from "bluehook";
import { webhookHandler } from "bluehook/fetch";
import { webhookHandler as expressHandler, memoryStore } from "bluehook/express";
import { webhookPlugin } from "bluehook/fastify";
import { events, preview, sample } from "bluehook/preview";
import { schema } from "bluehook/schemas";
import { init } from "bluehook/slim";
import { deliveries, kinds } from "bluehook/testing";
import express from "express";
import Fastify from "fastify";

const webhook = new Webhook(["a secret of mine", "an older one"], { toleranceSeconds: 60, requireTimestamp: true });

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
express().post("/", expressHandler("a secret of mine", (event, request, response) => response.end(event.event), { duplicates: memoryStore() }));
void Fastify().register(webhookPlugin, { url: "/", secret: webhook, handle: (event) => void event.event });
export const shown = [preview({ webhook: {}, event: "{}" }).why?.it, sample("TAG_CREATED")["color"], init, deliveries("TAG_CREATED").valid.code, kinds];
