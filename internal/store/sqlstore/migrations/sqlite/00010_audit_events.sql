-- +goose Up

-- The audit log gets the names that the program uses.
ALTER TABLE deeds RENAME TO audit_events;
ALTER TABLE audit_events RENAME COLUMN via TO source;
ALTER TABLE audit_events RENAME COLUMN verb TO operation;

UPDATE sqlite_stat1 SET tbl = 'audit_events', idx = 'audit_events' WHERE tbl = 'deeds';
ANALYZE sqlite_schema;
