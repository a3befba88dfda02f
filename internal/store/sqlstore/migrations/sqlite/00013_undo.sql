-- +goose Up

-- What the submission of an update replaced, in JSON. It is empty in updates of conversions.
ALTER TABLE updates ADD COLUMN replaced text NOT NULL DEFAULT '';

-- For each group of fields the number of the submission that changed it last, separated by
-- spaces.
ALTER TABLE items ADD COLUMN changes text NOT NULL DEFAULT '';
ALTER TABLE actions ADD COLUMN changes text NOT NULL DEFAULT '';

-- The submissions that were undone. Never changed.
CREATE TABLE undone (
	account bigint NOT NULL,
	number bigint NOT NULL, -- of the submission that was undone first
	undo bigint NOT NULL, -- of the submission that undid it
	PRIMARY KEY (account, number)
) WITHOUT ROWID;

-- The accounts in which the columns above are empty in older rows, until the program has
-- filled them.
CREATE TABLE backfills (
	account bigint NOT NULL,
	action bigint NOT NULL, -- the last one that is filled
	PRIMARY KEY (account)
) WITHOUT ROWID;
INSERT INTO backfills (account, action) SELECT account, 0 FROM applier WHERE number > 0;
