-- +goose Up

-- The decimal separator that the caller named for a file, or ''.
ALTER TABLE file_contents ADD COLUMN decimal_separator text NOT NULL DEFAULT '';
