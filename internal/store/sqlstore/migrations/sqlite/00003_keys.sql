-- +goose Up

-- What idempotency keys were first given to. Rows older than 30 days count as not
-- there, are replaced, and are deleted as others are written.
CREATE TABLE keys (
	account bigint NOT NULL,
	key text NOT NULL,
	request blob NOT NULL, -- keyed hash of the request
	given bigint NOT NULL,
	submission bigint NOT NULL, -- its number, or 0 for a write that took effect at once
	resource text NOT NULL, -- what such a write changed, or ''
	PRIMARY KEY (account, key)
) WITHOUT ROWID;
CREATE INDEX keys_given ON keys (account, given);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('keys', 'keys', '1000000 1000000 1'),
	('keys', 'keys_given', '1000000 1000000 2 1');
ANALYZE sqlite_schema;
