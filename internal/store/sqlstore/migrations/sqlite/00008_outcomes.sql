-- +goose Up

-- Submissions that changed their action are found by its updates: only others need
-- an index, and most of all submissions write to one index less.
DROP INDEX outcomes_action;
CREATE INDEX outcomes_unchanged ON outcomes (account, action, number) WHERE action <> 0 AND first_update = 0;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('outcomes', 'outcomes_unchanged', '40000 40000 2 1');
ANALYZE sqlite_schema;
