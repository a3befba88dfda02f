-- +goose Up

-- An update records the state of its action after the submission.
ALTER TABLE updates ADD COLUMN state text NOT NULL DEFAULT '';
ALTER TABLE updates ADD COLUMN detail text NOT NULL DEFAULT '';
ALTER TABLE updates ADD COLUMN description text NOT NULL DEFAULT '';
ALTER TABLE updates ADD COLUMN customer_status text NOT NULL DEFAULT '';
ALTER TABLE updates ADD COLUMN locking bigint NOT NULL DEFAULT 0;
ALTER TABLE updates ADD COLUMN open_ended bigint NOT NULL DEFAULT 0;
-- Existing updates keep the hash that they have.
ALTER TABLE updates ADD COLUMN hash_version bigint NOT NULL DEFAULT 1;

-- The values of existing updates. The state and the locking date are exact: each change of
-- a quantity has an update, and a locking date changes at most once, by the last submission.
-- The customer status is the last one that was sent; the one that an undo restored is known
-- only if no later submission changed the action. The names of dispositions are the present
-- ones.
WITH newest AS (
	SELECT r.account, r.document FROM reference r WHERE r.kind = 'event type' AND r.recorded = (
		SELECT max(q.recorded) FROM reference q WHERE q.account = r.account AND q.kind = r.kind AND q.key = r.key)
), codes AS (
	SELECT r.account, (r.document::jsonb ->> 'ID')::bigint AS event_type, d ->> 'Code' AS code, d ->> 'Name' AS name
		FROM newest r, jsonb_array_elements(CASE WHEN jsonb_typeof(r.document::jsonb -> 'Dispositions') = 'array'
			THEN r.document::jsonb -> 'Dispositions' ELSE '[]'::jsonb END) AS d
), steps AS (
	SELECT u.account, u.number, u.action, u.submission, u.instant, u.disposition, a.event_type,
		(u.quantity > 0)::int - coalesce(lag((u.quantity > 0)::int) OVER (PARTITION BY u.account, u.action, u.item ORDER BY u.number), 0) AS sold,
		CASE WHEN u.submission = l.submission THEN a.locking ELSE a.tracked_locking END AS locking,
		CASE WHEN u.submission = l.submission THEN a.open_ended ELSE a.tracked_open_ended END AS open_ended,
		CASE WHEN u.submission = l.submission THEN a.customer_status
			WHEN u.submission = u.action OR u.disposition = 'RESET' THEN a.tracked_customer_status
			ELSE CASE WHEN s.kind = 'Modification' THEN s.command::jsonb ->> 'CustomerStatus' END END AS customer_status,
		CASE WHEN u.submission = l.submission THEN a.disposition
			WHEN u.submission = u.action OR u.disposition = 'RESET' THEN a.tracked_disposition
			WHEN c.code IS NOT NULL THEN c.code END AS code
	FROM updates u
	JOIN actions a ON a.account = u.account AND a.number = u.action
	JOIN updates l ON l.account = a.account AND l.number = a.last_update
	LEFT JOIN submissions s ON s.account = u.account AND s.number = u.submission
	LEFT JOIN codes c ON c.account = u.account AND c.event_type = a.event_type AND c.code = u.disposition
), running AS (
	SELECT steps.*, sum(sold) OVER history AS sold_items,
		count(customer_status) OVER history AS status_changes, count(code) OVER history AS code_changes
	FROM steps WINDOW history AS (PARTITION BY account, action ORDER BY number)
), known AS (
	SELECT running.*, first_value(sold_items) OVER (PARTITION BY account, action, submission ORDER BY number DESC) AS items_left,
		max(customer_status) OVER (PARTITION BY account, action, status_changes) AS last_status,
		max(code) OVER (PARTITION BY account, action, code_changes) AS last_code
	FROM running
), named AS (
	SELECT k.*, CASE WHEN k.items_left = 0 THEN 'REVERSED' WHEN k.instant >= k.locking THEN 'APPROVED' ELSE 'PENDING' END AS state,
		c.name
	FROM known k LEFT JOIN codes c ON c.account = k.account AND c.event_type = k.event_type AND c.code = k.last_code
)
UPDATE updates SET state = n.state, customer_status = coalesce(n.last_status, ''), locking = n.locking, open_ended = n.open_ended,
	detail = CASE WHEN n.state = 'APPROVED' THEN 'PAYMENT_PENDING' WHEN n.state = 'PENDING' AND n.open_ended = 1 AND n.name IS NULL THEN 'OPEN' ELSE '' END,
	description = CASE n.state WHEN 'APPROVED' THEN 'Approved/Payment Pending' WHEN 'REVERSED' THEN 'Reversed/' || n.disposition
		ELSE 'Pending' || CASE WHEN n.name IS NOT NULL THEN '/' || n.name WHEN n.open_ended = 1 THEN '/Open' ELSE '' END END
	FROM named n WHERE updates.account = n.account AND updates.number = n.number;

-- Finds the updates that record the locking date which a code replaced.
CREATE INDEX actions_tracked_locking ON actions (account, tracked_locking, number) WHERE tracked_locking <> locking;
