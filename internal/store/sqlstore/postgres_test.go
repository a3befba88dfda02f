package sqlstore_test

import (
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
)

func TestPostgresConforms(t *testing.T) {
	template := postgresTemplate(t)
	storetest.Run(t, func(t *testing.T) storetest.Reopen {
		url := pgtest.Copy(t, template)
		return func() store.Store { // the suite closes it
			st, err := sqlstore.OpenPostgres(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			return st.Roles()
		}
	})
}

// TestDistributedPostgresConforms runs the suite on one server with the statements for a
// distributed database, and checks that each of them is for one node.
func TestDistributedPostgresConforms(t *testing.T) {
	url := pgtest.Schema(t)
	reference := openDistributed(t, url)
	template := postgresTemplate(t)
	var texts statements
	t.Run("suite", func(t *testing.T) {
		storetest.Run(t, func(t *testing.T) storetest.Reopen {
			url := pgtest.Copy(t, template)
			return func() store.Store { // the suite closes it
				st, err := sqlstore.OpenPostgres(t.Context(), url)
				if err != nil {
					t.Fatal(err)
				}
				st.DB().Dialect().Distributed = true
				roles := st.Roles()
				roles.Closer = recordingCloser{st, &texts}
				return roles
			}
		})
	})
	checkRouted(t, url, reference.DB().Dialect(), slices.Sorted(maps.Keys(texts.seen)), 100)
}

// openDistributed opens the store at a URL, with the statements for a distributed database,
// until the test ends.
func openDistributed(t testing.TB, url string) *sqlstore.Store {
	t.Helper()
	st := openPostgres(t, url)
	st.DB().Dialect().Distributed = true
	return st
}

// statements are the texts of statements that stores prepared.
type statements struct {
	mu   sync.Mutex
	seen map[string]bool
}

func (s *statements) add(texts []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen == nil {
		s.seen = make(map[string]bool)
	}
	for _, text := range texts {
		s.seen[text] = true
	}
}

// recordingCloser records the statements of a store before it closes the store.
type recordingCloser struct {
	*sqlstore.Store
	texts *statements
}

func (c recordingCloser) Close() error {
	c.texts.add(c.DB().Statements())
	return c.Store.Close()
}
