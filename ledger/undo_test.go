package ledger_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

func rename(name string) ledger.Command { return itemChange(ledger.ItemChange{SKU: "1", Name: &name}) }

func setReason(reason string) ledger.Modification {
	return ledger.Modification{Address: theOrder, Reason: reason}
}

var (
	hold   = setReason("HOLD")
	fraud  = ledger.Reversal{Address: theOrder, Reason: "CONS_FRAUD"}
	reset  = setReason(ledger.ReasonReset)
	halved = setQuantity("1", 1)
)

func undoOf(submission int64) ledger.Undo { return ledger.Undo{Submission: submission} }

// undoAccount returns an account with custom codes and an order of two items.
func undoAccount(t *testing.T) *oracle.Memory {
	t.Helper()
	m := exampleAccount("USD", program.LevelItem, rate("4"))
	ref, err := m.Reference(ordered)
	if err != nil {
		t.Fatal(err)
	}
	e := ref.EventTypes[sale]
	e.Dispositions = []program.Disposition{
		{Code: "HOLD", Effect: program.EffectModify}, {Code: "CHECK", Effect: program.EffectModify}, {Code: "Fraudulent", Effect: program.EffectReject},
	}
	e.CustomerStatuses = []string{"NEW", "OLD"}
	ref.EventTypes[sale] = e
	applied(t, m, 1, report("1 × 2 = 20.00", "2 × 1 = 10.00"))
	return m
}

// TestUndo applies commands with the numbers from 2 on to an order of two items. The
// outcome is that of the last one.
func TestUndo(t *testing.T) {
	const (
		tracked  = "1 × 2 = 20.00 pays 0.80, 2 × 1 = 10.00 pays 0.40; 30.00 pays 1.20, PENDING"
		reversed = "1 × 0 = 0.00 pays 0.00, 2 × 0 = 0.00 pays 0.00; 0.00 pays 0.00, REVERSED"
		half     = "1 × 1 = 10.00 pays 0.40, 2 × 1 = 10.00 pays 0.40; 20.00 pays 0.80, PENDING"
	)
	for name, c := range map[string]struct {
		commands []ledger.Command
		want     string // the action, or the code of the rejection
	}{
		"restores a quantity":                        {[]ledger.Command{halved, undoOf(2)}, tracked},
		"restores a reversal":                        {[]ledger.Command{fraud, undoOf(2)}, tracked},
		"restores the reversal that a RESET removed": {[]ledger.Command{fraud, reset, undoOf(3)}, reversed},
		"a reversed fraud is not paid again":         {[]ledger.Command{halved, fraud, undoOf(2)}, "ACTION_REVERSED"},
		"an undone reversal can be undone":           {[]ledger.Command{fraud, undoOf(2), undoOf(3), undoOf(4)}, tracked},
		"only the last reversal can be undone":       {[]ledger.Command{fraud, undoOf(2), undoOf(3), undoOf(2)}, "ACTION_REVERSED"},
		"a retry doesn't undo again":                 {[]ledger.Command{halved, undoOf(2), undoOf(2)}, "ALREADY_UNDONE"},
		"a retry doesn't cancel a real return":       {[]ledger.Command{halved, undoOf(2), halved, undoOf(2)}, "ALREADY_UNDONE"},
		"a late undo doesn't cancel a real return":   {[]ledger.Command{halved, setQuantity("1", 2), halved, undoOf(2)}, "STALE_ACTION"},
		"an undo is taken back by undoing it":        {[]ledger.Command{halved, undoOf(2), undoOf(3)}, half},
		"what was redone can't be undone twice":      {[]ledger.Command{halved, undoOf(2), undoOf(3), undoOf(2)}, "ALREADY_UNDONE"},
		"a change of another item is no matter":      {[]ledger.Command{setQuantity("2", 0), halved, undoOf(2)}, half},
		"a change of another field is no matter":     {[]ledger.Command{rename("Lamp"), halved, undoOf(2)}, half},
		"a change of the amount of the same item":    {[]ledger.Command{halved, setQuantity("1", 0), undoOf(2)}, "STALE_ACTION"},
		"an undo of nothing does nothing":            {[]ledger.Command{setQuantity("1", 2), undoOf(2), undoOf(2)}, tracked},
		"already undone is found before stale":       {[]ledger.Command{halved, undoOf(2), ledger.Undo{Submission: 2, Expected: ids.UpdateID{Number: 1}}}, "ALREADY_UNDONE"},
		"restores an empty disposition":              {[]ledger.Command{hold, undoOf(2)}, tracked},
		"restores the disposition before":            {[]ledger.Command{hold, setReason("CHECK"), undoOf(3)}, tracked + ", HOLD"},
		"restores the disposition of a reversal":     {[]ledger.Command{hold, setReason("Fraudulent"), undoOf(3)}, tracked + ", HOLD"},
		"a later disposition makes the undo stale":   {[]ledger.Command{hold, setReason("CHECK"), undoOf(2)}, "STALE_ACTION"},
		"a disposition is no matter to an item":      {[]ledger.Command{halved, hold, undoOf(2)}, tracked + ", HOLD"},
		"a conversion can't be undone":               {[]ledger.Command{undoOf(1)}, "ACTION_NOT_FOUND"},
	} {
		t.Run(name, func(t *testing.T) {
			m := undoAccount(t)
			last := len(c.commands) - 1
			for i, command := range c.commands[:last] {
				applied(t, m, int64(2+i), command)
			}
			change, err := m.Apply(ledger.Submission{Number: int64(2 + last), Accepted: ordered, Rules: ledger.CurrentRules, Command: c.commands[last]}, ordered)
			var got string
			if r := (*rejection.Rejection)(nil); errors.As(err, &r) {
				got = string(r.Code)
			} else {
				got = strings.TrimSuffix(format(change.Action, ordered)+", "+change.Action.Disposition, ", ")
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestUndoByVersion1ComparesValues holds that submissions which version 0.1 accepted are
// decided as it decided them.
func TestUndoByVersion1ComparesValues(t *testing.T) {
	m, number := undoAccount(t), int64(1)
	status := func(name string) ledger.Command {
		return ledger.Modification{Address: theOrder, Reason: "OTHER", CustomerStatus: &name}
	}
	for _, c := range []struct {
		commands []ledger.Command
		want     string
	}{
		{
			[]ledger.Command{halved, undoOf(2), halved, undoOf(2), setQuantity("2", 0), fraud, undoOf(6)},
			"1 × 0 = 0.00 pays 0.00, 2 × 1 = 10.00 pays 0.40; 10.00 pays 0.40, PENDING",
		},
		{
			[]ledger.Command{reset, status("NEW"), status("OLD"), undoOf(11)},
			"1 × 2 = 20.00 pays 0.80, 2 × 1 = 10.00 pays 0.40; 30.00 pays 1.20, PENDING, NEW",
		},
	} {
		for _, command := range c.commands {
			number++
			if _, err := m.Apply(ledger.Submission{Number: number, Accepted: ordered, Rules: 1, Command: command}, ordered); err != nil {
				t.Fatal(number, err)
			}
		}
		a := m.Actions[0]
		if got := strings.TrimSuffix(format(a, ordered)+", "+a.CustomerStatus, ", "); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// TestRewindReturnsEveryEarlierState goes back from the last state to each earlier one.
func TestRewindReturnsEveryEarlierState(t *testing.T) {
	m := exampleAccount("USD", program.LevelOrder, rate("4"))
	applied(t, m, 1, report("1 × 2 = 20.00", "2 × 1 = 10.00"))
	states := []ledger.Action{m.Actions[0]}
	amount := setReason("OTHER")
	amount.Amount = decimal("7.77")
	for i, command := range []ledger.Command{halved, rename("Lamp"), amount, undoOf(3), fraud, undoOf(6), reset, undoOf(8)} {
		applied(t, m, int64(2+i), command)
		states = append(states, m.Actions[0])
	}
	for number := range states {
		got, err := m.Actions[0].Rewind(backwards(m), func(u ledger.Update) bool { return u.Submission <= int64(number+1) })
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(states[number], got); diff != "" {
			t.Errorf("after submission %d (-want +got):\n%s", number+1, diff)
		}
	}
}

func TestRewindNeedsWhatWasReplaced(t *testing.T) {
	m := exampleAccount("USD", program.LevelItem, rate("4"))
	applied(t, m, 1, report("1 × 2 = 20.00"))
	applied(t, m, 2, halved)
	none := func(ledger.Update) bool { return false }
	if _, err := m.Actions[0].Rewind(backwards(m), none); !errors.Is(err, ledger.ErrNoHistory) {
		t.Errorf("error is %v for a state before the conversion", err)
	}
	if _, err := m.Actions[0].Rewind(func(func(ledger.Update, error) bool) {}, none); !errors.Is(err, ledger.ErrNoHistory) {
		t.Errorf("error is %v without updates", err)
	}
	elsewhere := ledger.Update{Item: 9, Before: &ledger.Before{}}
	if _, err := m.Actions[0].Rewind(func(yield func(ledger.Update, error) bool) { yield(elsewhere, nil) }, none); !errors.Is(err, ledger.ErrNoHistory) {
		t.Errorf("error is %v for an update of no item", err)
	}
	failing := func(yield func(ledger.Update, error) bool) { yield(ledger.Update{}, errLookup) }
	if _, err := m.Actions[0].Rewind(failing, none); !errors.Is(err, errLookup) {
		t.Errorf("error is %v, want that of the updates", err)
	}
}

// backwards returns the updates of the first action, newest first.
func backwards(m *oracle.Memory) func(func(ledger.Update, error) bool) {
	updates := m.Updates[m.Actions[0].ID.Number]
	return func(yield func(ledger.Update, error) bool) {
		for i := len(updates) - 1; i >= 0 && yield(updates[i], nil); i-- {
		}
	}
}

// TestUndoRestoresWeights reports an item at its present amount, which changes only weights.
func TestUndoRestoresWeights(t *testing.T) {
	m := undoAccount(t)
	applied(t, m, 2, setAmount("7.00"))
	before := m.Actions[0]
	if updates := applied(t, m, 3, itemChange(ledger.ItemChange{SKU: "1", Amount: decimal("4.67")})).Updates; len(updates) != 1 {
		t.Fatalf("%d updates, want that of the action alone", len(updates))
	}
	after := applied(t, m, 4, undoOf(3)).Action
	if diff := cmp.Diff(itemStates(before), itemStates(after)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}
