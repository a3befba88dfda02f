package sqlstore_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

func TestSizeGrowsWithTheRows(t *testing.T) {
	st := openSQLite(t, t.TempDir())
	before, err := st.Size(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fill(t, st, 500)
	after, err := st.Size(t.Context())
	if err != nil || after < before+500*100 {
		t.Errorf("%d bytes before and %d after 500 orders (%v)", before, after, err)
	}
}

func TestLimitCacheBoundsTheCacheOfTheWriter(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, openNew func() *sqlstore.Store) {
		st := openNew()
		if err := st.LimitCache(t.Context(), 4<<20); err != nil {
			t.Fatal(err)
		}
		if st.DB().Dialect().Name != sqldb.SQLite {
			return
		}
		var got int64
		err := st.DB().Write(t.Context(), func(s *sqldb.Session) error { return s.Row("PRAGMA cache_size", nil, &got) })
		if got != -4096 || err != nil {
			t.Errorf("the cache has the size %d, error %v, want 4096 KiB", got, err)
		}
	})
}
