-- +goose Up

-- Updates are stored without what the action, its item and the chain give: their SKU and
-- their hashes. NULL stands for the usual value: the conversion's, or a constant.
ALTER TABLE updates RENAME TO updates_before;
DROP INDEX updates_action;
CREATE TABLE updates (
	account bigint NOT NULL,
	number bigint NOT NULL,
	action bigint NOT NULL,
	submission bigint NOT NULL,
	instant bigint NOT NULL, -- grows with the number, so that it needs no index
	item bigint NOT NULL, -- its position
	quantity bigint NOT NULL,
	delta_amount bigint NOT NULL,
	delta_payout bigint NOT NULL,
	rate bigint NOT NULL,
	replaced text NOT NULL DEFAULT '', -- JSON of what the submission replaced
	seal bigint NOT NULL DEFAULT 0,
	disposition text, -- NULL for IR_BLANK
	category text, -- NULL for the item's tracked one
	terms_contract bigint, -- NULL for the action's, as in the next two
	terms_event_type bigint,
	terms_version bigint,
	terms_group bigint, -- NULL for 0
	level text, -- NULL for ITEM
	state text, -- NULL for PENDING
	detail text, -- NULL for ''
	description text, -- NULL for Pending
	customer_status text, -- NULL for the tracked one, as in the next two
	locking bigint,
	open_ended bigint,
	hash_version bigint, -- NULL for 2
	PRIMARY KEY (account, number)
) WITHOUT ROWID;
INSERT INTO updates SELECT u.account, u.number, u.action, u.submission, u.instant, u.item, u.quantity, u.delta_amount, u.delta_payout, u.rate,
	u.replaced, 0, nullif(u.disposition, 'IR_BLANK'), nullif(u.category, i.tracked_category), nullif(u.terms_contract, a.terms_contract),
	nullif(u.terms_event_type, a.terms_event_type), nullif(u.terms_version, a.terms_version), nullif(u.terms_group, 0), nullif(u.level, 'ITEM'),
	nullif(u.state, 'PENDING'), nullif(u.detail, ''), nullif(u.description, 'Pending'), nullif(u.customer_status, a.tracked_customer_status),
	nullif(u.locking, a.tracked_locking), nullif(u.open_ended, a.tracked_open_ended), nullif(u.hash_version, 2)
	FROM updates_before u LEFT JOIN actions a ON a.account = u.account AND a.number = u.action
	LEFT JOIN items i ON i.account = u.account AND i.action = u.action AND i.position = u.item ORDER BY u.account, u.number;
DROP TABLE updates_before;
CREATE INDEX updates_action ON updates (account, action, number);
INSERT INTO digests (account, table_name, row_count, seals) VALUES (0, 'updates', -1, 0) ON CONFLICT DO NOTHING;

DELETE FROM sqlite_stat1 WHERE tbl IN ('updates', 'updates_before');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('updates', 'updates', '5000000 5000000 1'),
	('updates', 'updates_action', '5000000 5000000 5 1');
ANALYZE sqlite_schema;

-- NULL stands for a usual value in these columns, too: the one that was tracked, that of
-- another column, or a constant. SQLite changes a constraint that doesn't concern the stored form
-- by writing the schema; no row is rewritten.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(replace(replace(replace(replace(sql, char(9) || 'referral_type text NOT NULL', char(9) || 'referral_type text'), char(9) || 'tracked_fee_rate bigint NOT NULL', char(9) || 'tracked_fee_rate bigint'), char(9) || 'terms_event_type bigint NOT NULL', char(9) || 'terms_event_type bigint'), char(9) || 'terms_version bigint NOT NULL', char(9) || 'terms_version bigint'), char(9) || 'fee_rate bigint NOT NULL', char(9) || 'fee_rate bigint'), char(9) || 'client_cost bigint NOT NULL', char(9) || 'client_cost bigint') WHERE type = 'table' AND name = 'actions';
UPDATE sqlite_schema SET sql = replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(sql, char(9) || 'tracked_rebate bigint NOT NULL', char(9) || 'tracked_rebate bigint'), char(9) || 'tracked_line_amount bigint NOT NULL', char(9) || 'tracked_line_amount bigint'), char(9) || 'tracked_line_quantity bigint NOT NULL', char(9) || 'tracked_line_quantity bigint'), char(9) || 'name text NOT NULL', char(9) || 'name text'), char(9) || 'category text NOT NULL', char(9) || 'category text'), char(9) || 'quantity bigint NOT NULL', char(9) || 'quantity bigint'), char(9) || 'amount bigint NOT NULL', char(9) || 'amount bigint'), char(9) || 'rebate bigint NOT NULL', char(9) || 'rebate bigint'), char(9) || 'line_amount bigint NOT NULL', char(9) || 'line_amount bigint'), char(9) || 'line_quantity bigint NOT NULL', char(9) || 'line_quantity bigint'), char(9) || 'payout bigint NOT NULL', char(9) || 'payout bigint'), 'weight_amount bigint NOT NULL DEFAULT 0', 'weight_amount bigint'), 'weight_quantity bigint NOT NULL DEFAULT 0', 'weight_quantity bigint') WHERE type = 'table' AND name = 'items';
PRAGMA writable_schema = RESET;

-- Lists by locking date are rare: they read the rows for their other conditions.
DROP INDEX actions_locking;
CREATE INDEX actions_locking ON actions (account, locking);
DELETE FROM sqlite_stat1 WHERE idx = 'actions_locking';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('actions', 'actions_locking', '1000000 1000000 2000');
ANALYZE sqlite_schema;
