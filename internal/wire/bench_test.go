package wire_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

// Request bodies.
const (
	modificationForm = "ActionId=1000.2240.158133&Sku=12345&Quantity=1&Reason=ORDER_UPDATE"
	reversalForm     = "ActionId=1000.2240.158133&DispositionCode=ORDER_ERROR"
	conversionForm   = "CampaignId=1000&EventTypeId=2240&EventDate=2026-10-08T10%3A00%3A00Z&OrderId=A-1&MediaPartnerId=9" +
		"&CustomerId=c1&CustomerCity=Graz&IpAddress=192.0.2.1" +
		"&ItemSku1=12345&ItemQuantity1=2&ItemSubTotal1=19.27&ItemCategory1=Shoes" +
		"&ItemSku2=67890&ItemQuantity2=1&ItemSubTotal2=2.72&ItemCategory2=Hats"
)

// BenchmarkDecode decodes a form and encodes its payload.
func BenchmarkDecode(b *testing.B) {
	b.Run("modification", benchmarkDecode(modificationForm, wire.DecodeModification))
	b.Run("reversal", benchmarkDecode(reversalForm, wire.DecodeReversal))
	b.Run("conversion", benchmarkDecode(conversionForm, wire.DecodeConversion))
}

func benchmarkDecode[T any](form string, decode func(*wire.Params, wire.Env) (T, error)) func(b *testing.B) {
	return func(b *testing.B) {
		b.ReportAllocs()
		body := []byte(form)
		for b.Loop() {
			p, err := wire.ParseParams("", wiretest.Form, body)
			if err == nil {
				_, err = decode(p, env)
			}
			if err != nil || p.Payload() == "" {
				b.Fatal(err)
			}
		}
	}
}
