-- +goose Up

-- NULL stands for a usual value in these columns, too: that of the submission, the action or
-- its item, or a constant. As in 00021, no row is rewritten.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(replace(replace(replace(replace(replace(sql, char(9) || 'completed bigint NOT NULL', char(9) || 'completed bigint'), char(9) || 'error_type text NOT NULL', char(9) || 'error_type text'), char(9) || 'code text NOT NULL', char(9) || 'code text'), char(9) || 'message text NOT NULL', char(9) || 'message text'), char(9) || 'terms_event_type bigint NOT NULL', char(9) || 'terms_event_type bigint'), char(9) || 'terms_version bigint NOT NULL', char(9) || 'terms_version bigint'), char(9) || 'fee_rate bigint NOT NULL', char(9) || 'fee_rate bigint') WHERE type = 'table' AND name = 'outcomes';
UPDATE sqlite_schema SET sql = replace(replace(replace(replace(replace(replace(sql, char(9) || 'submission bigint NOT NULL', char(9) || 'submission bigint'), char(9) || 'instant bigint NOT NULL', char(9) || 'instant bigint'), char(9) || 'item bigint NOT NULL', char(9) || 'item bigint'), char(9) || 'quantity bigint NOT NULL', char(9) || 'quantity bigint'), char(9) || 'delta_amount bigint NOT NULL', char(9) || 'delta_amount bigint'), char(9) || 'delta_payout bigint NOT NULL', char(9) || 'delta_payout bigint') WHERE type = 'table' AND name = 'updates';
PRAGMA writable_schema = RESET;
