-- Version 12. An attempt's request headers are packed; NULL: it is from before, and request_headers has them as lines.
ALTER TABLE attempts ADD COLUMN head BLOB;
