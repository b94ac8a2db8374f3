-- Version 10. A delivery has a row when something came of it; until then its event tells of it: `events.targets`, once
-- `owed_to`, has for each the revision and how it was made. NULL: from before, every one has a row.

-- Both values of an event, pressed; NULL: from before, they are in the two columns.
ALTER TABLE events ADD COLUMN packed_values BLOB;

-- From when an event's age counts, where that is not when it was taken in: the clock was not believed then.
ALTER TABLE events ADD COLUMN age_from INTEGER;

-- The numbers of webhooks' deliveries, folded out of the log of commits. A webhook's rows do not overlap.
CREATE TABLE lists (
  webhook INTEGER NOT NULL,
  -- The highest number of the row.
  last    INTEGER NOT NULL,
  -- How many of them were held when they were made.
  held    INTEGER NOT NULL,
  -- The others: how far each lies below the one above it.
  numbers BLOB NOT NULL,
  PRIMARY KEY (webhook, last)
) STRICT, WITHOUT ROWID;

-- How many deliveries of a webhook are to be attempted, and how many are held, folded out of the log of commits.
CREATE TABLE fares (
  webhook INTEGER PRIMARY KEY,
  live    INTEGER NOT NULL,
  held    INTEGER NOT NULL
) STRICT;

-- From which numbers on they are ahead of the clock, by so many milliseconds.
CREATE TABLE clock_steps (
  number INTEGER PRIMARY KEY,
  ahead  INTEGER NOT NULL
) STRICT;

-- Events that are older than the retention time, and for which something is still to happen.
CREATE TABLE survivors (
  event INTEGER PRIMARY KEY
) STRICT;

-- The last event before a revision was made: later ones do not use the revision before it. Of one that does not tell it, it is
-- after all events.
ALTER TABLE revisions ADD COLUMN made_after INTEGER NOT NULL DEFAULT 9223372036854775807;
UPDATE revisions SET made_after = (SELECT coalesce(max(number), 0) FROM events);
CREATE INDEX revisions_by_webhook ON revisions (webhook, key, made_after);

-- Where the time that a replay is about begins. Of one from before it is where its position is.
ALTER TABLE replays ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
