-- +goose Up

-- Files with removed records. A row and the removal are one transaction.
CREATE TABLE archives (
	account bigint NOT NULL,
	number bigint NOT NULL,
	instant bigint NOT NULL,
	name text NOT NULL, -- of the file in the archive folder
	hash blob NOT NULL, -- SHA-256 of the file
	actions bigint NOT NULL,
	submissions blob NOT NULL, -- their numbers
	updates bigint NOT NULL,
	adjustments bigint NOT NULL,
	last_update bigint NOT NULL, -- largest number of an update or adjustment up to this archive
	removed bigint NOT NULL, -- submissions in the archives up to this one
	seal bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (account, number)
) WITHOUT ROWID;

-- What later decisions and checks need of a removed action.
CREATE TABLE archived_actions (
	account bigint NOT NULL,
	number bigint NOT NULL,
	archive bigint NOT NULL,
	campaign bigint NOT NULL,
	event_type bigint NOT NULL,
	partner bigint NOT NULL,
	order_id text NOT NULL,
	customer text NOT NULL,
	event_date bigint NOT NULL,
	entries bigint NOT NULL, -- the number of entries of the action and its adjustments, their sum
	amount bigint NOT NULL,
	digest bigint NOT NULL, -- and the sum of their digests
	seal bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (account, number)
) WITHOUT ROWID;
CREATE INDEX archived_actions_order ON archived_actions (account, order_id, event_type, number);
CREATE INDEX archived_actions_customer ON archived_actions (account, customer, campaign, event_date) WHERE customer <> '';

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('archives', 'archives', '2000 2000 1'),
	('archived_actions', 'archived_actions', '1000000 1000000 1'),
	('archived_actions', 'archived_actions_order', '1000000 1000000 2 2 1'),
	('archived_actions', 'archived_actions_customer', '500000 500000 3 3 1');
ANALYZE sqlite_schema;
