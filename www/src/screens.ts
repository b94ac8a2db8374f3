// Which screen each route shows, and in which frame. Screens come when they are asked for, with the texts of one language.

import type { Component, Snippet } from "svelte";

import type { RouteName } from "./router/routes";
import { text as accountText } from "./screens/account/text";
import { text as formText } from "./screens/form/text";
import { text as galleryText } from "./screens/gallery/text";
import { text as listText } from "./screens/list/text";
import { text as secretText } from "./screens/secret/text";
import { text as testText } from "./screens/test/text";
import { text as webhookText } from "./screens/webhook/text";
import type { Texts } from "./state/language.svelte";

type View<Props extends Record<string, unknown>> = () => Promise<{ default: Component<Props> }>;

interface Part<Props extends Record<string, unknown>> {
  view: View<Props>;
  text: Texts<unknown>;
}

/** What is around a screen: it takes the screen as its content. */
export type Frame = Part<{ children: Snippet }>;
export type Screen = Part<Record<string, never>>;

export interface Shown {
  screen: Screen;
  frame?: Frame;
}

const webhook: Frame = { view: () => import("./screens/webhook/webhook.svelte"), text: webhookText as Texts<unknown> };
const form: Screen = { view: () => import("./screens/form/form.svelte"), text: formText as Texts<unknown> };

/** Addresses that only lead on (`home`, `webhook`) show nothing themselves. */
export const SCREENS: Partial<Record<RouteName, Shown>> = {
  webhooks: { screen: { view: () => import("./screens/list/list.svelte"), text: listText as Texts<unknown> } },
  newWebhook: { screen: form },
  settings: { screen: form, frame: webhook },
  secret: {
    screen: { view: () => import("./screens/secret/secret.svelte"), text: secretText as Texts<unknown> },
    frame: webhook,
  },
  test: {
    screen: { view: () => import("./screens/test/test.svelte"), text: testText as Texts<unknown> },
    frame: webhook,
  },
  account: { screen: { view: () => import("./screens/account/account.svelte"), text: accountText as Texts<unknown> } },
  gallery: { screen: { view: () => import("./screens/gallery/gallery.svelte"), text: galleryText as Texts<unknown> } },
};
