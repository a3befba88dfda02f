package sqldb

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const upsertText = "INSERT INTO texts (account, number, content) VALUES (?, ?, ?) ON CONFLICT (account, number) DO UPDATE SET content = excluded.content"

// TestScrubbedFilesHaveNoDeletedRows scrubs while two processes write rows of all lengths and
// readers hold snapshots. Both have pages with deleted rows in their caches.
func TestScrubbedFilesHaveNoDeletedRows(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, other := open(t, dir), open(t, dir)
	random := rand.New(rand.NewPCG(1, 2))
	text := func(word string) string { return strings.Repeat(word, 1+random.IntN(30)) }
	const rows, perCommit = 400, 50
	write := func(content func(number int64) string) {
		t.Helper()
		for first := int64(0); first < rows; first += perCommit {
			err := []*DB{db, other}[random.IntN(2)].Write(t.Context(), func(s *Session) (err error) {
				for number := first; err == nil && number < first+perCommit; number++ {
					err = s.Exec(upsertText, tenant, number, content(number))
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	write(func(int64) string { return text("secret") })
	write(func(int64) string {
		return strings.Repeat(text("secret"), 1+random.IntN(2)*random.IntN(100)) + text("public")
	})
	write(func(number int64) string { return fmt.Sprint("erased ", number) })
	working, stop := context.WithCancel(t.Context())
	var work sync.WaitGroup
	for i, writer := range []*DB{db, other} {
		work.Go(func() {
			random := rand.New(rand.NewPCG(3, uint64(i)))
			for working.Err() == nil {
				content := strings.Repeat("public", random.IntN(900))
				if err := writer.Write(working, func(s *Session) error {
					return s.Exec(upsertText, int64(i+2), random.Int64N(500), content)
				}); err != nil && working.Err() == nil {
					t.Error(err)
					return
				}
				if err := writer.Read(working, tenant, func(s *Session) error {
					return s.Row("SELECT count(*) FROM texts", nil, new(int64))
				}); err != nil && working.Err() == nil {
					t.Error(err)
					return
				}
			}
		})
	}
	err := db.Scrub(t.Context())
	stop()
	work.Wait()
	if err != nil {
		t.Fatal(err)
	}
	db.checkpointer.Truncate()
	for _, name := range SQLiteFiles() {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(content, []byte("secret")); n > 0 {
			t.Errorf("%s has %d deleted rows", name, n)
		}
	}
	lookup(t, db, func(s *Session) error {
		var result string
		err := s.Row("PRAGMA integrity_check", nil, &result)
		if result != "ok" {
			t.Errorf("the file is damaged: %s", result)
		}
		return err
	})
	if found := count(t, db); found < rows {
		t.Errorf("%d rows are left", found)
	}
}
