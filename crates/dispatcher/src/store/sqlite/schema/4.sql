-- Version 4.

-- When the secrets were made. Of those from before it is known that they are not older than this.
ALTER TABLE webhooks ADD COLUMN secret_made_at INTEGER;
ALTER TABLE webhooks ADD COLUMN next_secret_made_at INTEGER;
UPDATE webhooks SET secret_made_at = created_at WHERE sealed_secret IS NOT NULL;
UPDATE webhooks SET next_secret_made_at = updated_at WHERE sealed_next_secret IS NOT NULL;

-- Who or what switched a webhook off; gone when it is on.
CREATE TABLE switched_off (
  webhook INTEGER PRIMARY KEY REFERENCES webhooks (key),
  by      TEXT NOT NULL,
  at      INTEGER NOT NULL,
  person  TEXT,
  cause   TEXT,
  probe   TEXT
) STRICT;

INSERT INTO switched_off (webhook, by, at)
  SELECT key, 'UNKNOWN', updated_at FROM webhooks WHERE enabled = 0 AND deleted_at IS NULL;

-- How a webhook fares.
CREATE TABLE health (
  webhook         INTEGER PRIMARY KEY REFERENCES webhooks (key),
  state           TEXT NOT NULL CHECK (state IN ('NEW', 'WORKING', 'FAILING', 'OFF')),
  since           INTEGER NOT NULL,
  on_since        INTEGER NOT NULL,
  last_attempt_at INTEGER,
  last_success_at INTEGER,
  -- How many attempts failed in a row, to the present URL, since it was switched on.
  failures        INTEGER NOT NULL,
  cause           TEXT
) STRICT;

INSERT INTO health (webhook, state, since, on_since, last_attempt_at, last_success_at, failures)
  SELECT key, CASE WHEN enabled = 0 THEN 'OFF' WHEN last IS NULL THEN 'NEW' ELSE 'WORKING' END,
         updated_at, updated_at, last, last_success_at, 0
  FROM (SELECT key, enabled, updated_at, last_success_at,
          coalesce((SELECT last_attempt_at FROM deliveries WHERE webhook = key AND attempts > 0
                    ORDER BY number DESC LIMIT 1), last_success_at) AS last
        FROM webhooks WHERE deleted_at IS NULL);

ALTER TABLE webhooks DROP COLUMN last_success_at;

CREATE TABLE health_history (
  number  INTEGER PRIMARY KEY,
  webhook INTEGER NOT NULL REFERENCES webhooks (key),
  at      INTEGER NOT NULL,
  state   TEXT NOT NULL,
  by      TEXT,
  person  TEXT,
  cause   TEXT
) STRICT;

CREATE INDEX health_history_by_webhook ON health_history (webhook, number);

-- What each commit adds to the sums, a few bytes for each move of a delivery.
ALTER TABLE changes ADD COLUMN moves BLOB;

-- How many deliveries stand where, by the slot of 5 minutes in which they were made; the slots of an hour are one row,
-- that of the first, when it lies 2 hours behind.
CREATE TABLE sums (
  webhook INTEGER NOT NULL,
  slot    INTEGER NOT NULL,
  counts  BLOB NOT NULL,
  PRIMARY KEY (webhook, slot)
) STRICT, WITHOUT ROWID;

CREATE INDEX sums_not_in_hours ON sums (slot) WHERE slot % 12 != 0;

-- How far the sums are made.
CREATE TABLE sums_made (
  only       INTEGER PRIMARY KEY CHECK (only = 1),
  -- The last commit whose moves are in `sums`.
  folded     INTEGER NOT NULL,
  -- The deliveries of a log from before that are not counted yet: from one number up to another.
  count_from INTEGER NOT NULL,
  count_to   INTEGER NOT NULL,
  -- The first slot that retention left.
  first_slot INTEGER NOT NULL
) STRICT;

INSERT INTO sums_made (only, folded, count_from, count_to, first_slot)
  SELECT 1, coalesce((SELECT max(commit_number) FROM changes), 0),
         coalesce((SELECT min(number) FROM deliveries), 0),
         max(coalesce((SELECT max(number) + 1 FROM deliveries), 0),
             coalesce((SELECT first_delivery + deliveries FROM events ORDER BY number DESC LIMIT 1), 0)),
         0;
