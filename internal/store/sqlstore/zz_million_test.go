package sqlstore

import (
	"fmt"
	"os"
	"testing"
	"time"

	trueup "github.com/trueup-ledger/trueup"
	"github.com/trueup-ledger/trueup/internal/store"
)

func TestZZFill(t *testing.T) {
	dir := os.Getenv("MILLION")
	if dir == "" {
		t.Skip()
	}
	st, err := OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	record(t, st)
	at := now
	began := time.Now()
	clock := now
	for made := 0; made < 1_000_000; {
		batch := make([]store.Submission, 1000)
		for i := range batch {
			made++
			at = at.Add(-time.Second * 3)
			batch[i] = conversion(fmt.Sprintf("order-%d", made), at)
		}
		clock = clock.Add(time.Minute * 5)
		if _, err := st.Accept(t.Context(), account, clock, batch); err != nil {
			t.Fatal(err)
		}
		if n, err := st.Apply(t.Context(), account, clock, len(batch), trueup.Decide); n != len(batch) || err != nil {
			t.Fatal(n, err)
		}
		if made%100000 == 0 {
			t.Log(made, time.Since(began))
		}
	}
}
