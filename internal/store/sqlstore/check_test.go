package sqlstore

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

func TestCheckFindsWhatBreaksEachLaw(t *testing.T) {
	for name, c := range map[string]struct {
		breach string
		laws   []int
		says   string
	}{
		"an action's amount":                   {"UPDATE actions SET amount = amount + 1 WHERE account = ? AND number = 1", []int{1, 3}, "action 1000.2240.1"},
		"an action's payout":                   {"UPDATE actions SET payout = payout + 1 WHERE account = ? AND number = 1", []int{1, 3}, "items add up"},
		"an action that seems reversed":        {"UPDATE actions SET reversed = 1 WHERE account = ? AND number = 2", []int{1, 3}, "is reversed"},
		"an item's amount":                     {"UPDATE items SET amount = amount + 1 WHERE account = ? AND action = 1 AND position = 0", []int{1, 2, 3}, "item \"12345\""},
		"an item's line":                       {"UPDATE items SET line_amount = line_amount + 1 WHERE account = ? AND action = 1 AND position = 0", []int{3}, "Items"},
		"an item below zero":                   {"UPDATE items SET quantity = -1 WHERE account = ? AND action = 1 AND position = 0", []int{3, 5}, "below zero"},
		"a state that nobody asked for":        {"UPDATE actions SET customer_status = 'NEW' WHERE account = ? AND number = 1", []int{3}, "another state"},
		"a state of an untouched action":       {"UPDATE actions SET modifications = 1 WHERE account = ? AND number = 2", []int{3}, "Modifications"},
		"a command that was rewritten":         {`UPDATE submissions SET command = replace(command, '"Quantity":1', '"Quantity":3') WHERE account = ? AND number = 3`, []int{3}, "another state"},
		"a judgement that was rewritten":       {"UPDATE outcomes SET fee_rate = 7 WHERE account = ? AND number = 3", []int{3}, "judged by something else"},
		"a submission that is gone":            {"DELETE FROM submissions WHERE account = ? AND number = 4", []int{3, 4}, "follows submission 3"},
		"the last submission is gone":          {"DELETE FROM submissions WHERE account = ? AND number = 5", []int{3, 4}, "it gave number 5"},
		"an outcome that is gone":              {"DELETE FROM outcomes WHERE account = ? AND number = 4", []int{3, 4}, "is complete: false"},
		"a conversion that made nothing":       {"DELETE FROM actions WHERE account = ? AND number = 2", []int{4, 6}, "2 is not there"},
		"an instant that went back":            {"UPDATE outcomes SET completed = 1 WHERE account = ? AND number = 4", []int{3, 4}, "completed before"},
		"an update that was rewritten":         {"UPDATE updates SET quantity = quantity + 1 WHERE account = ? AND number = 5", []int{6}, "was changed"},
		"an update's delta that was rewritten": {"UPDATE updates SET delta_amount = delta_amount + 1 WHERE account = ? AND number = 5", []int{2, 6}, "was changed"},
		"an update that is gone":               {"DELETE FROM updates WHERE account = ? AND number = 5", []int{2, 3, 4, 6}, "does not follow update"},
		"the last update is gone":              {"DELETE FROM updates WHERE account = ? AND number = 7", []int{2, 3, 4, 6}, "its last update is 7"},
		"a conversion's updates are gone":      {"DELETE FROM updates WHERE account = ? AND action = 2", []int{2, 3, 4, 6}, "wrote no update"},
		"an update of no item":                 {"UPDATE updates SET item = 9 WHERE account = ? AND number = 7", []int{2, 6}, "has no item 9"},
	} {
		t.Run(name, func(t *testing.T) {
			st := open(t, t.TempDir())
			fill(t, st, 2) // updates 1 to 4
			write(t, st, []store.Submission{modification(1, 1), modification(1, 3), modification(1, 2)})
			wantLawful(t, st)
			if err := st.write(t.Context(), func(s *session) error { return s.exec(c.breach, account) }); err != nil {
				t.Fatal(err)
			}
			offences, err := store.Verify(t.Context(), st, ledger.Decide)
			if err != nil {
				t.Fatal(err)
			}
			var laws []int
			for _, o := range offences {
				laws = append(laws, o.Law)
			}
			slices.Sort(laws)
			if laws = slices.Compact(laws); !slices.Equal(laws, c.laws) || !strings.Contains(fmt.Sprint(offences), c.says) {
				t.Errorf("laws %v, want %v and %q in %v", laws, c.laws, c.says, offences)
			}
		})
	}
}

func TestCheckMissesUpdatesOfWhatSaysThatItChanged(t *testing.T) {
	st := open(t, t.TempDir())
	fill(t, st, 1)
	write(t, st, []store.Submission{modification(1, 2)}) // as it was tracked
	wantLawful(t, st)
	if err := st.write(t.Context(), func(s *session) error {
		return s.exec("UPDATE outcomes SET first_update = 3 WHERE account = ? AND number = 2 AND first_update = 0", account)
	}); err != nil {
		t.Fatal(err)
	}
	offences, err := store.Verify(t.Context(), st, ledger.Decide)
	if len(offences) != 1 || offences[0].Law != 4 || !strings.Contains(offences[0].What, "2 say that they changed an action, and the updates are of 1") || err != nil {
		t.Error(offences, err)
	}
}

func TestCheckNamesNoMoreThanTheFirstOffences(t *testing.T) {
	st := open(t, t.TempDir())
	fill(t, st, 30)
	if err := st.write(t.Context(), func(s *session) error {
		return s.exec("UPDATE actions SET amount = amount + 1 WHERE account = ?", account)
	}); err != nil {
		t.Fatal(err)
	}
	offences, err := store.Verify(t.Context(), st, ledger.Decide)
	if len(offences) != store.MaxOffences || err != nil {
		t.Errorf("%d offences, error %v", len(offences), err)
	}
	for _, o := range offences {
		if o.Account != account || o.Subject == "" || o.What == "" {
			t.Errorf("offence %+v", o)
		}
	}
}
