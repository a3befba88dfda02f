package actions_test

import (
	"errors"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	sqlaccount "github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
)

const account = 7

// accepted is the instant of the submission that wrote the updates.
var accepted = time.UnixMicro(99).UTC()

// filler sets each field of a value to a different non-zero value.
type filler struct{ last int64 }

func (f *filler) fill(v reflect.Value) {
	if at, ok := v.Addr().Interface().(*time.Time); ok {
		f.last++
		*at = time.UnixMicro(f.last).UTC()
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			f.fill(v.Field(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			f.fill(v.Index(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.fill(v.Index(0))
		f.fill(v.Index(1))
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		f.fill(key)
		f.fill(value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.String:
		f.last++
		v.SetString(strconv.FormatInt(f.last, 10))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint8:
		f.last++
		v.SetUint(uint64(f.last % 256))
	default:
		f.last++
		v.SetInt(f.last)
	}
}

func filled[T any]() (value T) {
	new(filler).fill(reflect.ValueOf(&value).Elem())
	return value
}

// filledAction returns an action with a value in each field that is stored.
func filledAction() ledger.Action {
	a := filled[ledger.Action]()
	for i := range a.Items {
		a.Items[i].Tracked.Weight = ledger.Line{} // always zero
	}
	return a
}

func TestEveryFieldOfAnActionIsStored(t *testing.T) {
	usual := filledAction()
	usual.Referral.Type, usual.Terms.EventType, usual.Terms.Version = "REPORTED_PARTNER_ID", usual.ID.EventType, 1
	usual.Tracked.FeeRate, usual.FeeRate, usual.ClientCost = 0, 0, usual.Payout
	for i := range usual.Items {
		item := &usual.Items[i]
		item.Tracked.Rebate, item.Tracked.Line = 0, ledger.Line{Amount: item.Tracked.Amount, Quantity: item.Tracked.Quantity}
		item.ItemState = item.Tracked
	}
	for name, want := range map[string]ledger.Action{"unusual values": filledAction(), "usual values": usual} {
		t.Run(name, func(t *testing.T) {
			db := openDB(t)
			err := db.Write(t.Context(), func(s *sqldb.Session) error {
				var inserts actions.Inserts
				inserts.AddAction(account, &want)
				return inserts.Write(s)
			})
			if err != nil {
				t.Fatal(err)
			}
			checkStored(t, db, want)
		})
	}
}

func TestEveryChangeOfAnActionIsStored(t *testing.T) {
	db := openDB(t)
	before, after := filledAction(), filledAction()
	f := filler{last: 10_000}
	for _, field := range []any{
		&after.Updated, &after.ActionState, &after.Totals, &after.Delta, &after.ClientCost,
		&after.Modifications, &after.ModificationLimit, &after.Last,
		&after.Items[0].ItemState, &after.Items[1].Adjusted, &after.Items[1].AdjustmentReason, &after.Changes, &after.Items[1].Changes,
	} {
		f.fill(reflect.ValueOf(field).Elem())
	}
	after.Reversed, after.OpenEnded, after.ReversedWhole = false, false, false
	err := db.Write(t.Context(), func(s *sqldb.Session) error {
		var inserts actions.Inserts
		inserts.AddAction(account, &before)
		if err := inserts.Write(s); err != nil {
			return err
		}
		var changes actions.Changes
		changes.Add(account, &before, &after)
		return errors.Join(changes.Write(s), actions.SetModificationLimit(s, account, after))
	})
	if err != nil {
		t.Fatal(err)
	}
	checkStored(t, db, after)
}

func TestEveryFieldOfAnUpdateIsStored(t *testing.T) {
	a := filledAction()
	unusual := filled[ledger.Update]()
	unusual.Item, unusual.SKU, unusual.ChainPosition.Hash, unusual.Previous = 1, a.Items[1].SKU, ids.Hash{}, ids.Hash{} // not stored
	unusual.Before.Item.State.Payout = 0                                                                                // Delta says what it was
	a.ID = unusual.Action
	usual := unusual
	usual.Disposition, usual.Category, usual.Terms, usual.Group = ledger.DispositionTracked, a.Items[0].Tracked.Category, a.Terms, 0
	usual.Submission, usual.At, usual.Item, usual.SKU = usual.Action.Number, accepted, 0, a.Items[0].SKU
	usual.Quantity, usual.Delta = a.Items[0].Tracked.Quantity, ledger.Totals{Amount: a.Items[0].Tracked.Amount, Payout: a.Items[0].Tracked.Payout}
	usual.Level, usual.Version = program.LevelItem, ledger.UpdateVersion
	usual.RecordedState = ledger.RecordedState{
		State: ledger.Pending, Description: "Pending", CustomerStatus: a.Tracked.CustomerStatus,
		LockingDate: a.Tracked.LockingDate, OpenEnded: a.Tracked.OpenEnded,
	}
	for name, want := range map[string]ledger.Update{"unusual values": unusual, "usual values": usual} {
		t.Run(name, func(t *testing.T) {
			db := openDB(t)
			err := db.Write(t.Context(), func(s *sqldb.Session) error {
				var inserts actions.Inserts
				inserts.AddAction(account, &a)
				inserts.AddUpdates(account, &a, accepted, []ledger.Update{want})
				return errors.Join(inserts.Write(s), s.Exec(`INSERT INTO submissions (account, number, accepted, rules, kind, order_id, action, payload, command)
					VALUES (?, ?, ?, 1, '', '', 0, '', '')`, account, want.Submission, column.Micros(accepted)))
			})
			if err != nil {
				t.Fatal(err)
			}
			checkStoredUpdate(t, db, want)
		})
	}
}

func checkStoredUpdate(t *testing.T, db *sqldb.DB, want ledger.Update) {
	t.Helper()
	err := db.Lookup(t.Context(), func(s *sqldb.Session) error {
		for u, err := range actions.All(&sqlaccount.Snapshot{Session: s, Context: t.Context(), Account: account}) {
			if diff := cmp.Diff(want, u); diff != "" || err != nil {
				t.Errorf("update (-want +got):\n%s%v", diff, err)
			}
		}
		listed, err := actions.LoadUpdate(s, account, want.Number)
		want.Before = nil
		if diff := cmp.Diff(want, listed.Update); diff != "" {
			t.Errorf("update in a list (-want +got):\n%s", diff)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func openDB(t *testing.T) *sqldb.DB {
	t.Helper()
	st, err := sqlstore.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st.DB()
}

func checkStored(t *testing.T, db *sqldb.DB, want ledger.Action) {
	t.Helper()
	err := db.Lookup(t.Context(), func(s *sqldb.Session) error {
		got, err := actions.Load(s, account, want.ID.Number)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("action (-want +got):\n%s", diff)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
