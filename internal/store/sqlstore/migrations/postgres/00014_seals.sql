-- +goose Up

-- Each row gets a seal, a hash of its columns, and each account a digest of each table: the
-- number of its rows and the XOR of their seals. The rows of tables that keep them are
-- sealed once the migrations are done: those of the tables that a negative number of rows
-- marks, and '' stands for all of them. A later migration that changes rows marks their table.
CREATE TABLE digests (
	account bigint NOT NULL, -- 0 for a table with one row for each account
	table_name text NOT NULL,
	row_count bigint NOT NULL,
	seals bigint NOT NULL,
	PRIMARY KEY (account, table_name)
);
INSERT INTO digests (account, table_name, row_count, seals) VALUES (0, '', -1, 0);

ALTER TABLE accounts ADD COLUMN seal bigint NOT NULL DEFAULT 0;
ALTER TABLE submissions ADD COLUMN seal bigint NOT NULL DEFAULT 0;
ALTER TABLE outcomes ADD COLUMN seal bigint NOT NULL DEFAULT 0;
ALTER TABLE actions ADD COLUMN seal bigint NOT NULL DEFAULT 0;
ALTER TABLE items ADD COLUMN seal bigint NOT NULL DEFAULT 0;
ALTER TABLE updates ADD COLUMN seal bigint NOT NULL DEFAULT 0;
ALTER TABLE reference ADD COLUMN seal bigint NOT NULL DEFAULT 0;
ALTER TABLE clicks ADD COLUMN seal bigint NOT NULL DEFAULT 0;
ALTER TABLE tokens ADD COLUMN seal bigint NOT NULL DEFAULT 0;
ALTER TABLE keys ADD COLUMN seal bigint NOT NULL DEFAULT 0;
ALTER TABLE inquiries ADD COLUMN seal bigint NOT NULL DEFAULT 0;
ALTER TABLE audit_events ADD COLUMN seal bigint NOT NULL DEFAULT 0;
ALTER TABLE parking ADD COLUMN seal bigint NOT NULL DEFAULT 0;
ALTER TABLE retries ADD COLUMN seal bigint NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN seal bigint NOT NULL DEFAULT 0;
ALTER TABLE file_contents ADD COLUMN seal bigint NOT NULL DEFAULT 0;
ALTER TABLE file_rows ADD COLUMN seal bigint NOT NULL DEFAULT 0;
ALTER TABLE notifications ADD COLUMN seal bigint NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN seal bigint NOT NULL DEFAULT 0;
