package wire_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire"
)

// Forms as callers send them.
const (
	sentModification = "ActionId=1000.2240.158133&Sku=12345&Quantity=1&Reason=ORDER_UPDATE"
	sentReversal     = "ActionId=1000.2240.158133&DispositionCode=ORDER_ERROR"
	sentConversion   = "CampaignId=1000&EventTypeId=2240&EventDate=2026-10-08T10%3A00%3A00Z&OrderId=A-1&MediaPartnerId=9" +
		"&CustomerId=c1&CustomerCity=Graz&IpAddress=192.0.2.1" +
		"&ItemSku1=12345&ItemQuantity1=2&ItemSubTotal1=19.27&ItemCategory1=Shoes" +
		"&ItemSku2=67890&ItemQuantity2=1&ItemSubTotal2=2.72&ItemCategory2=Hats"
)

// BenchmarkDecode reads a request's form into its command, and writes the payload
// that is kept of it.
func BenchmarkDecode(b *testing.B) {
	b.Run("modification", decoding(sentModification, wire.DecodeModification))
	b.Run("reversal", decoding(sentReversal, wire.DecodeReversal))
	b.Run("conversion", decoding(sentConversion, wire.DecodeConversion))
}

func decoding[T any](sent string, decode func(*wire.Params, wire.Env) (T, error)) func(b *testing.B) {
	return func(b *testing.B) {
		b.ReportAllocs()
		body := []byte(sent)
		for b.Loop() {
			p, err := wire.ParseParams("", form, body)
			if err == nil {
				_, err = decode(p, env)
			}
			if err != nil || p.Payload() == "" {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkEncode writes an object of a list into a buffer that was used before.
func BenchmarkEncode(b *testing.B) {
	a, u, s := action(), update(), submission()
	for _, object := range []struct {
		name  string
		write func(e *wire.Encoder, dst []byte) []byte
	}{
		{"action", func(e *wire.Encoder, dst []byte) []byte { return e.AppendAction(dst, a) }},
		{"item", func(e *wire.Encoder, dst []byte) []byte { return e.AppendItem(dst, a, a.Items[0]) }},
		{"update", func(e *wire.Encoder, dst []byte) []byte { return e.AppendUpdate(dst, u, a) }},
		{"submission", func(e *wire.Encoder, dst []byte) []byte { return e.AppendSubmission(dst, s) }},
	} {
		b.Run(object.name+"/json", encoding(wire.JSON, object.write))
		b.Run(object.name+"/xml", encoding(wire.XML, object.write))
	}
}

func encoding(format wire.Format, write func(e *wire.Encoder, dst []byte) []byte) func(b *testing.B) {
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
