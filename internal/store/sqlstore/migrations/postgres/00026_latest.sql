-- +goose Up

-- Updates find actions by the time of their last update.
DROP TABLE latest;
DELETE FROM digests WHERE table_name = 'latest';
