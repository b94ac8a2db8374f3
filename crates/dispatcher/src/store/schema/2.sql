-- Version 2: what changed, commit by commit, for those who follow. Numbers have no gaps; entries are a few bytes each.

CREATE TABLE changes (
  commit_number INTEGER PRIMARY KEY,
  committed_at  INTEGER NOT NULL,
  entries       BLOB NOT NULL
) STRICT;
