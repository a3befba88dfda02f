package wire_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// fuzzDecoder checks that a decoder never panics, that it names what it refuses,
// and that a command's payload asks for the same command again.
func fuzzDecoder[T any](f *testing.F, decode func(*wire.Params, wire.Env) (T, error), payload func(*wire.Params, T) string) {
	f.Add("_method=PUT", "application/json", []byte(`{"ActionId":"1.2.3","Sku":"a","Quantity":1.0,"Reason":"ORDER_UPDATE"}`))
	f.Add("a=%ff", form, []byte("Sku1=%00&Amount=1e5"))
	f.Fuzz(func(t *testing.T, query, contentType string, body []byte) {
		p, err := wire.ParseParams(query, contentType, body)
		if err != nil {
			if e, ok := err.(*wire.Error); !ok || e.Status != 400 && e.Status != 415 {
				t.Fatalf("error is %v", err)
			}
			return
		}
		got, err := decode(p, env)
		if header := p.Ignored(); len(header) > 1100 || strings.Trim(header, "\r\n") != header || strings.ContainsAny(header, "\r\n\x00") {
			t.Fatalf("unsafe header %q", header)
		}
		if err != nil {
			if len(faultsOf(t, err)) == 0 {
				t.Fatalf("%v names no fault", err)
			}
			return
		}
		again, err := wire.ParseParams(payload(p, got), "", nil)
		if err != nil {
			t.Fatalf("payload %q: %v", payload(p, got), err)
		}
		same, err := decode(again, env)
		if diff := cmp.Diff(got, same, cmp.AllowUnexported(wire.ReferenceQuery{})); err != nil || diff != "" {
			t.Fatalf("payload %q: %v\n%s", payload(p, got), err, diff)
		}
	})
}

func sentPayload[T any](p *wire.Params, _ T) string { return p.Payload() }

func FuzzDecodeConversion(f *testing.F) {
	f.Add(tracked+"MediaPartnerId=9&ItemSku1=A&ItemQuantity1=2&ItemPrice1=9.6350&IpAddress=::1&Text1=a&DeviceX=1", "", []byte{})
	f.Add("CampaignId=1&EventTypeCode=x&Oid=IR_AN_64_TS&EventDate=21-Oct-2015+18:25:59+HKT&ClickId=1&Amount=1&Sku=a&Sku2=b", form, []byte("ClickId=&Date1=NOW"))
	fuzzDecoder(f, wire.DecodeConversion, sentPayload)
}

func FuzzDecodeModification(f *testing.F) {
	f.Add(forItem+"Sku=A&Quantity=2&Amount=15&Sku2=B&QuantityDelta2=-1&ItemSku3=C&Category3=", "", []byte{})
	f.Add("ActionTrackerId=1&Oid=1&Reason=RESET&Note=x", form, []byte("currencyCode=usd&CustomerStatus=&oid=1"))
	fuzzDecoder(f, wire.DecodeModification, sentPayload)
}

func FuzzDecodeReversal(f *testing.F) {
	f.Add("ActionTrackerId=1&Oid=1&DispositionCode=OTHER&ExpectedUpdateId=1.2.3.4&_method=DELETE&Sku=", "", []byte{})
	fuzzDecoder(f, wire.DecodeReversal, sentPayload)
}

func FuzzDecodeUndo(f *testing.F) {
	f.Add("BatchId=A-01a20fb9-0613-8028-bc35-000000000cd8&ExpectedUpdateId=1.2.3.4", form, []byte("Note=x&DryRun=0"))
	fuzzDecoder(f, func(p *wire.Params, env wire.Env) (ledger.Undo, error) { return wire.DecodeUndo(p, env, 7) }, sentPayload)
}

func FuzzDecodeAsOf(f *testing.F) {
	f.Add("AsOf=2026-10-01T00:08:01.862+00:00", "", []byte{})
	f.Add("asof=2026-10-01T00:00:00+0000&AsOf=2026-10-01", "", []byte{})
	type asOf struct {
		Before time.Time
		Past   bool
	}
	fuzzDecoder(f, func(p *wire.Params, env wire.Env) (a asOf, err error) {
		a.Before, a.Past, err = wire.DecodeAsOf(p, env)
		if a.Before.After(env.Now) {
			err = errors.New("an instant to come, which is no fault of a field")
		}
		return a, err
	}, sentPayload)
}

func FuzzDecodeResolution(f *testing.F) {
	f.Add("Id=7&ResolutionStatus=VALID&ActionTrackerId=2240&FinalPayout=1.5&TransactionDate=2026-10-01&ItemSku1=A&ItemQty1=2&ItemSubtotal1=9&ItemMPN2=x", "", []byte{})
	f.Add("Id=7&ResolutionStatus=declined&RejectReason=no", form, []byte("ResolutionNotes=x&ItemTotalRebate=1"))
	type resolution struct {
		Number int64
		Is     ledger.Resolution
	}
	fuzzDecoder(f, func(p *wire.Params, env wire.Env) (r resolution, err error) {
		r.Number, r.Is, err = wire.DecodeResolution(p, env)
		return r, err
	}, sentPayload)
}

func FuzzDecodeClaim(f *testing.F) {
	f.Add("CampaignId=1&MediaPartnerId=2&OrderId=Q&TransactionDate=2026-10-01&InquiryType=incorrect&ExpectedPayout=1&Comment=x", "", []byte{})
	fuzzDecoder(f, wire.DecodeClaim, sentPayload)
}

func FuzzDecodeReferenceQuery(f *testing.F) {
	f.Add("Id=1&CampaignId=2&PartnerId=3&Name=x&State=active&Status=ACTIVE&StartDate=2026-09-01&EndDate=2026-10-01&Page=2", "", []byte{})
	f.Add("Id=5.", "", []byte("Id=5")) // two ways to say a number, one of them refused
	decoders := []func(*wire.Params, wire.Env) (wire.ReferenceQuery, error){
		wire.DecodeCampaignQuery, wire.DecodePartnerQuery, wire.DecodeContractQuery,
	}
	decode := func(p *wire.Params, env wire.Env) (all []wire.ReferenceQuery, err error) {
		for _, decode := range decoders {
			q, err := decode(p, env)
			if err != nil {
				return nil, err
			}
			q.Filters, q.Page = "", ledger.Page{}
			all = append(all, q)
		}
		return all, nil
	}
	fuzzDecoder(f, decode, sentPayload)
}

func FuzzDecodeQuery(f *testing.F) {
	f.Add("CampaignId=1&State=PENDING&StartDate=2026-09-01T00:00:00+0000&EndDate=2026-10-01&Page=2&PageSize=3", "", []byte{})
	f.Add("ActionId=1.2.3&Cursor=bgEAHD5rQw&HasError=1&Status=Queued", "", []byte{})
	type queries struct {
		Actions     wire.ActionQuery
		Submissions wire.SubmissionQuery
		Inquiries   wire.InquiryQuery
	}
	decode := func(p *wire.Params, env wire.Env) (q queries, err error) {
		if q.Submissions, err = wire.DecodeSubmissionQuery(p, env); err != nil {
			return queries{}, err
		}
		if q.Inquiries, err = wire.DecodeInquiryQuery(p, env); err != nil {
			return queries{}, err
		}
		if q.Actions, err = wire.DecodeActionQuery(p, env); err != nil {
			return queries{}, err
		}
		// Compared is what is asked for: each decoder's filters name what it has read.
		q.Actions.Filters, q.Submissions.Filters, q.Inquiries.Filters = "", "", ""
		q.Actions.Page, q.Submissions.Page, q.Inquiries.Page = ledger.Page{}, ledger.Page{}, ledger.Page{}
		return q, nil
	}
	fuzzDecoder(f, decode, sentPayload)
}

// FuzzEscaping checks that any text comes back from both formats: as it was, but
// for what they cannot hold.
func FuzzEscaping(f *testing.F) {
	f.Add("plain")
	f.Add("\x00\x1f\t\n\r\"\\<>&'\u2028\ufffe\U0001F600\x7f\xff\xed\xa0\x80")
	f.Fuzz(func(t *testing.T, text string) {
		fault := wire.Invalid(wire.Fault{Field: text, Message: text})
		e := wire.Encoder{Format: wire.JSON, Version: 14, SID: sid}
		var object struct{ Errors []wire.Fault }
		raw := e.AppendError(nil, fault)
		if err := json.Unmarshal(raw, &object); err != nil || !utf8.Valid(raw) {
			t.Fatalf("%q: %v", raw, err)
		}
		if want := eachBadByte(text); object.Errors[0].Message != want {
			t.Fatalf("%q comes back as %q from JSON", want, object.Errors[0].Message)
		}
		e.Format = wire.XML
		var document struct {
			Errors struct{ Error []wire.Fault }
		}
		raw = e.AppendError(nil, fault)
		if err := xml.Unmarshal(raw, &document); err != nil || !utf8.Valid(raw) {
			t.Fatalf("%q: %v", raw, err)
		}
		if want := forXML(text); document.Errors.Error[0].Field != want {
			t.Fatalf("%q comes back as %q from XML, want %q", text, document.Errors.Error[0].Field, want)
		}
	})
}

// eachBadByte answers the text with U+FFFD for each byte that is not UTF-8.
func eachBadByte(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteRune(r)
	}
	return b.String()
}

// forXML answers a text with U+FFFD for what XML 1.0 cannot hold.
func forXML(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 {
			return r
		}
		return utf8.RuneError
	}, s)
}

// hollow counts the segments of a URL's path that are empty, . or ..
func hollow(text string) (n int) {
	path, _, _ := strings.Cut(text, "?")
	for _, segment := range strings.Split(path, "/") {
		if decoded, err := url.PathUnescape(segment); err == nil && strings.Trim(decoded, ".") == "" && len(decoded) < 3 {
			n++
		}
	}
	return n
}

// FuzzAppendNotice checks that a template which was found sound gives a valid URL, JSON,
// XML or form whatever the values are.
func FuzzAppendNotice(f *testing.F) {
	f.Add(`{"id":"{ActionId}","payout":{Payout},"items":{items[]},"s":{SharedId}}`, "a\"\\\x00\xff", int64(-5))
	f.Add(`<a b="{SharedId}">{Oid}{items[]}<c/></a>`, "]]>--\ue000&<", int64(7))
	f.Add("https://example.com/o-{Oid}/x?a={SharedId}&{items[]}", "../?#&=%", int64(0))
	f.Add("https://example.com/.{Oid}/%2e{ActionId}/x", ".", int64(0))
	f.Add("{items[]}&a={Payout}&{SubId1}={SubId2}", "é +", int64(1))
	f.Fuzz(func(t *testing.T, text, value string, sum int64) {
		n := notice()
		n.Action.Order, n.Action.SharedID, n.Action.Payout = value, value, money.Amount(sum)
		n.Action.Extras = map[string]string{"SubId1": value}
		n.Action.Items = []ledger.Item{{SKU: value}, {SKU: value}}
		if template, err := wire.ParseURLTemplate(text); err == nil {
			got := rendered(t, template, n)
			u, err := url.Parse(got)
			if err != nil || u.User != nil || u.Fragment != "" || !strings.HasPrefix(text, got[:strings.Index(got, "//")+2]) {
				t.Errorf("%q gives %q: %v", text, got, err)
			}
			if hollow(got) != hollow(text) {
				t.Errorf("%q gives %q, which is another place", text, got)
			}
		}
		for _, format := range []ledger.BodyFormat{ledger.BodyJSON, ledger.BodyXML, ledger.BodyForm} {
			template, err := wire.ParseBodyTemplate(text, format)
			if err != nil {
				continue
			}
			got := rendered(t, template, n)
			switch format {
			case ledger.BodyJSON:
				if !json.Valid([]byte(got)) {
					t.Errorf("%q gives %q, which is not JSON", text, got)
				}
			case ledger.BodyXML:
				if err := xml.Unmarshal([]byte(got), new(struct{})); err != nil {
					t.Errorf("%q gives %q: %v", text, got, err)
				}
			case ledger.BodyForm:
				if _, err := url.ParseQuery(got); err != nil {
					t.Errorf("%q gives %q: %v", text, got, err)
				}
			}
		}
	})
}
