-- +goose Up

-- The tables of SQLite, at its version 6 with the index of 8. Every key begins with the account.
-- Instants count microseconds since 1970 in UTC, amounts minor units, decimals
-- ten-thousandths. Texts that are keys compare by their bytes.
--
-- A row that is changed often has room on its page for the next version (fillfactor)
-- and no index on what changes: then the old one is cleared away without a vacuum.

CREATE TABLE accounts (
	account bigint NOT NULL,
	salt bigint NOT NULL,
	hash_key bytea NOT NULL, -- for keyed hashes of personal data
	PRIMARY KEY (account)
);

-- Accepting writes the intake, applying the applier: neither waits for the other's row.
CREATE TABLE intake (
	account bigint NOT NULL,
	number bigint NOT NULL, -- the last one given
	instant bigint NOT NULL, -- the last one given
	PRIMARY KEY (account)
) WITH (fillfactor = 10);

CREATE TABLE applier (
	account bigint NOT NULL,
	number bigint NOT NULL, -- of the last submission that is complete
	instant bigint NOT NULL, -- the last one given
	last_update bigint NOT NULL, -- number of the last update given
	attempts bigint NOT NULL, -- failed ones, at the submission after number
	PRIMARY KEY (account)
) WITH (fillfactor = 10);

-- Never changed. The queue is what has a larger number than the applier's.
CREATE TABLE submissions (
	account bigint NOT NULL,
	number bigint NOT NULL,
	accepted bigint NOT NULL,
	kind text NOT NULL,
	order_id text COLLATE "C" NOT NULL, -- as the command names it, or ''
	action bigint NOT NULL, -- as the command names it, or 0
	payload text NOT NULL,
	command text NOT NULL,
	PRIMARY KEY (account, number)
);
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
);
-- Submissions that changed their action are found by its updates.
CREATE INDEX outcomes_unchanged ON outcomes (account, action, number) WHERE action <> 0 AND first_update = 0;
CREATE INDEX outcomes_failed ON outcomes (account, number) WHERE error_type <> '';

CREATE TABLE actions (
	account bigint NOT NULL,
	number bigint NOT NULL, -- that of the conversion's submission
	campaign bigint NOT NULL,
	event_type bigint NOT NULL,
	partner bigint NOT NULL,
	order_id text COLLATE "C" NOT NULL,
	currency text NOT NULL,
	event_date bigint NOT NULL,
	created bigint NOT NULL,
	referral_type text NOT NULL,
	referral_date bigint,
	promo_code text NOT NULL,
	caller_id text NOT NULL,
	customer text COLLATE "C" NOT NULL,
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
	last_hash bytea NOT NULL,
	PRIMARY KEY (account, number)
) WITH (fillfactor = 80);
CREATE INDEX actions_order ON actions (account, order_id, event_type, number);
CREATE INDEX actions_customer ON actions (account, customer, campaign, event_date) WHERE customer <> '';
CREATE INDEX actions_event_date ON actions (account, event_date, campaign, number);
CREATE INDEX actions_locking ON actions (account, locking, open_ended, campaign, number);

-- Finds actions by their last update, which is no index of theirs: it always changes.
CREATE TABLE latest (
	account bigint NOT NULL,
	updated bigint NOT NULL,
	action bigint NOT NULL,
	PRIMARY KEY (account, updated, action)
);

CREATE TABLE items (
	account bigint NOT NULL,
	action bigint NOT NULL,
	position bigint NOT NULL, -- from 0
	sku text COLLATE "C" NOT NULL,
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
) WITH (fillfactor = 80);
CREATE INDEX items_sku ON items (account, sku, action);

-- Never changed.
CREATE TABLE updates (
	account bigint NOT NULL,
	number bigint NOT NULL,
	action bigint NOT NULL,
	submission bigint NOT NULL,
	instant bigint NOT NULL, -- grows with the number, so that it needs no index
	item bigint NOT NULL, -- its position
	sku text COLLATE "C" NOT NULL,
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
	hash bytea NOT NULL,
	previous bytea NOT NULL,
	PRIMARY KEY (account, number)
);
CREATE INDEX updates_action ON updates (account, action, number);

-- Never changed: of the entries with a key, the latest recorded by an instant counts.
CREATE TABLE reference (
	account bigint NOT NULL,
	kind text NOT NULL,
	key text COLLATE "C" NOT NULL,
	recorded bigint NOT NULL,
	document text NOT NULL, -- JSON
	PRIMARY KEY (account, kind, key, recorded)
);
CREATE INDEX reference_recorded ON reference (account, recorded);

-- Never changed, as the reference.
CREATE TABLE clicks (
	account bigint NOT NULL,
	id text COLLATE "C" NOT NULL,
	recorded bigint NOT NULL,
	campaign bigint NOT NULL,
	partner bigint NOT NULL,
	customer text COLLATE "C" NOT NULL,
	instant bigint NOT NULL,
	PRIMARY KEY (account, id, recorded)
);
CREATE INDEX clicks_customer ON clicks (account, customer, campaign, instant) WHERE customer <> '';

CREATE TABLE tokens (
	account bigint NOT NULL,
	sid text COLLATE "C" NOT NULL,
	name text NOT NULL,
	hash bytea NOT NULL,
	version bigint NOT NULL,
	created bigint NOT NULL,
	disabled bigint,
	scopes text NOT NULL, -- separated by spaces
	hourly bigint NOT NULL, -- requests, 0 for no limit
	expires bigint,
	old_hash bytea, -- of the secret before, which opens until then
	old_until bigint,
	PRIMARY KEY (account, sid)
);
CREATE INDEX tokens_sid ON tokens (sid);

-- What idempotency keys were first given to. Rows older than 30 days count as not
-- there, are replaced, and are deleted as others are written.
CREATE TABLE keys (
	account bigint NOT NULL,
	key text COLLATE "C" NOT NULL,
	request bytea NOT NULL, -- keyed hash of the request
	given bigint NOT NULL,
	submission bigint NOT NULL, -- its number, or 0 for a write that took effect at once
	resource text NOT NULL, -- what such a write changed, or ''
	PRIMARY KEY (account, key)
);
CREATE INDEX keys_given ON keys (account, given);

-- The numbers that inquiries get; a row comes with an account's first.
CREATE TABLE inquiry_numbers (
	account bigint NOT NULL,
	number bigint NOT NULL, -- the last one given
	instant bigint NOT NULL, -- the last one given
	PRIMARY KEY (account)
) WITH (fillfactor = 10);

-- What became of an inquiry's submission is the submission's to tell.
CREATE TABLE inquiries (
	account bigint NOT NULL,
	number bigint NOT NULL,
	created bigint NOT NULL, -- grows with the number, so that it needs no index
	campaign bigint NOT NULL,
	partner bigint NOT NULL,
	order_id text COLLATE "C" NOT NULL,
	transacted bigint NOT NULL,
	-- From here on answers change it.
	status text COLLATE "C" NOT NULL,
	submission bigint NOT NULL, -- its number, or 0
	document text NOT NULL, -- JSON
	PRIMARY KEY (account, number)
);
CREATE INDEX inquiries_order ON inquiries (account, order_id, number);
CREATE INDEX inquiries_transacted ON inquiries (account, transacted, number);
CREATE INDEX inquiries_status ON inquiries (account, status, number);

-- Never changed: what operators did, 0 for what concerns no account.
CREATE TABLE deeds (
	account bigint NOT NULL,
	number bigint NOT NULL,
	instant bigint NOT NULL,
	via text NOT NULL,
	actor text NOT NULL, -- a token's SID or a user of the operating system
	actor_name text NOT NULL,
	verb text NOT NULL,
	subject text NOT NULL,
	reason text NOT NULL,
	detail text NOT NULL,
	PRIMARY KEY (account, number)
);

-- Queued submissions that are to complete as parked; a row goes when they do.
CREATE TABLE parking (
	account bigint NOT NULL,
	number bigint NOT NULL, -- the submission's
	PRIMARY KEY (account, number)
);

-- Never changed.
CREATE TABLE retries (
	account bigint NOT NULL,
	number bigint NOT NULL, -- of the submission that failed
	again bigint NOT NULL, -- of the one that it was submitted again as
	PRIMARY KEY (account, number)
);

-- Batch files. Their rows are taken into the queue by batches; taken moves in the
-- commit of each.
CREATE TABLE files (
	account bigint NOT NULL,
	number bigint NOT NULL,
	accepted bigint NOT NULL,
	name text NOT NULL,
	kind text NOT NULL,
	sum bytea NOT NULL, -- SHA-256 of its bytes
	records bigint NOT NULL, -- rows it has
	taken bigint NOT NULL, -- entries taken: rows, or orders of several rows
	faults bigint NOT NULL, -- rows that became no submission
	first_submission bigint NOT NULL, -- 0 if it has none
	last_submission bigint NOT NULL,
	read bigint, -- when the last entry was taken
	PRIMARY KEY (account, number)
);
CREATE INDEX files_sum ON files (account, sum);
CREATE INDEX files_unread ON files (account, number) WHERE read IS NULL;

-- Only until all is taken: what is personal in a file is not kept as it came.
CREATE TABLE file_contents (
	account bigint NOT NULL,
	file bigint NOT NULL,
	content bytea NOT NULL,
	PRIMARY KEY (account, file)
);

-- Never changed. Where each row of a file went.
CREATE TABLE file_rows (
	account bigint NOT NULL,
	file bigint NOT NULL,
	line bigint NOT NULL,
	item bigint NOT NULL, -- number of the item that the row reports, or 0
	submission bigint NOT NULL, -- 0 if it became none
	fault text NOT NULL, -- JSON of why, or ''
	PRIMARY KEY (account, file, line)
);
CREATE INDEX file_rows_submission ON file_rows (account, submission, file, line) WHERE submission <> 0;
CREATE INDEX file_rows_fault ON file_rows (account, file, line) WHERE fault <> '';

