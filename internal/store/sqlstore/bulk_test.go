package sqlstore

import (
	"fmt"
	"strings"
	"testing"
)

// bulk is what the tests of the copier write: rows of 256 pages, one in a commit.
type bulk struct {
	rows    [48]int // what was written last to each, 0 of nothing
	commits int
}

func (b *bulk) text(row int) string { return strings.Repeat(fmt.Sprintf("%07d ", b.rows[row]), 1<<17) }

func (b *bulk) write(t *testing.T, st *Store) error {
	t.Helper()
	row := b.commits % len(b.rows)
	next := *b
	next.commits++
	next.rows[row] = next.commits
	err := st.write(t.Context(), func(s *session) error {
		return s.exec("INSERT OR REPLACE INTO reference (account, kind, key, recorded, document) VALUES (1, 'x', 'x', ?, ?)", row, next.text(row))
	})
	if err == nil {
		*b = next
	}
	return err
}

// writeOn writes to the stores in turn until the log was begun anew so often, and answers
// how many pages it had at its longest.
func (b *bulk) writeOn(t *testing.T, stores []*Store, often int) (longest, anew int) {
	t.Helper()
	for before := 0; anew < often && b.commits < 1000; {
		st := stores[b.commits%len(stores)]
		if err := b.write(t, st); err != nil {
			t.Fatal(err)
		}
		if st.copier.pages < before {
			anew++
		}
		before = st.copier.pages
		longest = max(longest, before)
	}
	return longest, anew
}

// check closes the stores in a folder and opens it anew: all must be there.
func (b *bulk) check(t *testing.T, dir string, stores ...*Store) {
	t.Helper()
	for _, st := range stores {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}
	st := open(t, dir)
	err := st.lookup(t.Context(), func(s *session) error {
		for row := range min(b.commits, len(b.rows)) {
			var text string
			err := s.row("SELECT document FROM reference WHERE account = 1 AND recorded = ?", []any{row}, &text)
			if err != nil || text != b.text(row) {
				t.Errorf("row %d: %.8q, %v", row, text, err)
			}
		}
		var sound string
		err := s.row("PRAGMA quick_check", nil, &sound)
		if sound != "ok" {
			t.Error(sound)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
