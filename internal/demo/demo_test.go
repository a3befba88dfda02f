package demo_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/refdata"
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

func submissions(t *testing.T, account int64, at time.Time) []store.Submission {
	t.Helper()
	all, err := demo.Submissions(account, at)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func payloads(all []store.Submission) (list []string) {
	for _, s := range all {
		list = append(list, s.Payload)
	}
	return list
}

func TestTheContentIsTheSameEveryTime(t *testing.T) {
	// The sums of all payloads: who changes the demo on purpose changes them too.
	for account, want := range map[int64]string{
		demo.Account:      "780cfb46bb711a28",
		demo.AccountJapan: "f7c3053c6de136e9",
	} {
		all := payloads(submissions(t, account, start))
		sum := sha256.Sum256([]byte(strings.Join(all, "\n")))
		if got := hex.EncodeToString(sum[:8]); got != want {
			t.Errorf("account %d: %d submissions sum up to %s, want %s", account, len(all), got, want)
		}
		if diff := cmp.Diff(all, payloads(submissions(t, account, start))); diff != "" {
			t.Errorf("account %d differs the second time:\n%s", account, diff)
		}
	}
}

func TestEventDatesAreRelativeToTheStart(t *testing.T) {
	later := submissions(t, demo.Account, start.Add(1000*time.Hour))
	for i, s := range submissions(t, demo.Account, start) {
		c, is := s.Command.(ledger.Conversion)
		if !is {
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

func list(t *testing.T, st store.Store, account int64, f ledger.SubmissionFilter) (all []store.Submission) {
	t.Helper()
	err := st.Read(t.Context(), account, func(r store.Reader) error {
		_, found, err := r.Submissions(f, ledger.Page{Size: 20_000, Number: 1})
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

func TestSeed(t *testing.T) {
	t.Parallel()
	st := open(t)
	if err := demo.Seed(t.Context(), st, start); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]func(*testing.T, store.Store){
		"lists are alive":                                        listsAreAlive,
		"the worked examples are there":                          workedExamplesAreThere,
		"the first partner has terms for all four event types":   firstPartnerHasAllTerms,
		"a new token keeps the SID and shuts the old secret out": newTokenKeepsTheSID,
	} {
		t.Run(name, func(t *testing.T) { test(t, st) })
	}
}

func listsAreAlive(t *testing.T, st store.Store) {
	for _, account := range []int64{demo.Account, demo.AccountJapan} {
		for _, s := range list(t, st, account, ledger.SubmissionFilter{}) {
			if s.Outcome.Completed.IsZero() || s.Outcome.Code != "" {
				t.Errorf("submission %d of account %d, %s: %+v", s.Number, account, s.Payload, s.Outcome)
			}
		}
	}
	states := map[ledger.State]int{}
	modified := 0
	err := st.Read(t.Context(), demo.Account, func(r store.Reader) error {
		_, actions, err := r.Actions(ledger.ActionFilter{Campaign: 1000}, ledger.Page{Size: 20_000, Number: 1})
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
		t.Errorf("states %v, %d modified: too few of something", states, modified)
	}
}

func workedExamplesAreThere(t *testing.T, st store.Store) {
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
			made := list(t, st, c.account, ledger.SubmissionFilter{Order: order})
			if len(made) != 1 {
				t.Fatalf("%d submissions have the order", len(made))
			}
			err := st.Read(t.Context(), c.account, func(r store.Reader) error {
				a, err := r.Action(made[0].Outcome.Action)
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
				if days := a.Locking.Sub(a.EventDate).Hours() / 24; days < 730 || days > 731.1 || a.ID.EventType != c.eventType {
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

func firstPartnerHasAllTerms(t *testing.T, st store.Store) {
	reference, err := st.Reference(t.Context(), demo.Account, start)
	if err != nil {
		t.Fatal(err)
	}
	first := int64(1 << 62)
	for id := range reference.Partners {
		first = min(first, id)
	}
	if reference.Partners[first].State != ledger.StateActive {
		t.Errorf("partner %d is not active", first)
	}
	for _, eventType := range []int64{2240, 2241, 2242, 2243} {
		found := false
		for of, versions := range reference.Terms {
			contract := reference.Contracts[of.Contract]
			found = found || of.EventType == eventType && contract.Partner == first && contract.InForce(start) &&
				versions[0].Locking == ledger.Locking{Days: 730}
		}
		if !found {
			t.Errorf("partner %d has no terms for event type %d", first, eventType)
		}
	}
	effects := map[ledger.Effect]bool{}
	for _, d := range reference.EventTypes[2240].Dispositions {
		effects[d.Effect] = true
	}
	if len(effects) != 3 {
		t.Errorf("event type 2240 has codes of the effects %v only", effects)
	}
}

// TestSeedFinishesWhatWasCutShort begins as Seed does and stops half way, as a
// kill between two commits would.
func TestSeedFinishesWhatWasCutShort(t *testing.T) {
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
	for hours := range 2 { // the second time there is nothing left to do
		if err := demo.Seed(t.Context(), st, start.Add(time.Duration(hours+1)*time.Hour)); err != nil {
			t.Fatal(err)
		}
		for _, account := range []int64{demo.Account, demo.AccountJapan} {
			at := start
			if account == demo.AccountJapan {
				at = start.Add(time.Hour) // it began with the second start
			}
			got := payloads(list(t, st, account, ledger.SubmissionFilter{}))
			want := payloads(submissions(t, account, at))
			if diff := cmp.Diff(want, got, cmpopts.SortSlices(func(a, b string) bool { return a < b })); diff != "" {
				t.Errorf("account %d (-want +got):\n%s", account, diff)
			}
		}
	}
}

func newTokenKeepsTheSID(t *testing.T, st store.Store) {
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
		t.Errorf("token %+v: %v and %v; want the second secret alone to open it", token, stale, err)
	}
	for _, sid := range []string{demo.SID, demo.SIDJapan} {
		if len(sid) != 34 || !strings.HasPrefix(sid, "IR") {
			t.Errorf("SID %q is not IR and 32 letters or digits", sid)
		}
	}
}
