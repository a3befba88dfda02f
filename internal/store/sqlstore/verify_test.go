package sqlstore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/verify"
	"github.com/trueup-ledger/trueup/ledger"
)

func TestVerifyFindsEachViolation(t *testing.T) {
	for name, c := range map[string]struct {
		violation  string
		invariants []int
		problem    string
	}{
		"an action's amount":                   {"UPDATE actions SET amount = amount + 1 WHERE account = ? AND number = 1", []int{1, 3}, "action 1000.2240.1"},
		"an action's payout":                   {"UPDATE actions SET payout = payout + 1 WHERE account = ? AND number = 1", []int{1, 3}, "items add up"},
		"an action that is marked reversed":    {"UPDATE actions SET reversed = 1 WHERE account = ? AND number = 2", []int{1, 3}, "is reversed"},
		"an item's amount":                     {"UPDATE items SET amount = amount + 1 WHERE account = ? AND action = 1 AND position = 0", []int{1, 2, 3}, "item \"12345\""},
		"an item's line":                       {"UPDATE items SET line_amount = 5 WHERE account = ? AND action = 1 AND position = 0", []int{3}, "Items"},
		"an item below zero":                   {"UPDATE items SET quantity = -1 WHERE account = ? AND action = 1 AND position = 0", []int{3, 5}, "below zero"},
		"a state that no command set":          {"UPDATE actions SET customer_status = 'NEW' WHERE account = ? AND number = 1", []int{3}, "another state"},
		"a state of an unchanged action":       {"UPDATE actions SET modifications = 1 WHERE account = ? AND number = 2", []int{3}, "Modifications"},
		"a changed command":                    {`UPDATE submissions SET command = replace(command, char(12) || '1', char(12) || '3') WHERE account = ? AND number = 3`, []int{3}, "another state"},
		"a changed pricing basis":              {"UPDATE outcomes SET fee_rate = 7 WHERE account = ? AND number = 3", []int{3}, "another pricing basis"},
		"a missing submission":                 {"DELETE FROM submissions WHERE account = ? AND number = 4", []int{3, 4, 6}, "follows submission 3"},
		"the last submission is missing":       {"DELETE FROM submissions WHERE account = ? AND number = 6", []int{3, 4, 6}, "it assigned number 6"},
		"a missing outcome":                    {"DELETE FROM outcomes WHERE account = ? AND number = 4", []int{3, 4}, "is not complete"},
		"an outcome without a submission":      {"INSERT INTO outcomes (account, number, action, first_update, terms_contract, cap) VALUES (?, 7, 0, 0, 0, 0)", []int{4}, "7 outcomes up to 7"},
		"a conversion without an action":       {"DELETE FROM actions WHERE account = ? AND number = 2", []int{4, 6}, "2 does not exist"},
		"an instant before the previous one":   {"UPDATE outcomes SET completed = 1 WHERE account = ? AND number = 4", []int{3, 4}, "completed before"},
		"a changed update":                     {"UPDATE updates SET quantity = quantity + 1 WHERE account = ? AND number = 5", []int{6}, "was changed"},
		"a changed delta of an update":         {"UPDATE updates SET delta_amount = delta_amount + 1 WHERE account = ? AND number = 5", []int{2, 6}, "was changed"},
		"a missing update":                     {"DELETE FROM updates WHERE account = ? AND number = 5", []int{2, 3, 4, 6}, "is missing"},
		"the last update is missing":           {"DELETE FROM updates WHERE account = ? AND number = 8", []int{2, 3, 4, 6}, "its last update is 8"},
		"missing updates of a conversion":      {"DELETE FROM updates WHERE account = ? AND action = 2", []int{2, 4, 6}, "wrote no update"},
		"an update that replaced other values": {"UPDATE updates SET replaced = '{\"g\":1,\"q\":99}' WHERE account = ? AND number = 6", []int{3}, "replace other values"},
		"an update without what it replaced":   {"UPDATE updates SET replaced = '' WHERE account = ? AND number = 6", []int{3}, "replace other values"},
		"a conversion that replaced values":    {"UPDATE updates SET replaced = '{}' WHERE account = ? AND number = 3", []int{3}, "replace other values"},
		"an item's last change":                {"UPDATE items SET changes = '4' WHERE account = ? AND action = 1 AND position = 0", []int{3}, "Changes"},
		"an action's last change":              {"UPDATE actions SET changes = '0 3' WHERE account = ? AND number = 1", []int{3}, "Changes"},
		"an undo of another submission":        {"UPDATE undone SET number = 3 WHERE account = ?", []int{3}, "submission 5: was undone by submission 6"},
		"an undo by another submission":        {"UPDATE undone SET undo = 5 WHERE account = ?", []int{3}, "by 5 according"},
		"a missing record of an undo":          {"DELETE FROM undone WHERE account = ?", []int{3}, "names 0 submissions, and 1 were undone"},
		"a record of an undo that never was":   {"INSERT INTO undone (account, number, undo) VALUES (?, 4, 5)", []int{3}, "names 2 submissions"},
		"an update of no item":                 {"UPDATE updates SET item = 9 WHERE account = ? AND number = 7", []int{2, 3, 6}, "has no item 9"},
	} {
		t.Run(name, func(t *testing.T) {
			st := openSQLite(t, t.TempDir())
			fill(t, st, 2) // updates 1 to 4
			submit(t, st, []store.Submission{modification(1, 1), modification(1, 3), modification(1, 2), undo(5)})
			wantSound(t, st)
			if err := st.DB().Write(t.Context(), func(s *sqldb.Session) error { return s.Exec(c.violation, account) }); err != nil {
				t.Fatal(err)
			}
			violations, err := verify.Store(t.Context(), st, ledger.Decide)
			if err != nil {
				t.Fatal(err)
			}
			var invariants []int
			for _, v := range violations {
				invariants = append(invariants, v.Law)
			}
			slices.Sort(invariants)
			if invariants = slices.Compact(invariants); !slices.Equal(invariants, c.invariants) || !strings.Contains(fmt.Sprint(violations), c.problem) {
				t.Errorf("invariants %v, want %v and %q in %v", invariants, c.invariants, c.problem, violations)
			}
		})
	}
}

func TestVerifyFindsEachChangeOfARecordedState(t *testing.T) {
	for _, edit := range []string{
		"state = 'APPROVED'", "detail = 'OPEN'", "description = 'Pending/Open'", "customer_status = 'VIP'",
		"locking = 1", "open_ended = 1", "hash_version = 1", "hash_version = 3",
	} {
		for _, number := range []int64{1, 5} { // of a conversion, and of a modification
			t.Run(fmt.Sprintf("%s of update %d", edit, number), func(t *testing.T) {
				st := openSQLite(t, t.TempDir())
				fill(t, st, 2)
				submit(t, st, []store.Submission{modification(1, 1), modification(1, 3)})
				wantSound(t, st)
				if err := st.DB().Write(t.Context(), func(s *sqldb.Session) error {
					return s.Exec("UPDATE updates SET "+edit+" WHERE account = ? AND number = ?", account, number)
				}); err != nil {
					t.Fatal(err)
				}
				violations, err := verify.Store(t.Context(), st, ledger.Decide)
				if err != nil || !strings.Contains(fmt.Sprint(violations), "was changed") {
					t.Error(violations, err)
				}
			})
		}
	}
}

func TestVerifyFindsOutcomeWithoutUpdates(t *testing.T) {
	st := openSQLite(t, t.TempDir())
	fill(t, st, 1)
	submit(t, st, []store.Submission{modification(1, 2)}) // as it was tracked
	wantSound(t, st)
	if err := st.DB().Write(t.Context(), func(s *sqldb.Session) error {
		return s.Exec("UPDATE outcomes SET first_update = 3 WHERE account = ? AND number = 2 AND first_update = 0", account)
	}); err != nil {
		t.Fatal(err)
	}
	violations, err := verify.Store(t.Context(), st, ledger.Decide)
	if len(violations) != 1 || violations[0].Law != 4 || !strings.Contains(violations[0].Problem, "2 say that they changed an action, and the updates belong to 1") || err != nil {
		t.Error(violations, err)
	}
}

func TestVerifyReportsTheFirstViolations(t *testing.T) {
	st := openSQLite(t, t.TempDir())
	fill(t, st, 30)
	if err := st.DB().Write(t.Context(), func(s *sqldb.Session) error {
		return s.Exec("UPDATE actions SET amount = amount + 1 WHERE account = ?", account)
	}); err != nil {
		t.Fatal(err)
	}
	violations, err := verify.Store(t.Context(), st, ledger.Decide)
	if len(violations) != verify.MaxViolations || err != nil {
		t.Errorf("%d violations, error %v", len(violations), err)
	}
	for _, v := range violations {
		if v.Account != account || v.Subject == "" || v.Problem == "" {
			t.Errorf("violation %+v", v)
		}
	}
}
