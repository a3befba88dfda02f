package wire_test

import (
	"errors"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger"
)

func FuzzDecodeConversion(f *testing.F) {
	f.Add(forConversion+"MediaPartnerId=9&ItemSku1=A&ItemQuantity1=2&ItemPrice1=9.6350&IpAddress=::1&Text1=a&DeviceX=1", "", []byte{})
	f.Add("CampaignId=1&EventTypeCode=x&Oid=IR_AN_64_TS&EventDate=21-Oct-2015+18:25:59+HKT&ClickId=1&Amount=1&Sku=a&Sku2=b", form, []byte("ClickId=&Date1=NOW"))
	wiretest.FuzzDecoder(f, wire.DecodeConversion)
}

func FuzzDecodeModification(f *testing.F) {
	f.Add(forItem+"Sku=A&Quantity=2&Amount=15&Sku2=B&QuantityDelta2=-1&ItemSku3=C&Category3=", "", []byte{})
	f.Add("ActionTrackerId=1&Oid=1&Reason=RESET&Note=x", form, []byte("currencyCode=usd&CustomerStatus=&oid=1"))
	wiretest.FuzzDecoder(f, wire.DecodeModification)
}

func FuzzDecodeReversal(f *testing.F) {
	f.Add("ActionTrackerId=1&Oid=1&DispositionCode=OTHER&ExpectedUpdateId=1.2.3.4&_method=DELETE&Sku=", "", []byte{})
	wiretest.FuzzDecoder(f, wire.DecodeReversal)
}

func FuzzDecodeUndo(f *testing.F) {
	f.Add("BatchId=A-01a20fb9-0613-8028-bc35-000000000cd8&ExpectedUpdateId=1.2.3.4", form, []byte("Note=x&DryRun=0"))
	wiretest.FuzzDecoder(f, func(p *wire.Params, env wire.Env) (ledger.Undo, error) { return wire.DecodeUndo(p, env, 7) })
}

func FuzzDecodeAsOf(f *testing.F) {
	f.Add("AsOf=2026-10-01T00:08:01.862+00:00", "", []byte{})
	f.Add("asof=2026-10-01T00:00:00+0000&AsOf=2026-10-01", "", []byte{})
	type asOf struct {
		Before time.Time
		Past   bool
	}
	wiretest.FuzzDecoder(f, func(p *wire.Params, env wire.Env) (a asOf, err error) {
		a.Before, a.Past, err = wire.DecodeAsOf(p, env)
		if a.Before.After(env.Now) {
			err = errors.New("a time in the future")
		}
		return a, err
	})
}

func FuzzDecodeResolution(f *testing.F) {
	f.Add("Id=7&ResolutionStatus=VALID&ActionTrackerId=2240&FinalPayout=1.5&TransactionDate=2026-10-01&ItemSku1=A&ItemQty1=2&ItemSubtotal1=9&ItemMPN2=x", "", []byte{})
	f.Add("Id=7&ResolutionStatus=declined&RejectReason=no", form, []byte("ResolutionNotes=x&ItemTotalRebate=1"))
	type resolution struct {
		Number     int64
		Resolution inquiry.Resolution
	}
	wiretest.FuzzDecoder(f, func(p *wire.Params, env wire.Env) (r resolution, err error) {
		r.Number, r.Resolution, err = wire.DecodeResolution(p, env)
		return r, err
	})
}

func FuzzDecodeClaim(f *testing.F) {
	f.Add("CampaignId=1&MediaPartnerId=2&OrderId=Q&TransactionDate=2026-10-01&InquiryType=incorrect&ExpectedPayout=1&Comment=x", "", []byte{})
	wiretest.FuzzDecoder(f, wire.DecodeClaim)
}
