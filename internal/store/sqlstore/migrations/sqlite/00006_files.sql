-- +goose Up

-- Batch files. Their rows are taken into the queue by batches; taken moves in the
-- commit of each.
CREATE TABLE files (
	account bigint NOT NULL,
	number bigint NOT NULL,
	accepted bigint NOT NULL,
	name text NOT NULL,
	kind text NOT NULL,
	sum blob NOT NULL, -- SHA-256 of its bytes
	records bigint NOT NULL, -- rows it has
	taken bigint NOT NULL, -- entries taken: rows, or orders of several rows
	faults bigint NOT NULL, -- rows that became no submission
	first_submission bigint NOT NULL, -- 0 if it has none
	last_submission bigint NOT NULL,
	read bigint, -- when the last entry was taken
	PRIMARY KEY (account, number)
) WITHOUT ROWID;
CREATE INDEX files_sum ON files (account, sum);
CREATE INDEX files_unread ON files (account, number) WHERE read IS NULL;

-- Only until all is taken: what is personal in a file is not kept as it came.
CREATE TABLE file_contents (
	account bigint NOT NULL,
	file bigint NOT NULL,
	content blob NOT NULL,
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
) WITHOUT ROWID;
CREATE INDEX file_rows_submission ON file_rows (account, submission, file, line) WHERE submission <> 0;
CREATE INDEX file_rows_fault ON file_rows (account, file, line) WHERE fault <> '';

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('files', 'files', '1000 1000 1'),
	('files', 'files_sum', '1000 1000 1'),
	('files', 'files_unread', '2 2 1'),
	('file_contents', 'sqlite_autoindex_file_contents_1', '2 2 1'),
	('file_rows', 'file_rows', '1000000 1000000 1000 1'),
	('file_rows', 'file_rows_submission', '1000000 1000000 1 1 1'),
	('file_rows', 'file_rows_fault', '10000 10000 20 1');
ANALYZE sqlite_schema;
