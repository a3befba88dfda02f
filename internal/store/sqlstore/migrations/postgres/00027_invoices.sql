-- +goose Up

-- What an account owes its partners, beginning with what locks once the table exists.
CREATE TABLE entries (
	account bigint NOT NULL,
	partner bigint NOT NULL,
	instant bigint NOT NULL, -- the entry date, which decides the period
	kind text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	campaign bigint NOT NULL,
	event_date bigint NOT NULL,
	amount bigint NOT NULL,
	reason text NOT NULL, -- why an operator recorded it, or ''
	seal bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (account, partner, instant, kind, id)
);

-- How far the entries of locked actions and the invoices of an account are.
CREATE TABLE billing (
	account bigint PRIMARY KEY,
	since bigint NOT NULL, -- what is due before it is not the ledger's
	gathered bigint NOT NULL, -- actions that locked before it have their entries, and so have
	gathered_number bigint NOT NULL, -- those up to this number that locked at that instant
	late bigint NOT NULL, -- actions up to this number that were locked when they were tracked have theirs
	period bigint NOT NULL, -- an instant of the first period that is not closed
	partner bigint NOT NULL, -- the last one whose invoice of that period was issued or carried
	fenced bigint NOT NULL, -- no submission is accepted before it any more
	recorded bigint NOT NULL, -- the number of entries that operators recorded
	seal bigint NOT NULL DEFAULT 0
);
INSERT INTO billing (account, since, gathered, gathered_number, late, period, partner, fenced, recorded)
	SELECT account, instant, 0, 0, 0, instant, 0, 0, 0 FROM intake;
INSERT INTO digests (account, table_name, row_count, seals) VALUES (0, 'billing', -1, 0) ON CONFLICT DO NOTHING;

CREATE TABLE invoices (
	account bigint NOT NULL,
	partner bigint NOT NULL,
	ordinal bigint NOT NULL, -- of the partner's invoices, from 1
	number bigint NOT NULL, -- of the account's updates, adjustments, invoices and payments
	created bigint NOT NULL, -- the end of the period
	due bigint NOT NULL,
	total bigint NOT NULL,
	digest bytea NOT NULL, -- of the entries
	document text NOT NULL, -- JSON
	seal bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (account, partner, ordinal)
);
CREATE UNIQUE INDEX invoices_number ON invoices (account, number);

-- An invoice is paid as a whole.
CREATE TABLE payments (
	account bigint NOT NULL,
	partner bigint NOT NULL,
	ordinal bigint NOT NULL,
	number bigint NOT NULL, -- as in invoices
	date bigint NOT NULL,
	reference text NOT NULL,
	instant bigint NOT NULL, -- when it was recorded
	seal bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (account, partner, ordinal)
);
CREATE UNIQUE INDEX payments_number ON payments (account, number);

-- Actions that were locked when they were tracked.
CREATE INDEX actions_late ON actions (account, number) WHERE tracked_locking <= created;

-- Entries are gathered by locking date and number, and many actions lock at the same midnight.
DROP INDEX actions_locking;
CREATE INDEX actions_locking ON actions (account, locking, number);
