// Package sqldb runs SQL on SQLite and PostgreSQL alike: it opens databases, migrates
// them, pools sessions with prepared statements, and runs transactions. It knows no
// table.
//
// Statements are written once, in SQLite's spelling with ?1 or ? as parameters. A
// [Dialect] says what callers have to do differently on a database.
package sqldb
