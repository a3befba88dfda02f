package wire_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger"
)

func TestSection14AReversalIsDecoded(t *testing.T) {
	got, err := wire.DecodeReversal(wiretest.Params(t, "ActionTrackerId=2240&OrderId=X&Reason=REJECTED&Note=n"), env)
	want := ledger.Reversal{Address: ledger.Address{EventType: 2240, Order: "X"}, Reason: "REJECTED", Note: "n"}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Fatal(err, diff)
	}
	for query, want := range map[string][]string{
		byID:                                {"DispositionCode: Required"},
		"DispositionCode=OTHER":             {"ActionId: Required"},
		byID + "DispositionCode=A&Reason=B": {"Reason: Contradicts DispositionCode"},
		byID + "DispositionCode=OTHER&Sku=A": {
			"Sku: DELETE reverses the whole action; use PUT",
		},
		byID + "DispositionCode=OTHER&Sku=&Quantity=0": {
			"Sku: DELETE reverses the whole action; use PUT",
		},
		byID + "DispositionCode=OTHER&Quantity2=0": {
			"Sku: DELETE reverses the whole action; use PUT",
		},
		byID + "DispositionCode=OTHER&DryRun=yes": {"DryRun: Must be true or false"},
	} {
		_, err := wire.DecodeReversal(wiretest.Params(t, query), env)
		wiretest.CheckErrors(t, err, want...)
	}
}
