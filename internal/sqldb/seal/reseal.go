package seal

import (
	"slices"

	"github.com/trueup-ledger/trueup/internal/sqldb/bulk"
)

// Session runs statements.
type Session interface {
	Rows(text string, args, dest []any, each func() error) error
	Exec(text string, args ...any) error
	WriteRows(b bulk.Statement, rows [][]any) error
}

// Mark makes [Catalogue.Reseal] seal the rows of a table.
func Mark(s Session, table string) error {
	return s.Exec("INSERT INTO digests (account, table_name, row_count, seals) VALUES (0, ?, -1, 0) "+
		"ON CONFLICT (account, table_name) DO UPDATE SET row_count = -1", table)
}

// Reseal seals the rows of tables that migrations marked: a migration that adds seals to a
// table or rewrites its rows inserts a digest of account 0 with the table's name, or an
// empty one for all tables, and a negative number of rows. Each call of inTx is a
// transaction. Reseal can be repeated if it was interrupted.
func (c Catalogue) Reseal(inTx func(f func(Session) error) error) error {
	if len(c.Tables) == 0 {
		return nil
	}
	var marked []string
	if err := inTx(func(s Session) error {
		var name string
		return s.Rows("SELECT table_name FROM digests WHERE account = 0 AND row_count < 0", nil, []any{&name}, func() error {
			marked = append(marked, name)
			return nil
		})
	}); err != nil || len(marked) == 0 {
		return err
	}
	for name, t := range c.Tables {
		if !slices.Contains(marked, "") && !slices.Contains(marked, name) {
			continue
		}
		if err := t.reseal(inTx); err != nil {
			return err
		}
	}
	return inTx(func(s Session) error { return s.Exec("DELETE FROM digests WHERE account = 0 AND row_count < 0") })
}

// reseal seals the rows of the table, a chunk in each transaction, and then stores its
// digests.
func (t *Table) reseal(inTx func(f func(Session) error) error) error {
	digests := make(map[int64]digest)
	var all []int64
	err := inTx(func(s Session) (err error) {
		all, err = accounts(s.Rows, t.Name)
		return err
	})
	for _, account := range all {
		d := digests[t.digestAccount(account)]
		for last, more := []any(nil), true; more && err == nil; more = last != nil {
			err = inTx(func(s Session) (err error) {
				last, err = t.resealChunk(s, account, last, &d)
				return err
			})
		}
		digests[t.digestAccount(account)] = d
	}
	if err != nil || t.numbered {
		return err
	}
	return inTx(func(s Session) error {
		outdated := "DELETE FROM digests WHERE table_name = ?"
		if len(t.Keys) > 1 { // otherwise the mark has the key of the digest
			outdated += " AND row_count >= 0"
		}
		if err := s.Exec(outdated, t.Name); err != nil {
			return err
		}
		for account, d := range digests {
			if err := s.WriteRows(addDigest, [][]any{{account, t.Name, d.rows, d.seals}}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *Table) resealChunk(s Session, account int64, last []any, d *digest) (next []any, err error) {
	var rows [][]any
	next, err = t.chunk(s.Rows, account, last, func(r Row) {
		d.rows++
		d.seals ^= r.Sum
		if r.Seal != r.Sum {
			rows = append(rows, append(slices.Clone(r.Keys), r.Sum))
		}
	})
	if err != nil {
		return nil, err
	}
	return next, s.WriteRows(t.updateSeals(), rows)
}
