package demo_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/verify"
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

var errInterrupted = errors.New("interrupted")

// interruptedStore fails after a number of commits, as in a crash.
type interruptedStore struct {
	*sqlstore.Store
	left int
}

func (s *interruptedStore) commit() error {
	if s.left--; s.left < 0 {
		return errInterrupted
	}
	return nil
}

func (s *interruptedStore) Record(ctx context.Context, account int64, now time.Time, e store.AuditEvent, amend store.AmendReference) (int, error) {
	if err := s.commit(); err != nil {
		return 0, err
	}
	return s.Store.Record(ctx, account, now, e, amend)
}

func (s *interruptedStore) Accept(ctx context.Context, account int64, now time.Time, batch []store.Submission) ([]store.Accepted, error) {
	if err := s.commit(); err != nil {
		return nil, err
	}
	return s.Store.Accept(ctx, account, now, batch)
}

func (s *interruptedStore) Apply(ctx context.Context, account int64, now time.Time, limit int, decide store.Decide) (int, error) {
	if err := s.commit(); err != nil {
		return 0, err
	}
	return s.Store.Apply(ctx, account, now, limit, decide)
}

func (s *interruptedStore) Bill(ctx context.Context, account int64, now time.Time) (store.Billed, error) {
	if err := s.commit(); err != nil {
		return store.Billed{}, err
	}
	return s.Store.Bill(ctx, account, now)
}

func (s *interruptedStore) RecordPayments(ctx context.Context, account int64, now time.Time, payments []store.Payment, e store.AuditEvent) error {
	if err := s.commit(); err != nil {
		return err
	}
	return s.Store.RecordPayments(ctx, account, now, payments, e)
}

// TestSeedResumes interrupts Seed again and again, each time an hour and a commit later.
func TestSeedResumes(t *testing.T) {
	t.Parallel()
	st := open(t)
	now := start
	for commits := 0; ; commits++ {
		err := demo.Seed(t.Context(), &interruptedStore{st, commits}, now)
		if err == nil {
			break
		}
		if !errors.Is(err, errInterrupted) {
			t.Fatal(err)
		}
		now = now.Add(time.Hour)
	}
	if err := demo.Seed(t.Context(), &interruptedStore{st, 0}, now); err != nil {
		t.Errorf("the second time there is nothing to do: %v", err)
	}
	for account, age := range map[int64]time.Duration{demo.Account: 200 * 24 * time.Hour, demo.AccountJapan: 0} {
		all := list(t, st, account, search.SubmissionFilter{})
		first := slices.MinFunc(all, func(a, b store.Submission) int { return a.Accepted.Compare(b.Accepted) }).Accepted
		got, want := payloads(all), payloads(submissions(t, account, first.Add(age)))
		if diff := cmp.Diff(want, got, cmpopts.SortSlices(func(a, b string) bool { return a < b })); diff != "" {
			t.Errorf("account %d (-want +got):\n%s", account, diff)
		}
	}
	if diff := cmp.Diff(standings, readStandings(t, st, now)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	violations, err := verify.Store(t.Context(), st, ledger.Decide)
	if err != nil || len(violations) > 0 {
		t.Errorf("violations %v, %v", violations, err)
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
