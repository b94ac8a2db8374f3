-- Version 6.

-- Jobs of the database as a whole; their numbers and those of replays are one row.
CREATE TABLE jobs (
  number     INTEGER PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('KEYS')),
  state      TEXT NOT NULL CHECK (state IN ('RUNNING', 'COMPLETED', 'FAILED')),
  -- The last webhook that is done.
  position   INTEGER NOT NULL,
  total      INTEGER NOT NULL,
  done       INTEGER NOT NULL,
  detail     TEXT,
  created_at INTEGER NOT NULL,
  ended_at   INTEGER,
  CHECK ((state = 'RUNNING') = (ended_at IS NULL))
) STRICT;

CREATE UNIQUE INDEX jobs_running ON jobs (kind) WHERE state = 'RUNNING';
