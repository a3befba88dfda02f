package demo_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

// standing is how far an action is on the way to its payment.
type standing struct {
	State ledger.State
	// Cleared reports whether the payout is due.
	Cleared     bool
	Invoice     string
	Status      invoice.Status
	Adjustments int
}

var standings = map[string]standing{
	demo.OrderPending:  {State: ledger.Pending},
	demo.OrderLocked:   {State: ledger.Approved},
	demo.OrderCleared:  {State: ledger.Approved, Cleared: true},
	demo.OrderCarried:  {State: ledger.Approved, Cleared: true},
	demo.OrderInvoiced: {State: ledger.Approved, Cleared: true, Invoice: "10002-3", Status: invoice.Pending},
	demo.OrderAdjusted: {State: ledger.Approved, Cleared: true, Invoice: "10002-2", Status: invoice.Paid, Adjustments: 1},
	demo.OrderPaid:     {State: ledger.Approved, Cleared: true, Invoice: "10002-1", Status: invoice.Paid},
	demo.OrderOverdue:  {State: ledger.Approved, Cleared: true, Invoice: "10005-1", Status: invoice.Overdue},
}

// readStandings returns the standing of the order of each state.
func readStandings(t *testing.T, st *sqlstore.Store, at time.Time) map[string]standing {
	t.Helper()
	reference, err := st.Reference(t.Context(), demo.Account, at)
	if err != nil {
		t.Fatal(err)
	}
	var found []ledger.Action
	adjustments := map[ids.ActionID]int{}
	err = st.Read(t.Context(), demo.Account, func(r store.Reader) error {
		for order := range standings {
			_, actions, err := r.Actions(search.ActionFilter{Order: order}, search.Page{Size: 1, Number: 1})
			if err != nil {
				return err
			}
			for a, err := range actions {
				if err != nil {
					return err
				}
				found = append(found, a)
				adjusted, _, err := r.Adjustments(search.AdjustmentFilter{Action: a.ID}, search.Page{Size: 1, Number: 1})
				if err != nil {
					return err
				}
				adjustments[a.ID] = adjusted.Total
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]standing{}
	err = st.Read(t.Context(), demo.Account, func(snapshot store.Reader) error {
		r := snapshot.Statements()
		for _, a := range found {
			clearing := reference.ClearingDate(a.Terms, a.LockingDate)
			settlements, err := r.Settlements(a.Partner, at)
			if err != nil {
				return err
			}
			s, _ := settlements.Find(clearing)
			got[a.Order] = standing{a.State(at), !at.Before(clearing), s.ID.String(), s.Status, adjustments[a.ID]}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestEveryStateIsShownWheneverTheDemoStarts(t *testing.T) {
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	for name, local := range map[string]time.Time{
		"at the beginning of a month":   time.Date(2026, 12, 1, 0, 0, 0, 0, zone),
		"at the end of a month":         time.Date(2026, 8, 31, 23, 59, 59, 999_999_000, zone),
		"on the first day of March":     time.Date(2027, 3, 1, 7, 0, 0, 0, zone),
		"on the last day of the year":   time.Date(2026, 12, 31, 12, 0, 0, 0, zone),
		"in the middle of a long month": time.Date(2027, 7, 15, 12, 0, 0, 0, zone),
		"on 29 February":                time.Date(2028, 2, 29, 18, 0, 0, 0, zone),
		"when summer time begins":       time.Date(2026, 3, 8, 3, 0, 0, 0, zone),
		"when an hour comes twice":      time.Date(2026, 11, 1, 1, 30, 0, 0, zone),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := open(t)
			if err := demo.SeedHistory(t.Context(), st, local); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(standings, readStandings(t, st, local)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			err := st.Read(t.Context(), demo.Account, func(snapshot store.Reader) error {
				r := snapshot.Statements()
				overdue, err := r.Invoice(invoice.ID{Partner: 10005, Number: 1})
				if err != nil {
					return err
				}
				if c := overdue.Converted; c == nil || c.Currency != "EUR" || overdue.VAT == 0 {
					t.Errorf("the overdue invoice is %+v", overdue)
				}
				balances, err := r.Balances([]int64{10001, 10002, 10003, 10004}, local)
				if err != nil {
					return err
				}
				if b := balances; b[0].Pending <= 0 || b[2].Locked <= 0 || b[1].Paid <= 0 || b[1].Owed() <= 0 || b[2].Carried <= 0 || b[3].Cleared <= 0 {
					t.Errorf("balances %+v", b)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
