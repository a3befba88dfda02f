package store_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

func TestEventIDHasATextForm(t *testing.T) {
	for text, want := range map[string]store.EventID{
		"1000.2240.3.5": {Number: 5, Action: ids.ActionID{Campaign: 1000, EventType: 2240, Number: 3}},
		"10001-7.5":     {Number: 5, Invoice: invoice.ID{Partner: 10001, Number: 7}},
	} {
		got, err := store.ParseEventID(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("%s is %+v (%v), want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "5", "1000.2240.3", "10001-7", "10001-7.", "10001-7.0", "10001-7.05", "10001-7.+5", "10001-7.5.6", "10001-x.5", "-7.5", "10001-7.99999999999999999999"} {
		if id, err := store.ParseEventID(text); err == nil {
			t.Errorf("%q is %+v", text, id)
		}
	}
	if got := (store.EventID{}).String(); got != "" {
		t.Errorf("the zero id is %q", got)
	}
}
