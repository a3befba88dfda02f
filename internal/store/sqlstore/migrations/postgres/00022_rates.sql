-- +goose Up

-- Tables of exchange rates, as they were recorded. A document maps currencies to rates.
CREATE TABLE rates (
	account bigint NOT NULL,
	day text COLLATE "C" NOT NULL,
	base text COLLATE "C" NOT NULL,
	recorded bigint NOT NULL,
	document text NOT NULL,
	seal bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (account, day, base, recorded)
);

-- Amounts in the currency of an order that was reported in another one than the account's.
ALTER TABLE actions ADD COLUMN original bigint;
ALTER TABLE items ADD COLUMN original text;
