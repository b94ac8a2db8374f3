-- Version 3.

-- Why exactly an attempt failed, with what its sentence needs; why an answer is not whole, and whether its head was not
-- clean; whether it went over a kept connection, and how long its steps took.
ALTER TABLE attempts ADD COLUMN failure_reason TEXT;
ALTER TABLE attempts ADD COLUMN failure_params TEXT;
ALTER TABLE attempts ADD COLUMN body_cut TEXT CHECK (body_cut IN ('LIMIT', 'TIMEOUT', 'BROKEN'));
ALTER TABLE attempts ADD COLUMN unclean INTEGER;
ALTER TABLE attempts ADD COLUMN reused INTEGER;
ALTER TABLE attempts ADD COLUMN phases BLOB;

-- An event's place in the order of intake, as receivers see it. Of events from before it is made from their number.
ALTER TABLE events ADD COLUMN sequence INTEGER;
