-- A CHECK with three words or more in an IN makes a table of them for every row that is written: 6 microseconds. With OR it
-- makes none. What is allowed stays the same, so only the words of the schema change, and no row is touched.

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'body_cut IN (''LIMIT'', ''TIMEOUT'', ''BROKEN'')',
    'body_cut = ''LIMIT'' OR body_cut = ''TIMEOUT'' OR body_cut = ''BROKEN''')
  WHERE type = 'table' AND name = 'attempts';
UPDATE sqlite_schema SET sql = replace(sql, 'state IN (''NEW'', ''WORKING'', ''FAILING'', ''OFF'')',
    'state = ''NEW'' OR state = ''WORKING'' OR state = ''FAILING'' OR state = ''OFF''')
  WHERE type = 'table' AND name = 'health';
PRAGMA writable_schema = RESET;
