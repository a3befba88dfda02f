-- +goose Up

-- How far each event notification is; what it says is reference data.
CREATE TABLE notifications (
	account bigint NOT NULL,
	id bigint NOT NULL,
	active smallint NOT NULL,
	position bigint NOT NULL, -- number of the last update that it is done with
	PRIMARY KEY (account, id)
) WITHOUT ROWID;

-- Events that are not acknowledged: those that wait, and those that were given up.
CREATE TABLE deliveries (
	account bigint NOT NULL,
	notification bigint NOT NULL,
	number bigint NOT NULL, -- of the last update of its submission
	action bigint NOT NULL,
	submission bigint NOT NULL,
	attempts bigint NOT NULL,
	due bigint, -- the next attempt, not before that of an earlier one of its action; none once given up
	lost bigint, -- when it was given up; none while it waits
	tried bigint, -- the last attempt
	status bigint NOT NULL, -- HTTP status of the last answer, or 0
	error text NOT NULL,
	PRIMARY KEY (account, notification, number)
) WITHOUT ROWID;
CREATE INDEX deliveries_due ON deliveries (account, notification, due, number) WHERE due IS NOT NULL;
CREATE INDEX deliveries_action ON deliveries (account, notification, action, number) WHERE due IS NOT NULL;
CREATE INDEX deliveries_lost ON deliveries (account, lost) WHERE lost IS NOT NULL;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('notifications', 'notifications', '20 20 1'),
	('deliveries', 'deliveries', '10000 10000 1000 1'),
	('deliveries', 'deliveries_due', '10000 10000 1000 10 1'),
	('deliveries', 'deliveries_action', '10000 10000 1000 2 1'),
	('deliveries', 'deliveries_lost', '10000 10000 2');
ANALYZE sqlite_schema;
