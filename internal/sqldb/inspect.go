package sqldb

import (
	"database/sql"
	"maps"
	"slices"

	"github.com/trueup-ledger/trueup/internal/sqldb/wal"
)

// Statements returns the texts of the statements that idle sessions have prepared, without
// those of this package itself. Tests check the query plan of each.
func (db *DB) Statements() []string {
	texts := make(map[string]bool)
	for _, p := range []*pool{db.readers, db.lookups, db.writers} {
		p.mu.Lock()
		for _, s := range p.idle {
			for text := range s.statements {
				texts[text] = true
			}
		}
		p.mu.Unlock()
	}
	for _, own := range []string{db.dialect.beginRead, db.dialect.beginWrite, commit, rollback, wal.Measure} {
		delete(texts, own)
	}
	return slices.Sorted(maps.Keys(texts))
}

// Stats returns the statistics of the connections that write and of those that read. The
// database must be open for writing.
func (db *DB) Stats() (writers, readers sql.DBStats) {
	return db.writers.db.Stats(), db.readers.db.Stats()
}
