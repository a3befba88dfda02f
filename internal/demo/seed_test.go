package demo_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestSeed(t *testing.T) {
	t.Parallel()
	st := open(t)
	if err := demo.Seed(t.Context(), st, start); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]func(*testing.T, *sqlstore.Store){
		"submissions are complete":                             testSubmissionsComplete,
		"the worked examples exist":                            testWorkedExamples,
		"the first partner has terms for all four event types": testFirstPartnerTerms,
		"a new token keeps the SID and revokes the old secret": testNewToken,
	} {
		t.Run(name, func(t *testing.T) { test(t, st) })
	}
}

func testSubmissionsComplete(t *testing.T, st *sqlstore.Store) {
	for _, account := range []int64{demo.Account, demo.AccountJapan} {
		for _, s := range list(t, st, account, search.SubmissionFilter{}) {
			if s.Outcome.Completed.IsZero() || s.Outcome.Code != "" {
				t.Errorf("submission %d of account %d, %s: %+v", s.Number, account, s.Payload, s.Outcome)
			}
		}
	}
	states := map[ledger.State]int{}
	modified := 0
	err := st.Read(t.Context(), demo.Account, func(r store.Reader) error {
		_, actions, err := r.Actions(search.ActionFilter{Campaign: 1000}, search.Page{Size: 20_000, Number: 1})
		if err != nil {
			return err
		}
		for a, err := range actions {
			if err != nil {
				return err
			}
			states[a.State(start)]++
			if a.Modifications > 0 {
				modified++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if states[ledger.Pending] < 1000 || states[ledger.Approved] < 300 || states[ledger.Reversed] < 50 || modified < 200 {
		t.Errorf("states %v, %d modified", states, modified)
	}
}

func testWorkedExamples(t *testing.T, st *sqlstore.Store) {
	type item struct {
		Quantity       int64
		Amount, Payout string
	}
	for order, c := range map[string]struct {
		account, eventType int64
		want               map[string]item
	}{
		"EXAMPLE-A":   {demo.Account, 2240, map[string]item{"12345": {2, "19.27", "0.77"}, "67890": {1, "2.72", "0.11"}}},
		"EXAMPLE-B":   {demo.Account, 2241, map[string]item{"BOX-TEA": {1, "11.11", "0.84"}, "BOX-SNACK": {1, "11.11", "0.83"}, "BOX-BOOK": {1, "11.11", "0.83"}}},
		"EXAMPLE-C":   {demo.Account, 2242, map[string]item{"OAR-180": {1, "30.00", "3.75"}, "OAR-COLLAR": {1, "10.00", "1.25"}}},
		"EXAMPLE-D":   {demo.Account, 2243, map[string]item{"SAMPLE-TEA": {3, "6.00", "0.75"}}},
		"EXAMPLE-YEN": {demo.AccountJapan, 3240, map[string]item{"12345": {3, "2999", "120"}}},
	} {
		t.Run(order, func(t *testing.T) {
			found := list(t, st, c.account, search.SubmissionFilter{Order: order})
			if len(found) != 1 {
				t.Fatalf("%d submissions have the order", len(found))
			}
			err := st.Read(t.Context(), c.account, func(r store.Reader) error {
				a, err := r.Action(found[0].Outcome.Action)
				if err != nil {
					return err
				}
				got := map[string]item{}
				for _, i := range a.Items {
					got[i.SKU] = item{i.Quantity, a.Currency.Format(i.Amount), a.Currency.Format(i.Payout)}
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("items (-want +got):\n%s", diff)
				}
				if days := a.LockingDate.Sub(a.EventDate).Hours() / 24; days < 730 || days > 731.1 || a.ID.EventType != c.eventType {
					t.Errorf("action %s locks after %v days", a.ID, days)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func testFirstPartnerTerms(t *testing.T, st *sqlstore.Store) {
	reference, err := st.Reference(t.Context(), demo.Account, start)
	if err != nil {
		t.Fatal(err)
	}
	first := int64(1 << 62)
	for id := range reference.Partners {
		first = min(first, id)
	}
	if reference.Partners[first].State != program.StateActive {
		t.Errorf("partner %d is not active", first)
	}
	for _, eventType := range []int64{2240, 2241, 2242, 2243} {
		found := false
		for of, versions := range reference.Terms {
			contract := reference.Contracts[of.Contract]
			found = found || of.EventType == eventType && contract.Partner == first && contract.InForce(start) &&
				versions[0].Locking == program.Locking{Days: 730}
		}
		if !found {
			t.Errorf("partner %d has no terms for event type %d", first, eventType)
		}
	}
	effects := map[program.Effect]bool{}
	for _, d := range reference.EventTypes[2240].Dispositions {
		effects[d.Effect] = true
	}
	if len(effects) != 3 {
		t.Errorf("event type 2240 has only codes of the effects %v", effects)
	}
}

// TestSeedResumes begins like Seed and stops between two commits, as a crash would.
func TestSeedResumes(t *testing.T) {
	t.Parallel()
	st := open(t)
	file, err := refdata.Parse(demo.ReferenceName, []byte(demo.Reference))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Record(t.Context(), st, start, store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "test"}, Operation: "record"}); err != nil {
		t.Fatal(err)
	}
	if _, err := st.Accept(t.Context(), demo.Account, start, submissions(t, demo.Account, start)[:1000]); err != nil {
		t.Fatal(err)
	}
	for hours := range 2 { // the second time there is nothing to do
		if err := demo.Seed(t.Context(), st, start.Add(time.Duration(hours+1)*time.Hour)); err != nil {
			t.Fatal(err)
		}
		for _, account := range []int64{demo.Account, demo.AccountJapan} {
			at := start
			if account == demo.AccountJapan {
				at = start.Add(time.Hour) // its demo first started with the second Seed
			}
			got := payloads(list(t, st, account, search.SubmissionFilter{}))
			want := payloads(submissions(t, account, at))
			if diff := cmp.Diff(want, got, cmpopts.SortSlices(func(a, b string) bool { return a < b })); diff != "" {
				t.Errorf("account %d (-want +got):\n%s", account, diff)
			}
		}
	}
}

func testNewToken(t *testing.T, st *sqlstore.Store) {
	if _, err := demo.NewToken(t.Context(), st, "IRunknown", start); err == nil {
		t.Error("a token for an unknown SID")
	}
	if _, err := st.Token(t.Context(), "IRunknown"); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("error %v, want not found", err)
	}
	first, err := demo.NewToken(t.Context(), st, demo.SID, start)
	if err != nil {
		t.Fatal(err)
	}
	second, err := demo.NewToken(t.Context(), st, demo.SID, start)
	if err != nil {
		t.Fatal(err)
	}
	_, stale := store.Authenticate(t.Context(), st, demo.SID, first, start)
	token, err := store.Authenticate(t.Context(), st, demo.SID, second, start)
	if stale == nil || err != nil || token.Account != demo.Account {
		t.Errorf("token %+v: %v and %v; want only the second secret to be valid", token, stale, err)
	}
	for _, sid := range []string{demo.SID, demo.SIDJapan} {
		if len(sid) != 34 || !strings.HasPrefix(sid, "IR") {
			t.Errorf("SID %q is not IR and 32 letters or digits", sid)
		}
	}
}
