package encode_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

// BenchmarkEncode appends an object to a reused buffer.
func BenchmarkEncode(b *testing.B) {
	a, u, s := wiretest.Action(), update(), submission()
	for _, object := range []struct {
		name  string
		write func(e *encode.Encoder, dst []byte) []byte
	}{
		{"action", func(e *encode.Encoder, dst []byte) []byte { return e.AppendAction(dst, a, "") }},
		{"item", func(e *encode.Encoder, dst []byte) []byte { return e.AppendItem(dst, a, a.Items[0]) }},
		{"update", func(e *encode.Encoder, dst []byte) []byte { return e.AppendUpdate(dst, u, a) }},
		{"submission", func(e *encode.Encoder, dst []byte) []byte { return e.AppendSubmission(dst, s) }},
		{"queued", func(e *encode.Encoder, dst []byte) []byte { return e.AppendQueued(dst, s.ID) }},
	} {
		b.Run(object.name+"/json", benchmarkEncode(wire.JSON, object.write))
		b.Run(object.name+"/xml", benchmarkEncode(wire.XML, object.write))
	}
}

func benchmarkEncode(format wire.Format, write func(e *encode.Encoder, dst []byte) []byte) func(b *testing.B) {
	return func(b *testing.B) {
		b.ReportAllocs()
		e := encoder(b, wire.CurrentVersion)
		e.Format = format
		var buffer []byte
		for b.Loop() {
			buffer = write(&e, buffer[:0])
		}
	}
}
