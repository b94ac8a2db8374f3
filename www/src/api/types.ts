// The API's forms, by the names that the screens use. They are made from the server's own description: see forms.mjs.

import type * as forms from "./forms";

export type { Activity, Attempt, Candidate, HealthState, Me, Project, Test, UrlCheck } from "./forms";

/** Also what a server says that knows of memberships. */
export type DisabledBy = forms.OffBy | "MEMBERSHIP" | "PROJECT_DELETED";
export type Received = forms.Response;
export type Secret = forms.SecretInfo;
export type Webhook = forms.WebhookWithMore;
export type UrlStep = forms.UrlCheck["steps"][number];
/** A new secret, shown this once. */
export type Rotated = forms.NewSecret;
export type Created = Webhook & { duplicate?: true };
