-- +goose Up

-- The secrets that sign the requests of notifications.
CREATE TABLE signing_secrets (
	account bigint NOT NULL,
	notification bigint NOT NULL,
	secret text COLLATE "C" NOT NULL,
	since bigint NOT NULL,
	old_secret text COLLATE "C", -- which signs too until old_until
	old_until bigint,
	seal bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (account, notification)
);
