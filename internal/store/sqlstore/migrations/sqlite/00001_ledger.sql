-- +goose Up

-- Every key begins with the account. Instants count microseconds since 1970 in
-- UTC, amounts minor units, decimals ten-thousandths. A row that is found by its
-- key alone lives in the key's own tree (WITHOUT ROWID).

CREATE TABLE accounts (
	account bigint NOT NULL,
	salt bigint NOT NULL,
	hash_key blob NOT NULL, -- for keyed hashes of personal data
	PRIMARY KEY (account)
) WITHOUT ROWID;

-- Accepting writes the intake, applying the applier: neither waits for the other's row.
CREATE TABLE intake (
	account bigint NOT NULL,
	number bigint NOT NULL, -- the last one given
	instant bigint NOT NULL, -- the last one given
	PRIMARY KEY (account)
) WITHOUT ROWID;

CREATE TABLE applier (
	account bigint NOT NULL,
	number bigint NOT NULL, -- of the last submission that is complete
	instant bigint NOT NULL, -- the last one given
	last_update bigint NOT NULL, -- number of the last update given
	attempts bigint NOT NULL, -- failed ones, at the submission after number
	PRIMARY KEY (account)
) WITHOUT ROWID;

-- Never changed. The queue is what has a larger number than the applier's.
CREATE TABLE submissions (
	account bigint NOT NULL,
	number bigint NOT NULL,
	accepted bigint NOT NULL,
	kind text NOT NULL,
	order_id text NOT NULL, -- as the command names it, or ''
	action bigint NOT NULL, -- as the command names it, or 0
	payload text NOT NULL,
	command text NOT NULL,
	PRIMARY KEY (account, number)
) WITHOUT ROWID;
CREATE INDEX submissions_order ON submissions (account, order_id, number) WHERE order_id <> '';

-- Never changed.
CREATE TABLE outcomes (
	account bigint NOT NULL,
	number bigint NOT NULL, -- the submission's
	completed bigint NOT NULL,
	action bigint NOT NULL, -- 0 if there is none
	first_update bigint NOT NULL, -- 0 if nothing changed
	error_type text NOT NULL,
	code text NOT NULL,
	message text NOT NULL,
	terms_contract bigint NOT NULL,
	terms_event_type bigint NOT NULL,
	terms_version bigint NOT NULL,
	fee_rate bigint NOT NULL,
	cap bigint NOT NULL,
	PRIMARY KEY (account, number)
) WITHOUT ROWID;
CREATE INDEX outcomes_action ON outcomes (account, action, number) WHERE action <> 0;
CREATE INDEX outcomes_failed ON outcomes (account, number) WHERE error_type <> '';

CREATE TABLE actions (
	account bigint NOT NULL,
	number bigint NOT NULL, -- that of the conversion's submission
	campaign bigint NOT NULL,
	event_type bigint NOT NULL,
	partner bigint NOT NULL,
	order_id text NOT NULL,
	currency text NOT NULL,
	event_date bigint NOT NULL,
	created bigint NOT NULL,
	referral_type text NOT NULL,
	referral_date bigint,
	promo_code text NOT NULL,
	caller_id text NOT NULL,
	customer text NOT NULL,
	post_code text NOT NULL,
	city text NOT NULL,
	region text NOT NULL,
	country text NOT NULL,
	ip_hash text NOT NULL,
	shared_id text NOT NULL,
	extras text NOT NULL, -- JSON, or ''
	tracked_customer_status text NOT NULL,
	tracked_disposition text NOT NULL,
	tracked_reversed_whole smallint NOT NULL,
	tracked_locking bigint NOT NULL,
	tracked_open_ended smallint NOT NULL,
	tracked_fee_rate bigint NOT NULL,
	terms_contract bigint NOT NULL,
	terms_event_type bigint NOT NULL,
	terms_version bigint NOT NULL,
	intended_amount bigint NOT NULL,
	intended_payout bigint NOT NULL,
	-- From here on submissions change it.
	updated bigint NOT NULL,
	note text NOT NULL,
	customer_status text NOT NULL,
	disposition text NOT NULL,
	reversed_whole smallint NOT NULL,
	locking bigint NOT NULL,
	open_ended smallint NOT NULL,
	fee_rate bigint NOT NULL,
	amount bigint NOT NULL,
	payout bigint NOT NULL,
	reversed smallint NOT NULL,
	delta_amount bigint NOT NULL,
	delta_payout bigint NOT NULL,
	client_cost bigint NOT NULL,
	modifications bigint NOT NULL,
	cap bigint NOT NULL,
	last_update bigint NOT NULL,
	last_hash blob NOT NULL,
	PRIMARY KEY (account, number)
) WITHOUT ROWID;
CREATE INDEX actions_order ON actions (account, order_id, event_type, number);
CREATE INDEX actions_customer ON actions (account, customer, campaign, event_date) WHERE customer <> '';
-- Lists filter by campaign and by what makes the state: here they need no row for it.
CREATE INDEX actions_updated ON actions (account, updated, campaign, reversed, locking, number);
CREATE INDEX actions_event_date ON actions (account, event_date, campaign, number);
CREATE INDEX actions_locking ON actions (account, locking, open_ended, campaign, number);

CREATE TABLE items (
	account bigint NOT NULL,
	action bigint NOT NULL,
	position bigint NOT NULL, -- from 0
	sku text NOT NULL,
	sub_category text NOT NULL,
	mpn text NOT NULL,
	brand text NOT NULL,
	promo text NOT NULL,
	tracked_name text NOT NULL,
	tracked_category text NOT NULL,
	tracked_quantity bigint NOT NULL,
	tracked_amount bigint NOT NULL,
	tracked_rebate bigint NOT NULL,
	tracked_line_amount bigint NOT NULL,
	tracked_line_quantity bigint NOT NULL,
	tracked_payout bigint NOT NULL,
	-- From here on submissions change it.
	name text NOT NULL,
	category text NOT NULL,
	quantity bigint NOT NULL,
	amount bigint NOT NULL,
	rebate bigint NOT NULL,
	line_amount bigint NOT NULL,
	line_quantity bigint NOT NULL,
	payout bigint NOT NULL,
	adjusted bigint,
	adjustment_reason text NOT NULL,
	PRIMARY KEY (account, action, position)
) WITHOUT ROWID;
CREATE INDEX items_sku ON items (account, sku, action);

-- Never changed.
CREATE TABLE updates (
	account bigint NOT NULL,
	number bigint NOT NULL,
	action bigint NOT NULL,
	submission bigint NOT NULL,
	instant bigint NOT NULL, -- grows with the number, so that it needs no index
	item bigint NOT NULL, -- its position
	sku text NOT NULL,
	disposition text NOT NULL,
	category text NOT NULL,
	quantity bigint NOT NULL,
	delta_amount bigint NOT NULL,
	delta_payout bigint NOT NULL,
	terms_contract bigint NOT NULL,
	terms_event_type bigint NOT NULL,
	terms_version bigint NOT NULL,
	terms_group bigint NOT NULL,
	level text NOT NULL,
	rate bigint NOT NULL,
	hash blob NOT NULL,
	previous blob NOT NULL,
	PRIMARY KEY (account, number)
) WITHOUT ROWID;
CREATE INDEX updates_action ON updates (account, action, number);

-- Never changed: of the entries with a key, the latest recorded by an instant counts.
CREATE TABLE reference (
	account bigint NOT NULL,
	kind text NOT NULL,
	key text NOT NULL,
	recorded bigint NOT NULL,
	document text NOT NULL, -- JSON
	PRIMARY KEY (account, kind, key, recorded)
) WITHOUT ROWID;
CREATE INDEX reference_recorded ON reference (account, recorded);

-- Never changed, as the reference.
CREATE TABLE clicks (
	account bigint NOT NULL,
	id text NOT NULL,
	recorded bigint NOT NULL,
	campaign bigint NOT NULL,
	partner bigint NOT NULL,
	customer text NOT NULL,
	instant bigint NOT NULL,
	PRIMARY KEY (account, id, recorded)
) WITHOUT ROWID;
CREATE INDEX clicks_customer ON clicks (account, customer, campaign, instant) WHERE customer <> '';

CREATE TABLE tokens (
	account bigint NOT NULL,
	sid text NOT NULL,
	name text NOT NULL,
	hash blob NOT NULL,
	version bigint NOT NULL,
	created bigint NOT NULL,
	disabled bigint,
	PRIMARY KEY (account, sid)
) WITHOUT ROWID;
CREATE INDEX tokens_sid ON tokens (sid);

-- The planner takes an account for a handful of rows unless it is told
-- otherwise. It is told so once, by what a large account looks like, so that a
-- statement is planned the same way in every store: rows, and rows for each
-- longer prefix of the index.
ANALYZE;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('submissions', 'submissions', '4000000 4000000 1'),
	('submissions', 'submissions_order', '2000000 2000000 4 1'),
	('outcomes', 'outcomes', '4000000 4000000 1'),
	('outcomes', 'outcomes_action', '4000000 4000000 4 1'),
	('outcomes', 'outcomes_failed', '40000 40000 1'),
	('actions', 'actions', '1000000 1000000 1'),
	('actions', 'actions_order', '1000000 1000000 2 2 1'),
	('actions', 'actions_customer', '500000 500000 3 3 1'),
	('actions', 'actions_updated', '1000000 1000000 20 20 20 20 1'),
	('actions', 'actions_event_date', '1000000 1000000 2 2 1'),
	('actions', 'actions_locking', '1000000 1000000 2000 2000 2000 1'),
	('items', 'items', '2000000 2000000 2 1'),
	('items', 'items_sku', '2000000 2000000 200 1'),
	('updates', 'updates', '5000000 5000000 1'),
	('updates', 'updates_action', '5000000 5000000 5 1'),
	('reference', 'reference', '10000 10000 2000 2 1'),
	('reference', 'reference_recorded', '10000 10000 100'),
	('clicks', 'clicks', '1000000 1000000 1 1'),
	('clicks', 'clicks_customer', '500000 500000 3 3 1');
ANALYZE sqlite_schema;
