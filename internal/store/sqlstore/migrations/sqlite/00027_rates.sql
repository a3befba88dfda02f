-- +goose Up

-- Tables of exchange rates, as they were recorded. A document maps currencies to rates.
CREATE TABLE rates (
	account bigint NOT NULL,
	day text NOT NULL,
	base text NOT NULL,
	recorded bigint NOT NULL,
	document text NOT NULL,
	seal bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (account, day, base, recorded)
) WITHOUT ROWID;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('rates', 'rates', '10000 10000 1 1 1');
ANALYZE sqlite_schema;

-- Amounts in the currency of an order that was reported in another one than the account's.
ALTER TABLE actions ADD COLUMN original bigint;
ALTER TABLE items ADD COLUMN original text;
