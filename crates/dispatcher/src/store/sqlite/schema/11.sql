-- Version 11. A delivery's first attempt is in its row, packed; NULL: there was none yet, or it is large or from before and has a
-- row of its own, as later ones have.
ALTER TABLE deliveries ADD COLUMN first_attempt BLOB;
