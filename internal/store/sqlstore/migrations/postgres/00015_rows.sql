-- +goose Up

-- Updates are stored without what the action, its item and the chain give: their SKU and
-- their hashes. NULL stands for the usual value: the conversion's, or a constant. Existing
-- rows keep the values that they have.
ALTER TABLE updates DROP COLUMN hash, DROP COLUMN previous, DROP COLUMN sku,
	ALTER COLUMN disposition DROP NOT NULL, -- NULL for IR_BLANK
	ALTER COLUMN category DROP NOT NULL, -- NULL for the item's tracked one
	ALTER COLUMN terms_contract DROP NOT NULL, -- NULL for the action's, as in the next two
	ALTER COLUMN terms_event_type DROP NOT NULL,
	ALTER COLUMN terms_version DROP NOT NULL,
	ALTER COLUMN terms_group DROP NOT NULL, -- NULL for 0
	ALTER COLUMN level DROP NOT NULL, -- NULL for ITEM
	ALTER COLUMN state DROP NOT NULL, ALTER COLUMN state DROP DEFAULT, -- NULL for PENDING
	ALTER COLUMN detail DROP NOT NULL, ALTER COLUMN detail DROP DEFAULT, -- NULL for ''
	ALTER COLUMN description DROP NOT NULL, ALTER COLUMN description DROP DEFAULT, -- NULL for Pending
	ALTER COLUMN customer_status DROP NOT NULL, ALTER COLUMN customer_status DROP DEFAULT, -- NULL for the tracked one, as in the next two
	ALTER COLUMN locking DROP NOT NULL, ALTER COLUMN locking DROP DEFAULT,
	ALTER COLUMN open_ended DROP NOT NULL, ALTER COLUMN open_ended DROP DEFAULT,
	ALTER COLUMN hash_version DROP NOT NULL, ALTER COLUMN hash_version DROP DEFAULT; -- NULL for 2
INSERT INTO digests (account, table_name, row_count, seals) VALUES (0, 'updates', -1, 0) ON CONFLICT DO NOTHING;

-- NULL stands for a usual value in these columns, too: the one that was tracked, that of
-- another column, or a constant.
ALTER TABLE actions ALTER COLUMN referral_type DROP NOT NULL,
	ALTER COLUMN tracked_fee_rate DROP NOT NULL,
	ALTER COLUMN terms_event_type DROP NOT NULL,
	ALTER COLUMN terms_version DROP NOT NULL,
	ALTER COLUMN fee_rate DROP NOT NULL,
	ALTER COLUMN client_cost DROP NOT NULL;
ALTER TABLE items ALTER COLUMN tracked_rebate DROP NOT NULL,
	ALTER COLUMN tracked_line_amount DROP NOT NULL,
	ALTER COLUMN tracked_line_quantity DROP NOT NULL,
	ALTER COLUMN name DROP NOT NULL,
	ALTER COLUMN category DROP NOT NULL,
	ALTER COLUMN quantity DROP NOT NULL,
	ALTER COLUMN amount DROP NOT NULL,
	ALTER COLUMN rebate DROP NOT NULL,
	ALTER COLUMN line_amount DROP NOT NULL,
	ALTER COLUMN line_quantity DROP NOT NULL,
	ALTER COLUMN payout DROP NOT NULL,
	ALTER COLUMN weight_amount DROP NOT NULL, ALTER COLUMN weight_amount DROP DEFAULT,
	ALTER COLUMN weight_quantity DROP NOT NULL, ALTER COLUMN weight_quantity DROP DEFAULT;

-- The rows are narrow enough that less space has room for their next versions.
ALTER TABLE actions SET (fillfactor = 90);
ALTER TABLE items SET (fillfactor = 90);

-- Lists by locking date and by SKU read the rows for their other conditions. Without the
-- numbers of actions, rows with the same date or SKU share an entry of the index.
DROP INDEX actions_locking;
CREATE INDEX actions_locking ON actions (account, locking);
DROP INDEX items_sku;
CREATE INDEX items_sku ON items (account, sku);
