-- +goose Up

-- The numbers that inquiries get; a row comes with an account's first.
CREATE TABLE inquiry_numbers (
	account bigint NOT NULL,
	number bigint NOT NULL, -- the last one given
	instant bigint NOT NULL, -- the last one given
	PRIMARY KEY (account)
) WITHOUT ROWID;

-- What became of an inquiry's submission is the submission's to tell.
CREATE TABLE inquiries (
	account bigint NOT NULL,
	number bigint NOT NULL,
	created bigint NOT NULL, -- grows with the number, so that it needs no index
	campaign bigint NOT NULL,
	partner bigint NOT NULL,
	order_id text NOT NULL,
	transacted bigint NOT NULL,
	-- From here on answers change it.
	status text NOT NULL,
	submission bigint NOT NULL, -- its number, or 0
	document text NOT NULL, -- JSON
	PRIMARY KEY (account, number)
) WITHOUT ROWID;
CREATE INDEX inquiries_order ON inquiries (account, order_id, number);
CREATE INDEX inquiries_transacted ON inquiries (account, transacted, number);
CREATE INDEX inquiries_status ON inquiries (account, status, number);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('inquiries', 'inquiries', '100000 100000 1'),
	('inquiries', 'inquiries_order', '100000 100000 1 1'),
	('inquiries', 'inquiries_transacted', '100000 100000 2 1'),
	('inquiries', 'inquiries_status', '100000 100000 25000 1');
ANALYZE sqlite_schema;
