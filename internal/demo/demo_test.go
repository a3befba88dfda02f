package demo_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

var start = time.Date(2026, 11, 23, 7, 15, 42, 123456000, time.UTC)

func open(t *testing.T) *sqlstore.Store {
	t.Helper()
	st, err := sqlstore.OpenSQLite(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

func submissions(t *testing.T, account int64, at time.Time) (all []store.Submission) {
	t.Helper()
	steps, err := demo.Steps(account, at)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range steps {
		all = append(all, step.Submissions...)
	}
	return all
}

func payloads(all []store.Submission) (list []string) {
	for _, s := range all {
		list = append(list, s.Payload)
	}
	return list
}

func TestSubmissionsAreDeterministic(t *testing.T) {
	// Hashes of all payloads. An intended change of the demo changes them too.
	for account, want := range map[int64]string{
		demo.Account:      "153dd994168a1936",
		demo.AccountJapan: "f7c3053c6de136e9",
	} {
		all := payloads(submissions(t, account, start))
		sum := sha256.Sum256([]byte(strings.Join(all, "\n")))
		if got := hex.EncodeToString(sum[:8]); got != want {
			t.Errorf("account %d: the hash of %d submissions is %s, want %s", account, len(all), got, want)
		}
		if diff := cmp.Diff(all, payloads(submissions(t, account, start))); diff != "" {
			t.Errorf("account %d differs the second time:\n%s", account, diff)
		}
	}
}

func TestEventDatesAreRelativeToTheStart(t *testing.T) {
	later := submissions(t, demo.Account, start.Add(1000*time.Hour))
	for i, s := range submissions(t, demo.Account, start) {
		c, ok := s.Command.(ledger.Conversion)
		if !ok {
			continue
		}
		if strings.HasPrefix(c.Order, "STATE-") { // these are relative to months too
			continue
		}
		if age := start.Sub(c.EventDate); age < 0 || age > demo.Days*24*time.Hour+time.Second {
			t.Errorf("order %s is %v old", c.Order, age)
		}
		moved := later[i].Command.(ledger.Conversion)
		if got := moved.EventDate.Sub(c.EventDate); got != 1000*time.Hour {
			t.Errorf("order %s moved by %v with a start 1000 hours later", c.Order, got)
		}
	}
}

func list(t *testing.T, st store.Snapshots, account int64, f search.SubmissionFilter) (all []store.Submission) {
	t.Helper()
	err := st.Read(t.Context(), account, func(r store.Reader) error {
		_, found, err := r.Submissions(f, search.Page{Size: 20_000, Number: 1})
		if err != nil {
			return err
		}
		for s, err := range found {
			if err != nil {
				return err
			}
			all = append(all, s)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
