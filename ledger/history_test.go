package ledger_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestUpdatesRecordTheStateOfTheirTime(t *testing.T) {
	locks := time.Date(2026, 10, 11, 7, 0, 0, 0, time.UTC) // 30 days after the order
	openUntil := program.Locking{OpenEnded: true}.Date(ordered, time.UTC).Add(7 * time.Hour)
	modify := func(reason string, status *string) ledger.Command {
		return ledger.Modification{Address: theOrder, Reason: reason, CustomerStatus: status}
	}
	for name, c := range map[string]struct {
		openEnded bool
		// applied is the time from the order to the application of the last command.
		applied  time.Duration
		commands []ledger.Command
		want     ledger.RecordedState
	}{
		"a tracked order is pending": {
			commands: []ledger.Command{report("12345 × 2 = 19.27")},
			want:     ledger.RecordedState{State: "PENDING", Description: "Pending", LockingDate: locks},
		},
		"an open-ended one is open": {
			openEnded: true, commands: []ledger.Command{report("12345 × 2 = 19.27")},
			want: ledger.RecordedState{State: "PENDING", Detail: "OPEN", Description: "Pending/Open", LockingDate: openUntil, OpenEnded: true},
		},
		"a custom disposition is named": {
			openEnded: true, commands: []ledger.Command{report("12345 × 2 = 19.27"), modify("CHECKED", nil)},
			want: ledger.RecordedState{State: "PENDING", Description: "Pending/By hand", LockingDate: openUntil, OpenEnded: true},
		},
		"a code that approves locks at once": {
			openEnded: true, commands: []ledger.Command{report("12345 × 2 = 19.27"), modify("PAID_EARLY", nil)},
			want: ledger.RecordedState{
				State: "APPROVED", Detail: "PAYMENT_PENDING", Description: "Approved/Payment Pending", LockingDate: ordered.Add(time.Minute),
			},
		},
		"an order that is reported after its locking date is approved": {
			applied: 40 * 24 * time.Hour, commands: []ledger.Command{report("12345 × 2 = 19.27")},
			want: ledger.RecordedState{State: "APPROVED", Detail: "PAYMENT_PENDING", Description: "Approved/Payment Pending", LockingDate: locks},
		},
		"the last item reverses the action": {
			commands: []ledger.Command{report("12345 × 2 = 19.27"), setQuantity("12345", 0)},
			want:     ledger.RecordedState{State: "REVERSED", Description: "Reversed/ORDER_UPDATE", LockingDate: locks},
		},
		"an item that remains keeps it pending": {
			commands: []ledger.Command{report("12345 × 2 = 19.27", "67890 × 1 = 2.72"), setQuantity("12345", 0)},
			want:     ledger.RecordedState{State: "PENDING", Description: "Pending", LockingDate: locks},
		},
		"the customer status is the new one": {
			commands: []ledger.Command{report("12345 × 2 = 19.27"), modify("OTHER", new("VIP"))},
			want:     ledger.RecordedState{State: "PENDING", Description: "Pending", CustomerStatus: "VIP", LockingDate: locks},
		},
	} {
		t.Run(name, func(t *testing.T) {
			account := exampleAccount("USD", program.LevelItem, rate("4"))
			ref, err := account.Reference(ordered)
			if err != nil {
				t.Fatal(err)
			}
			eventType := ref.EventTypes[sale]
			eventType.CustomerStatuses = []string{"VIP"}
			eventType.Dispositions = []program.Disposition{
				{Code: "CHECKED", Name: "By hand", Effect: program.EffectModify}, {Code: "PAID_EARLY", Name: "Paid early", Effect: program.EffectApprove},
			}
			ref.EventTypes[sale] = eventType
			terms := ref.Terms[program.TermsOf{Contract: 1, EventType: sale}]
			if c.openEnded {
				terms[0].Locking = program.Locking{OpenEnded: true}
			}
			var last ledger.Change
			for i, command := range c.commands {
				at := ordered.Add(time.Duration(i) * time.Minute)
				if last, err = account.Apply(ledger.Submission{Number: int64(i + 1), Accepted: at, Command: command}, at.Add(c.applied)); err != nil {
					t.Fatal(err)
				}
			}
			for _, u := range last.Updates {
				if u.RecordedState != c.want {
					t.Errorf("update %s records\n%+v, want\n%+v", u.ID(), u.RecordedState, c.want)
				}
			}
		})
	}
}

func TestSumHashesTheRecordedStateFromVersion2On(t *testing.T) {
	for version, hashed := range map[int]bool{1: false, 2: true} {
		u := ledger.Update{Version: version}
		fields := reflect.ValueOf(&u.RecordedState).Elem()
		for i := range fields.NumField() {
			changed := u
			switch field := reflect.ValueOf(&changed.RecordedState).Elem().Field(i); field.Interface().(type) {
			case time.Time:
				field.Set(reflect.ValueOf(ordered))
			case bool:
				field.SetBool(true)
			default:
				field.SetString("x")
			}
			if got := changed.Sum() != u.Sum(); got != hashed {
				t.Errorf("version %d hashes %s: %t, want %t", version, fields.Type().Field(i).Name, got, hashed)
			}
		}
	}
}

func TestUpdatesShowNoLockingDateWhileItIsOpen(t *testing.T) {
	for name, c := range map[string]struct {
		openEnded bool
		at, want  time.Time
	}{
		"a fixed date":                {false, ordered, ordered.AddDate(0, 0, 30)},
		"an open-ended one":           {true, ordered, time.Time{}},
		"an open-ended one that came": {true, ordered.AddDate(0, 0, 30), ordered.AddDate(0, 0, 30)},
	} {
		u := ledger.Update{At: c.at, RecordedState: ledger.RecordedState{LockingDate: ordered.AddDate(0, 0, 30), OpenEnded: c.openEnded}}
		if got := u.VisibleLockingDate(); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
