-- +goose Up

-- Attributes that no rule, filter or index reads are stored as one JSON object, without
-- the empty ones: a new attribute needs no column.
ALTER TABLE actions ADD COLUMN attributes text NOT NULL DEFAULT '';
UPDATE actions SET attributes = json_strip_nulls(json_build_object('CallerID', nullif(caller_id, ''), 'IPHash', nullif(ip_hash, ''), 'SharedID', nullif(shared_id, ''), 'Note', nullif(note, ''), 'Extras', CASE WHEN extras <> '' THEN extras::json END))::text
	WHERE caller_id <> '' OR ip_hash <> '' OR shared_id <> '' OR note <> '' OR extras <> '';
ALTER TABLE actions DROP COLUMN caller_id, DROP COLUMN ip_hash, DROP COLUMN shared_id, DROP COLUMN note, DROP COLUMN extras;

ALTER TABLE items ADD COLUMN attributes text NOT NULL DEFAULT '';
UPDATE items SET attributes = json_strip_nulls(json_build_object('MPN', nullif(mpn, ''), 'Brand', nullif(brand, ''), 'Promo', nullif(promo, '')))::text
	WHERE mpn <> '' OR brand <> '' OR promo <> '';
ALTER TABLE items DROP COLUMN mpn, DROP COLUMN brand, DROP COLUMN promo;
