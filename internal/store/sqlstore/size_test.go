package sqlstore_test

import "testing"

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
