-- Version 7.

-- What tells a company, project or person from an earlier one with the same id, and the first event of its time: what was
-- logged before is nobody's.
ALTER TABLE companies ADD COLUMN birth INTEGER NOT NULL DEFAULT 0;
ALTER TABLE companies ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN birth INTEGER NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN birth INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN since INTEGER NOT NULL DEFAULT 0;

-- A company's short name in addresses; clients of Blue name it by that.
ALTER TABLE companies ADD COLUMN slug TEXT;
CREATE UNIQUE INDEX companies_by_slug ON companies (slug) WHERE slug IS NOT NULL;

-- Why deliveries were cancelled whose webhook is still there.
CREATE TABLE cancelled (
  delivery INTEGER PRIMARY KEY,
  because  TEXT NOT NULL CHECK (because IN ('MEMBERSHIP', 'PROJECT_DELETED'))
) STRICT;

-- Ids from before: those of events, deliveries and replays below these numbers keep their form, so that a receiver that
-- knows one knows it again.
INSERT INTO settings (name, value) SELECT 'old-ids', json_array(
  coalesce((SELECT max(number) + 1 FROM events), 0),
  max(coalesce((SELECT max(number) + 1 FROM deliveries), 0),
      coalesce((SELECT first_delivery + deliveries FROM events ORDER BY number DESC LIMIT 1), 0)),
  (SELECT coalesce(max(number) + 1, 0) FROM (SELECT number FROM replays UNION ALL SELECT number FROM jobs)));

-- Who did what to whose. Nothing is changed in it; only what is older than its time goes.
CREATE TABLE audit (
  number      INTEGER PRIMARY KEY AUTOINCREMENT,
  at          INTEGER NOT NULL,
  action      TEXT NOT NULL,
  -- PERSON, SERVICE or SERVER, and who.
  actor       TEXT NOT NULL,
  actor_id    TEXT,
  token_id    TEXT,
  session_id  TEXT,
  address     TEXT,
  object      TEXT NOT NULL,
  object_id   TEXT NOT NULL,
  object_name TEXT,
  -- Whose it was then: the company, the person, and the webhook it is about.
  company_id  TEXT,
  owner_id    TEXT,
  -- Which company and person of these ids.
  births      TEXT,
  webhook_id  TEXT,
  changes     TEXT NOT NULL
) STRICT;

CREATE INDEX audit_by_owner ON audit (company_id, owner_id, number);
CREATE INDEX audit_by_webhook ON audit (webhook_id, number) WHERE webhook_id IS NOT NULL;
