-- +goose Up

-- The secrets that sign the requests of notifications.
CREATE TABLE signing_secrets (
	account bigint NOT NULL,
	notification bigint NOT NULL,
	secret text NOT NULL,
	since bigint NOT NULL,
	old_secret text, -- which signs too until old_until
	old_until bigint,
	seal bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (account, notification)
) WITHOUT ROWID;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('signing_secrets', 'signing_secrets', '20 20 1');
ANALYZE sqlite_schema;
