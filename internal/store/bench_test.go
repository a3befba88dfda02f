package store_test

import (
	"encoding/json"
	"testing"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// BenchmarkCommand encodes and decodes the stored form of a modification.
func BenchmarkCommand(b *testing.B) {
	m := ledger.Modification{
		Address: ledger.Address{Action: ids.ActionID{Campaign: 1000, EventType: 2240, Number: 158133}},
		Reason:  ledger.ReasonOrderUpdate,
		Items:   []ledger.ItemChange{{Number: 1, SKU: "12345", Quantity: new(int64(1))}},
	}
	document, err := json.Marshal(m)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := json.Marshal(m); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := store.DecodeCommand(m.Kind(), document); err != nil {
				b.Fatal(err)
			}
		}
	})
}
