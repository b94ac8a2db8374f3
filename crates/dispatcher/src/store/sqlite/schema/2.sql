-- Version 2.

-- The keys that webhooks were made for, so that asking again makes nothing; both are fingerprints.
CREATE TABLE creations (
  key        BLOB PRIMARY KEY,
  content    BLOB NOT NULL,
  webhook    INTEGER NOT NULL REFERENCES webhooks (key),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX creations_by_age ON creations (created_at);

-- What changed, commit by commit, for those who follow. Numbers have no gaps; entries are a few bytes each.

CREATE TABLE changes (
  commit_number INTEGER PRIMARY KEY,
  committed_at  INTEGER NOT NULL,
  entries       BLOB NOT NULL
) STRICT;
