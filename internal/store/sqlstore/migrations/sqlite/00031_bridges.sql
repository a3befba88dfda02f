-- +goose Up

-- What the webhooks of shops said about orders.
CREATE TABLE bridge_orders (
	account bigint NOT NULL,
	bridge bigint NOT NULL,
	order_id text NOT NULL, -- at the platform
	received bigint NOT NULL, -- the first webhook
	changed bigint NOT NULL, -- the last one that changed the order
	state text NOT NULL,
	reason text NOT NULL, -- why nothing was submitted, or ''
	document text NOT NULL, -- JSON
	seal bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (account, bridge, order_id)
) WITHOUT ROWID;
CREATE INDEX bridge_orders_state ON bridge_orders (account, bridge, state, order_id);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('bridge_orders', 'bridge_orders', '1000000 1000000 500000 1'),
	('bridge_orders', 'bridge_orders_state', '1000000 1000000 500000 100000 1');
ANALYZE sqlite_schema;
