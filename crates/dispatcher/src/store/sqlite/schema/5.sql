-- Version 5.

-- Deliveries that are held because their webhook's filter would have cost too much for their event.
CREATE TABLE held_by_filter (
  delivery INTEGER PRIMARY KEY
) STRICT;
