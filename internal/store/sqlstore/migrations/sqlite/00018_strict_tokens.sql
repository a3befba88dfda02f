-- +goose Up

-- Whether an unknown parameter is an error for requests with the token.
ALTER TABLE tokens ADD COLUMN strict bigint NOT NULL DEFAULT 0; -- 0 or 1
