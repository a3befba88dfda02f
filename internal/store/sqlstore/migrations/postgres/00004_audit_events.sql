-- +goose Up

-- The audit log gets the names that the program uses.
ALTER TABLE deeds RENAME TO audit_events;
ALTER TABLE audit_events RENAME COLUMN via TO source;
ALTER TABLE audit_events RENAME COLUMN verb TO operation;
ALTER INDEX deeds_pkey RENAME TO audit_events_pkey;
