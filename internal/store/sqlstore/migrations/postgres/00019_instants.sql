-- +goose Up

-- NULL stands for a usual value in these columns, too: that of the submission, the action or
-- its item, or a constant. No row is rewritten.
ALTER TABLE outcomes ALTER COLUMN completed DROP NOT NULL, -- NULL for the submission's accepted
	ALTER COLUMN error_type DROP NOT NULL, -- NULL for '', as in the next two
	ALTER COLUMN code DROP NOT NULL,
	ALTER COLUMN message DROP NOT NULL,
	ALTER COLUMN terms_event_type DROP NOT NULL, -- NULL for the action's
	ALTER COLUMN terms_version DROP NOT NULL, -- NULL for 1
	ALTER COLUMN fee_rate DROP NOT NULL; -- NULL for 0
ALTER TABLE updates ALTER COLUMN submission DROP NOT NULL, -- NULL for the action's
	ALTER COLUMN instant DROP NOT NULL, -- NULL for the submission's accepted
	ALTER COLUMN item DROP NOT NULL, -- NULL for 0
	ALTER COLUMN quantity DROP NOT NULL, -- NULL for the item's tracked one, as in the next two
	ALTER COLUMN delta_amount DROP NOT NULL,
	ALTER COLUMN delta_payout DROP NOT NULL;
