// Package wal keeps SQLite's write-ahead log (WAL) fast and short.
//
// Its VFS merges the writes of one commit into a single write, and its Checkpointer
// copies the WAL back into the database file beside the writer, so that no
// transaction waits for a long checkpoint.
package wal
