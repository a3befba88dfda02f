-- +goose Up

-- Tokens that were there may do what they did: everything in their account.
ALTER TABLE tokens ADD COLUMN scopes text NOT NULL DEFAULT '*'; -- separated by spaces
ALTER TABLE tokens ADD COLUMN hourly bigint NOT NULL DEFAULT 0; -- requests, 0 for no limit
ALTER TABLE tokens ADD COLUMN expires bigint;
ALTER TABLE tokens ADD COLUMN old_hash blob; -- of the secret before, which opens until then
ALTER TABLE tokens ADD COLUMN old_until bigint;
