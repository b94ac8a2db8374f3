-- What a replay passes over: what its webhook's creator may not get any more when its turn comes.
ALTER TABLE replays ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0 CHECK (skipped >= 0);
