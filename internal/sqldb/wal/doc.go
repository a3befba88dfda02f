// Package wal makes commits to SQLite's write-ahead log (WAL) fast and keeps the log short.
//
// Its [VFS] merges the writes of a commit into one, and its [Checkpointer] copies the WAL
// into the database file in the background, so that no transaction waits for a long
// checkpoint.
package wal
