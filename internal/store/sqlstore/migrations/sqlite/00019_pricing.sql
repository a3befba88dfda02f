-- +goose Up

-- What an item was last reported at by itself. 0 of 0 means its line: so it is for every item
-- that version 1 of the rules changed.
ALTER TABLE items ADD COLUMN weight_amount bigint NOT NULL DEFAULT 0;
ALTER TABLE items ADD COLUMN weight_quantity bigint NOT NULL DEFAULT 0;

-- Whether the conversion fixed the payout.
ALTER TABLE actions ADD COLUMN payout_fixed smallint NOT NULL DEFAULT 0;
UPDATE actions SET payout_fixed = 1 WHERE referral_type = 'ACTION_INQUIRY' AND EXISTS (
	SELECT 1 FROM submissions s WHERE s.account = actions.account AND s.number = actions.number
	AND json_extract(s.command, '$.Payout') IS NOT NULL);

-- More keys by which conversions name clicks.
ALTER TABLE clicks ADD COLUMN custom_click text NOT NULL DEFAULT '';
ALTER TABLE clicks ADD COLUMN unique_url text NOT NULL DEFAULT '';
ALTER TABLE clicks ADD COLUMN profile text NOT NULL DEFAULT '';
ALTER TABLE clicks ADD COLUMN caller text NOT NULL DEFAULT '';
CREATE INDEX clicks_custom_click ON clicks (account, custom_click, campaign, instant) WHERE custom_click <> '';
CREATE INDEX clicks_unique_url ON clicks (account, unique_url, campaign, instant) WHERE unique_url <> '';
CREATE INDEX clicks_profile ON clicks (account, profile, campaign, instant) WHERE profile <> '';
CREATE INDEX clicks_caller ON clicks (account, caller, campaign, instant) WHERE caller <> '';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('clicks', 'clicks_custom_click', '500000 500000 3 3 1'),
	('clicks', 'clicks_unique_url', '500000 500000 3 3 1'),
	('clicks', 'clicks_profile', '500000 500000 3 3 1'),
	('clicks', 'clicks_caller', '500000 500000 3 3 1');
ANALYZE sqlite_schema;
