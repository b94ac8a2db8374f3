// The API's forms that the screens name.

export interface Person {
  id: string;
  fullName: string;
}

export interface Me {
  person: Person & { email: string; locale: string | null };
  company: { id: string; name: string };
  session: { kind: "COOKIE" | "EMBED" | "TOKEN"; id: string; expiresAt: string | null; csrf: string | null };
  may: { create: boolean; seeOthers: boolean; why?: "NOT_ADMINISTRATOR" | "LIMIT" | null };
  webhooks: { on: number; onMax: number; all: number; allMax: number };
  server: {
    version: string;
    now: string;
    retentionSeconds: number;
    attempts: number;
    retrySeconds: number[];
    timeoutMs: number;
    bodyLimit: number;
    mail: boolean;
    publicUrl: string | null;
    anyNetworkOpen: boolean;
    stream: boolean;
  };
}

export type HealthState = "NEW" | "WORKING" | "FAILING" | "LAGGING" | "OFF";

export type DisabledBy =
  | "PERSON"
  | "ADMIN"
  | "SERVICE"
  | "EXHAUSTED"
  | "GONE"
  | "HEALTH_CHECK"
  | "MEMBERSHIP"
  | "PROJECT_DELETED"
  | "UNKNOWN";

export type DeliveryStatus = "PENDING" | "DELIVERING" | "SUCCEEDED" | "RETRYING" | "FAILED" | "HELD" | "CANCELLED";

export interface Cause {
  class: string;
  reason: string | null;
  statusCode: number | null;
  params: Record<string, unknown>;
  detail: string;
  at: string;
  deliveryId: string | null;
  count: number;
}

export interface Phases {
  queuedMs?: number | null;
  dnsMs: number | null;
  connectMs: number | null;
  tlsMs: number | null;
  firstByteMs: number | null;
  totalMs: number | null;
}

export interface Received {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  bodyEncoding: "utf-8" | "base64";
  bodyTruncated: boolean;
}

export interface Attempt {
  id: string;
  number: number;
  startedAt: string;
  durationMs: number;
  url: string | null;
  response: Received | null;
  error: { code: string; detail: string; reason?: string | null; params?: Record<string, unknown> } | null;
  errorClass?: string | null;
  bodyCut?: "LIMIT" | "TIMEOUT" | "BROKEN" | null;
  reused?: boolean | null;
  phases?: Phases | null;
}

export interface Test {
  id: string;
  event: string;
  succeeded: boolean;
  request: { method: string; url: string; headers: Record<string, string>; body: string };
  attempt: Attempt;
  phases: Phases;
  advice?: Advice | null;
}

export interface Disabled {
  by: DisabledBy;
  at: string | null;
  person: Person | null;
  cause: Cause | null;
  probe: Attempt | null;
  nextProbeAt: string | null;
  mayEnable: boolean;
  needs: ("MEMBER" | "PROJECTS")[];
}

export interface Activity {
  since: string;
  stepSeconds: number;
  succeeded: number[];
  failed: number[];
  other: number[];
  total: number;
  successRate: number | null;
  p95Ms: number | null;
  lastDeliveryAt: string | null;
}

export interface May {
  see: boolean;
  change: boolean;
  enable: boolean;
  disable: boolean;
  delete: boolean;
  handOver: boolean;
  replay: boolean;
  read: boolean;
}

export interface Secret {
  role: "CURRENT" | "NEXT";
  createdAt: string;
  endsAt: string | null;
}

export interface Webhook {
  id: string;
  uid: string;
  name: string | null;
  description: string | null;
  url: string | null;
  host: string;
  hostUnicode: string | null;
  enabled: boolean;
  status: "HEALTHY" | "UNHEALTHY";
  events: string[];
  projectIds: string[];
  payloadFormat: "full" | "compact";
  filter: unknown;
  headers: Record<string, string | null> | null;
  rateLimitPerSecond: number | null;
  createdAt: string;
  updatedAt: string;
  createdById: string;
  /** Nobody whom the directory knows: null. */
  createdBy: Person | null;
  hasSecret: boolean;
  secrets: Secret[] | null;
  autoRecover: boolean;
  health: {
    state: HealthState;
    since: string | null;
    cause: Cause | null;
    lastSuccessAt: string | null;
    lastAttemptAt: string | null;
  };
  waiting: { count: number; oldestAt: string | null };
  held: { count: number; exact: boolean; oldestAt: string | null; off: number; backlog: number };
  disabled: Disabled | null;
  may: May;
  activity?: Activity;
  projects?: Project[];
}

export interface Project {
  id: string;
  name: string;
  role?: string | null;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  lookedUntil: string | null;
  position: string | null;
}

export interface Candidate extends Person {
  eligible: boolean;
  why: string | null;
}

export interface Advice {
  code: string;
  params: Record<string, unknown>;
  detail: string;
}
