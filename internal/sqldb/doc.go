// Package sqldb runs the same SQL on SQLite and PostgreSQL: it opens databases, migrates
// them, pools sessions with prepared statements, and runs transactions. It is independent
// of the schema.
//
// Statements are written once, in SQLite's syntax with ?1 or ? as parameters. A [Dialect]
// describes the differences that callers must handle.
package sqldb
