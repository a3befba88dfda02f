-- +goose Up

-- Files with removed records. A row and the removal are one transaction.
CREATE TABLE archives (
	account bigint NOT NULL,
	number bigint NOT NULL,
	instant bigint NOT NULL,
	name text NOT NULL, -- of the file in the archive folder
	hash bytea NOT NULL, -- SHA-256 of the file
	actions bigint NOT NULL,
	submissions bytea NOT NULL, -- their numbers
	updates bigint NOT NULL,
	adjustments bigint NOT NULL,
	last_update bigint NOT NULL, -- largest number of an update or adjustment up to this archive
	removed bigint NOT NULL, -- submissions in the archives up to this one
	seal bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (account, number)
);

-- What later decisions and checks need of a removed action.
CREATE TABLE archived_actions (
	account bigint NOT NULL,
	number bigint NOT NULL,
	archive bigint NOT NULL,
	campaign bigint NOT NULL,
	event_type bigint NOT NULL,
	partner bigint NOT NULL,
	order_id text COLLATE "C" NOT NULL,
	customer text COLLATE "C" NOT NULL,
	event_date bigint NOT NULL,
	entries bigint NOT NULL, -- the number of entries of the action and its adjustments, their sum
	amount bigint NOT NULL,
	digest bigint NOT NULL, -- and the sum of their digests
	seal bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (account, number)
);
CREATE INDEX archived_actions_order ON archived_actions (account, order_id, event_type, number);
CREATE INDEX archived_actions_customer ON archived_actions (account, customer, campaign, event_date) WHERE customer <> '';
