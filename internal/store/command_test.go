package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

func TestCommandsAreDecodedByKind(t *testing.T) {
	for kind, want := range map[ledger.Kind]ledger.Command{
		ledger.KindConversion:   ledger.Conversion{Note: "x"},
		ledger.KindModification: ledger.Modification{Note: "x"},
		ledger.KindReversal:     ledger.Reversal{Note: "x"},
		ledger.KindUndo:         ledger.Undo{Note: "x"},
	} {
		got, err := store.DecodeCommand(kind, []byte(`{"Note":"x"}`))
		if diff := cmp.Diff(want, got); diff != "" || err != nil || got.Kind() != kind {
			t.Errorf("%s: error %v, (-want +got):\n%s", kind, err, diff)
		}
	}
}

func TestDecodeCommandRejectsAnUnknownKind(t *testing.T) {
	if c, err := store.DecodeCommand("Adjustment", []byte("{}")); err == nil {
		t.Errorf("got %v, want an error", c)
	}
}
