-- +goose Up

-- Never changed: what operators did, 0 for what concerns no account.
CREATE TABLE deeds (
	account bigint NOT NULL,
	number bigint NOT NULL,
	instant bigint NOT NULL,
	via text NOT NULL,
	actor text NOT NULL, -- a token's SID or a user of the operating system
	actor_name text NOT NULL,
	verb text NOT NULL,
	subject text NOT NULL,
	reason text NOT NULL,
	detail text NOT NULL,
	PRIMARY KEY (account, number)
) WITHOUT ROWID;

-- Queued submissions that are to complete as parked; a row goes when they do.
CREATE TABLE parking (
	account bigint NOT NULL,
	number bigint NOT NULL, -- the submission's
	PRIMARY KEY (account, number)
) WITHOUT ROWID;

-- Never changed.
CREATE TABLE retries (
	account bigint NOT NULL,
	number bigint NOT NULL, -- of the submission that failed
	again bigint NOT NULL, -- of the one that it was submitted again as
	PRIMARY KEY (account, number)
) WITHOUT ROWID;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('deeds', 'deeds', '100000 100000 1'),
	('parking', 'parking', '100 100 1'),
	('retries', 'retries', '100000 100000 1');
ANALYZE sqlite_schema;
