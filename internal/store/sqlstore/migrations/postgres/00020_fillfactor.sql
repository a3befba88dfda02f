-- +goose Up

-- The first modification of an item adds its present values to the row. Pages need room for
-- that, or the new version goes to another page and to each index.
ALTER TABLE items SET (fillfactor = 80);
