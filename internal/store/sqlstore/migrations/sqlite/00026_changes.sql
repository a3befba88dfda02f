-- +goose Up

-- The updates of a conversion have consecutive numbers, one for each item, and its outcome has
-- the first: they need no entries.
DROP INDEX updates_action;
CREATE INDEX updates_action ON updates (account, action, number) WHERE submission <> action;
DELETE FROM sqlite_stat1 WHERE idx = 'updates_action';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('updates', 'updates_action', '2000000 2000000 2 1');
ANALYZE sqlite_schema;
