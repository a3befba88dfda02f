package encode_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// encodeOne returns a response with a single object in both formats.
func encodeOne(e encode.Encoder, write func(e *encode.Encoder, dst []byte) []byte) (asJSON, asXML []byte) {
	e.Format = wire.JSON
	asJSON = e.AppendTail(write(&e, e.AppendHead(nil)))
	e.Format = wire.XML
	asXML = e.AppendTail(write(&e, e.AppendHead(nil)))
	return asJSON, asXML
}

func encoder(t testing.TB, version int) encode.Encoder {
	return encode.Encoder{Version: version, SID: sid, Now: now, Reference: wiretest.Reference(t)}
}

func update() ledger.Update {
	return ledger.Update{
		ChainPosition: ids.ChainPosition{Number: 4}, Action: wiretest.Action().ID, At: now, SKU: "12345", Disposition: "ORDER_UPDATE",
		Quantity: 1, Delta: ledger.Totals{Amount: -963, Payout: -38}, Level: program.LevelItem, Rate: *wiretest.Decimal("4"),
		Terms: program.TermsKey{TermsOf: program.TermsOf{Contract: 3240326, EventType: 2240}, Version: 1},
	}
}

func submission() encode.Submission {
	return encode.Submission{
		ID: "A-0199c1f2-0000-8000-8000-000000000011", Account: 77, Accepted: now, Completed: now.Add(time.Second),
		Command: ledger.Modification{Address: ledger.Address{EventType: 2240, Order: "A&1"}, Reason: "OTHER"},
		Payload: "Oid=A%261&Amount=1", Action: wiretest.Action().ID, Partner: 9,
		ErrorType: "Validation", ErrorCode: "ACTION_LOCKED", ErrorMessage: "Too late.",
	}
}

var objects = map[string]func(e *encode.Encoder, dst []byte) []byte{
	"Action": func(e *encode.Encoder, dst []byte) []byte { return e.AppendAction(dst, wiretest.Action(), "") },
	"ActionItem": func(e *encode.Encoder, dst []byte) []byte {
		return e.AppendItem(dst, wiretest.Action(), wiretest.Action().Items[0])
	},
	"ActionUpdate": func(e *encode.Encoder, dst []byte) []byte { return e.AppendUpdate(dst, update(), wiretest.Action()) },
	"APISubmission": func(e *encode.Encoder, dst []byte) []byte {
		return e.AppendSubmission(dst, submission())
	},
	"Group": func(e *encode.Encoder, dst []byte) []byte {
		return e.AppendGroup(dst, program.PartnerGroup{ID: 7, Campaign: 1000, Name: "Blogs & more", Partners: []int64{9}})
	},
	"PromoCode": func(e *encode.Encoder, dst []byte) []byte {
		return e.AppendPromoCode(dst, program.PromoCode{
			ID: 3, Created: now, Campaign: 1000, Code: "FALL", Partner: 9, Start: now, End: now, Type: "LI", CreditPolicy: "WINNER", Deal: 4, DealName: "Fall",
		})
	},
	"Invoice": func(e *encode.Encoder, dst []byte) []byte { return e.AppendInvoice(dst, wiretest.Invoice()) },
	"Balance": func(e *encode.Encoder, dst []byte) []byte {
		return e.AppendBalance(dst, encode.Balance{Partner: 9, Invoiced: 5, Paid: 3})
	},
	"Click": func(e *encode.Encoder, dst []byte) []byte {
		return e.AppendClick(dst, program.Click{ID: "c/1.json", Campaign: 1000, Partner: 9, At: now, Profile: "p-1"})
	},
}

func TestSections3And9To20EveryVersionHasItsFieldsInOrder(t *testing.T) {
	for element, write := range objects {
		for version := wire.OldestVersion; version <= wire.CurrentVersion; version++ {
			asJSON, asXML := encodeOne(encoder(t, version), write)
			wantJSON, wantXML := wiretest.Fields(element, version)
			var gotJSON, gotXML []string
			jsonMembers := wiretest.ReadJSON(t, asJSON)
			for _, m := range jsonMembers {
				if m.Number {
					m.Name += " is a number"
				}
				gotJSON = append(gotJSON, m.Name)
			}
			if diff := cmp.Diff(wantJSON, gotJSON); diff != "" {
				t.Errorf("%s, version %d, JSON: %s", element, version, diff)
			}
			xmlMembers, paths := wiretest.ReadXML(t, asXML)
			if want := []string{"ImpactRadiusResponse", "ImpactRadiusResponse/" + element}; !slices.Equal(paths[:2], want) {
				t.Errorf("the first elements are %v, want %v", paths[:2], want)
			}
			for i, m := range xmlMembers {
				gotXML = append(gotXML, m.Name)
				missing := m.Value == "" && jsonMembers[i].Value == "0" // JSON numbers have no missing value
				if m.Value != jsonMembers[i].Value && !missing {
					t.Errorf("%s.%s is %q in XML and %q in JSON", element, m.Name, m.Value, jsonMembers[i].Value)
				}
			}
			if diff := cmp.Diff(wantXML, gotXML); diff != "" {
				t.Errorf("%s, version %d, XML: %s", element, version, diff)
			}
		}
	}
}
