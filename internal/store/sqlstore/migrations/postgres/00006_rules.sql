-- +goose Up

-- The version of the rules that decide the submission. Those of version 0.1 have 1.
ALTER TABLE submissions ADD COLUMN rules smallint NOT NULL DEFAULT 1;
