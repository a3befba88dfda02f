package sqlstore_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// fillEverything adds an account with every kind of record, also those that are deleted in
// the end: a file that is being read and a queued submission that is parked.
func fillEverything(t *testing.T, st *sqlstore.Store) {
	t.Helper()
	callEverything(t, st)
	adjustOrder(t, st)
	billEverything(t, st)
	archiveEverything(t, st)
	for i := range 3 {
		accepted, err := st.Accept(t.Context(), account, now, []store.Submission{modification(int64(1+i%2), 1)})
		if err != nil {
			t.Fatal(err)
		}
		if err := st.Park(t.Context(), account, now, accepted[0].ID, byTest); err != nil {
			t.Fatal(err)
		}
		if _, _, err := st.AcceptFile(t.Context(), account, now, store.NewFile{Event: byTest, Name: "b.csv", Content: []byte{'b', byte(i)}}); err != nil {
			t.Fatal(err)
		}
		token := store.Token{SID: fmt.Sprint("t", i), Account: account, Created: now, OldUntil: now, Expires: now, OldHash: ids.Hash{1}}
		if err := st.SaveToken(t.Context(), token, byTest); err != nil {
			t.Fatal(err)
		}
	}
	wantSound(t, st)
}

// archiveEverything archives actions and submissions without effect, one file of each. The adjusted
// order stays, because an inquiry names it.
func archiveEverything(t *testing.T, st *sqlstore.Store) {
	t.Helper()
	_, err := st.Record(t.Context(), account, now, byTest, func(current *program.Reference, _ time.Time) (store.ReferenceChange, error) {
		settings := current.Account
		settings.RetainActionsDays, settings.RetainSubmissionsDays = new(32), new(90)
		return store.ReferenceChange{Reference: program.Reference{Account: settings}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	claim := inquiry.Claim{Order: "late", Campaign: 1000, Partner: 501, Date: now, Type: inquiry.TypeUntracked}
	if _, err := st.CreateInquiry(t.Context(), account, now, claim, byTest); err != nil {
		t.Fatal(err)
	}
	for n := range 2 {
		late := now.AddDate(7+n, 0, 0)
		bill(t, st, late)
		accepted, err := st.Accept(t.Context(), account, late, []store.Submission{modification(99, 1)})
		if err == nil {
			_, err = st.Apply(t.Context(), account, late, store.MaxBatch, ledger.Decide)
		}
		removed, retainErr := st.Retain(t.Context(), account, late, new(storetest.ArchiveFolder), byTest)
		_, retryErr := st.Retry(t.Context(), account, late, accepted[0].ID, byTest)
		if err := errors.Join(err, retainErr, retryErr); err != nil || len(removed.Files) == 0 || removed.BridgeOrders != 2 {
			t.Fatalf("removed %v, error %v", removed, err)
		}
		for _, order := range []string{"waiting", "uncredited"} { // they stay until the next year
			_, _, err := st.UpdateBridgeOrder(t.Context(), account, late, store.BridgeKey{Bridge: 1, Order: order}, func(o *store.BridgeOrder, _ *program.Reference) ([]store.Submission, error) {
				o.State, o.Document = store.BridgeWaiting, "{}"
				return nil, nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// adjustOrder tracks an order that is locked and adjusts it three times.
func adjustOrder(t *testing.T, st *sqlstore.Store) {
	t.Helper()
	four := money.Whole(4)
	key := program.TermsKey{TermsOf: program.TermsOf{Contract: 9, EventType: 2240}, Version: 2}
	late := program.Terms{
		TermsKey: key, Level: program.LevelOrder, Default: program.Payout{Rate: &four}, Locking: program.Locking{Days: 1}, LateReturns: 30,
	}
	if _, err := st.Record(t.Context(), account, now, byTest, func(*program.Reference, time.Time) (store.ReferenceChange, error) {
		return store.ReferenceChange{Reference: program.Reference{Terms: map[program.TermsOf][]program.Terms{key.TermsOf: {late}}}}, nil
	}); err != nil {
		t.Fatal(err)
	}
	accepted, err := st.Accept(t.Context(), account, now, []store.Submission{conversion("late", now.AddDate(0, 0, -5))})
	if err != nil {
		t.Fatal(err)
	}
	number := accepted[0].Submission.Number
	for _, next := range []store.Submission{modification(number, 1), undo(number + 1), modification(number, 0)} {
		if _, err := st.Accept(t.Context(), account, now, []store.Submission{next}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := st.Apply(t.Context(), account, now, store.MaxBatch, ledger.Decide); err != nil {
		t.Fatal(err)
	}
}
