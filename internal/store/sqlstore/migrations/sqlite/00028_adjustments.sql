-- +goose Up

-- The adjustments of locked actions. Their numbers are from the sequence of updates.
CREATE TABLE adjustments (
	account bigint NOT NULL,
	number bigint NOT NULL,
	action bigint NOT NULL,
	submission bigint NOT NULL,
	instant bigint NOT NULL,
	item bigint NOT NULL, -- its position
	reason text NOT NULL,
	from_quantity bigint NOT NULL,
	from_amount bigint NOT NULL,
	to_quantity bigint NOT NULL,
	to_amount bigint NOT NULL,
	payout bigint NOT NULL, -- its change
	effective bigint NOT NULL,
	terms_contract bigint NOT NULL,
	terms_event_type bigint NOT NULL,
	terms_version bigint NOT NULL,
	terms_group bigint NOT NULL,
	hash blob NOT NULL,
	hash_version bigint NOT NULL,
	replaced text NOT NULL, -- JSON of what the submission replaced
	state text NOT NULL, -- JSON of the effective action, in the submission's last row
	seal bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (account, number)
) WITHOUT ROWID;
CREATE INDEX adjustments_action ON adjustments (account, action, number);
CREATE INDEX adjustments_effective ON adjustments (account, effective);
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('adjustments', 'adjustments', '40000 40000 1'),
	('adjustments', 'adjustments_action', '40000 40000 2 1'),
	('adjustments', 'adjustments_effective', '40000 40000 2');
ANALYZE sqlite_schema;
