-- The embedded store, version 1. Times are milliseconds since 1970 (UTC). Logs grow at their ends only.

CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The directory, as the backend tells it.

CREATE TABLE companies (
  id   TEXT PRIMARY KEY,
  name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE projects (
  id         TEXT PRIMARY KEY,
  company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  slug       TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX projects_by_company ON projects (company_id);

CREATE TABLE users (
  id        TEXT PRIMARY KEY,
  email     TEXT NOT NULL,
  full_name TEXT NOT NULL,
  locale    TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role       TEXT NOT NULL CHECK (role IN ('OWNER', 'ADMIN', 'MEMBER', 'CLIENT', 'COMMENT_ONLY', 'VIEW_ONLY')),
  PRIMARY KEY (project_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX members_by_user ON members (user_id);

-- Webhooks. A deleted one stays as long as the log speaks of it, without its secret.

CREATE TABLE webhooks (
  key                   INTEGER PRIMARY KEY AUTOINCREMENT,
  id                    TEXT NOT NULL UNIQUE,
  uid                   TEXT NOT NULL,
  company_id            TEXT NOT NULL,
  created_by_id         TEXT NOT NULL,
  name                  TEXT,
  description           TEXT,
  url                   TEXT NOT NULL,
  status                TEXT NOT NULL CHECK (status IN ('HEALTHY', 'UNHEALTHY')),
  enabled               INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  events                TEXT NOT NULL,
  project_ids           TEXT NOT NULL,
  payload_format        TEXT NOT NULL CHECK (payload_format IN ('full', 'compact')),
  filter                TEXT,
  rate_limit_per_second INTEGER CHECK (rate_limit_per_second > 0),
  sealed_headers        BLOB,
  sealed_secret         BLOB,
  sealed_next_secret    BLOB,
  next_secret_at        INTEGER,
  revision              INTEGER NOT NULL,
  created_at            INTEGER NOT NULL,
  updated_at            INTEGER NOT NULL,
  deleted_at            INTEGER,
  last_success_at       INTEGER,
  -- The first event whose delivery to this webhook is not written out yet.
  lagging_since         INTEGER,
  CHECK (deleted_at IS NULL OR coalesce(sealed_secret, sealed_next_secret, sealed_headers) IS NULL),
  CHECK ((sealed_next_secret IS NULL) = (next_secret_at IS NULL)),
  CHECK (enabled = 0 OR status = 'HEALTHY')
) STRICT;

CREATE INDEX webhooks_by_company ON webhooks (company_id);

-- What of a webhook goes into bodies, as it was when a delivery was made: the same bytes on every attempt.
CREATE TABLE revisions (
  key            INTEGER PRIMARY KEY,
  webhook        INTEGER NOT NULL REFERENCES webhooks (key),
  url            TEXT NOT NULL,
  payload_format TEXT NOT NULL,
  body_object    TEXT NOT NULL
) STRICT;

-- What happened. Values are here once, however many webhooks want them; an event's deliveries have consecutive numbers.

CREATE TABLE events (
  number         INTEGER PRIMARY KEY,
  caller_id      TEXT,
  type           TEXT NOT NULL,
  company_id     TEXT NOT NULL,
  project_id     TEXT NOT NULL,
  user_id        TEXT NOT NULL,
  occurred_at    INTEGER,
  received_at    INTEGER NOT NULL,
  first_delivery INTEGER NOT NULL,
  deliveries     INTEGER NOT NULL,
  -- The webhooks that had no room for it: its last deliveries, in this order, written out when their turn comes.
  owed_to        BLOB,
  previous_value TEXT NOT NULL,
  current_value  TEXT NOT NULL
) STRICT;

-- Ids that callers gave, shortened: a hash of the id, then one of the company.
CREATE TABLE event_ids (
  hash  BLOB PRIMARY KEY,
  event INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
  number           INTEGER PRIMARY KEY,
  event            INTEGER NOT NULL,
  webhook          INTEGER NOT NULL,
  revision         INTEGER NOT NULL,
  type             TEXT NOT NULL,
  -- Joined by OR: SQLite makes and fills a table for an IN of three or more, at every change of a row.
  status           TEXT NOT NULL CHECK (status = 'SUCCEEDED' OR status = 'DELIVERING' OR status = 'PENDING'
                     OR status = 'RETRYING' OR status = 'FAILED' OR status = 'HELD' OR status = 'CANCELLED'),
  due_at           INTEGER,
  tries            INTEGER NOT NULL DEFAULT 0,
  attempts         INTEGER NOT NULL DEFAULT 0,
  created_at       INTEGER NOT NULL,
  first_attempt_at INTEGER,
  last_attempt_at  INTEGER,
  last_status_code INTEGER,
  last_failure     TEXT,
  CHECK ((due_at IS NOT NULL) = (status IN ('PENDING', 'RETRYING'))),
  CHECK ((attempts = 0) = (last_attempt_at IS NULL)),
  CHECK (status != 'RETRYING' OR attempts > 0),
  CHECK (status != 'SUCCEEDED' OR attempts > 0)
) STRICT;

-- What waits for its time, by webhook: one webhook's backlog is never in another's way.
CREATE INDEX deliveries_waiting ON deliveries (webhook, due_at) WHERE due_at IS NOT NULL;
-- What was under way when the process ended.
CREATE INDEX deliveries_under_way ON deliveries (number) WHERE status = 'DELIVERING';
CREATE INDEX deliveries_by_webhook ON deliveries (webhook, number);
-- What is not simply under way or done is rare, and what people look for.
CREATE INDEX deliveries_by_status ON deliveries (status, number) WHERE status = 'PENDING' OR status = 'RETRYING'
  OR status = 'FAILED' OR status = 'HELD' OR status = 'CANCELLED';
CREATE INDEX deliveries_by_webhook_and_status ON deliveries (webhook, status, number) WHERE status = 'PENDING'
  OR status = 'RETRYING' OR status = 'FAILED' OR status = 'HELD' OR status = 'CANCELLED';

-- number = delivery * 1024 + its place among the delivery's attempts.
CREATE TABLE attempts (
  number            INTEGER PRIMARY KEY,
  revision          INTEGER NOT NULL,
  ordinal           INTEGER NOT NULL,
  started_at        INTEGER NOT NULL,
  duration_us       INTEGER NOT NULL,
  request_headers   TEXT NOT NULL,
  status_code       INTEGER,
  response_headers  TEXT,
  response_body     BLOB,
  response_body_cut INTEGER NOT NULL DEFAULT 0,
  failure           TEXT,
  failure_detail    TEXT,
  CHECK ((status_code IS NULL) = (failure IS NOT NULL))
) STRICT;

-- Spans of deliveries that are sent again, and how far each is.
CREATE TABLE replays (
  number     INTEGER PRIMARY KEY,
  webhook    INTEGER NOT NULL REFERENCES webhooks (key),
  statuses   TEXT NOT NULL,
  type       TEXT,
  until      INTEGER NOT NULL,
  position   INTEGER NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('RUNNING', 'COMPLETED', 'CANCELLED')),
  total      INTEGER NOT NULL,
  done       INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX replays_running ON replays (number) WHERE state = 'RUNNING';

-- What a person is to be told; sent by whoever sends mail.
CREATE TABLE notifications (
  number     INTEGER PRIMARY KEY,
  user_id    TEXT NOT NULL,
  webhook    INTEGER NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('WEBHOOK_DISABLED')),
  delivery   INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
