-- +goose Up

-- The updates of a conversion have consecutive numbers, one for each item, and its outcome has
-- the first: they need no entries.
DROP INDEX updates_action;
CREATE INDEX updates_action ON updates (account, action, number) WHERE submission <> action;
