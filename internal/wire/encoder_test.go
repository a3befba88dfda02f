package wire_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// member is a name with its value: text of a string, or a number as it is written.
type member struct {
	name, value string
	number      bool
}

// readJSON answers the members of a flat object in order.
func readJSON(t *testing.T, text []byte) []member {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if _, err := dec.Token(); err != nil {
		t.Fatal(err)
	}
	var members []member
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		switch value, err := dec.Token(); v := value.(type) {
		case string:
			members = append(members, member{name.(string), v, false})
		case json.Number:
			members = append(members, member{name.(string), v.String(), true})
		default:
			t.Fatalf("%s is %v (%v)", name, value, err)
		}
	}
	return members
}

// readXML answers the leaves of a document in order, and its elements' paths.
func readXML(t *testing.T, text []byte) (members []member, paths []string) {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(text))
	var path []string
	content, leaf := "", false
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return members, paths
		}
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			path = append(path, token.Name.Local)
			paths = append(paths, strings.Join(path, "/"))
			content, leaf = "", true
		case xml.CharData:
			content += string(token)
		case xml.EndElement:
			if leaf {
				members = append(members, member{token.Name.Local, content, false})
			}
			leaf, path = false, path[:len(path)-1]
		}
	}
}

// one answers a single object in both formats.
func one(e wire.Encoder, append func(e *wire.Encoder, dst []byte) []byte) (asJSON, asXML []byte) {
	e.Format = wire.JSON
	asJSON = e.AppendTail(append(&e, e.AppendHead(nil)))
	e.Format = wire.XML
	asXML = e.AppendTail(append(&e, e.AppendHead(nil)))
	return asJSON, asXML
}

func encoder(t testing.TB, version int) wire.Encoder {
	return wire.Encoder{Version: version, SID: sid, Now: now, Reference: reference(t)}
}

// The fields as the published contract lists them. After a name, n and i mark
// numbers of version 14; a name with a "+" came with that version.
var fieldLists = map[string]string{
	"Action": `Id CampaignId,i CampaignName ActionTrackerId,i ActionTrackerName EventCode+12 MediaPartnerId,i
		MediaPartnerName State AdId,i ClientCost+12,n Payout,n DeltaPayout,n IntendedPayout,n Amount,n DeltaAmount,n
		IntendedAmount,n Currency ReferringDate EventDate CreationDate LockingDate ClearedDate ReferringType
		ReferringDomain PromoCode Oid CustomerId CustomerStatus CustomerPostCode CustomerArea CustomerCity CustomerRegion
		CustomerCountry IpAddress SharedId CallerId Note Uri`,
	"ActionItem": `Sku ItemName Category Quantity SaleAmount SaleAmountCurrency Payout,n PayoutCurrency Rebate,n
		RebateCurrency AdjustmentDate AdjustmentReason Uri`,
	"ActionUpdate": `Id ActionId CampaignId,i ActionTrackerId,i EventTypeId+12 EventTypeName+12 EventCode+12
		MediaPartnerId,i State StateDetail StateDetailDescription AdId,i Disposition DeltaPayout,n DeltaAmount,n Currency
		Category Sku Quantity CatalogName CatalogCategory CatalogDescription CatalogManufacturer
		CatalogOriginalFormatCategory CatalogSubCategory PayoutLevel DefaultPayoutRate ContractId UpdateDate LockingDate
		ClearingDate ActionDate Oid CustomerId CustomerStatus SharedId ActionUri Uri`,
	"APISubmission": `BatchId AccountId,i SubmissionDate CampaignId,i ActionTrackerId+12,i MediaPartnerId,i EventCode+12
		OrderId Payload Type Status CompletionDate ErrorType ErrorReason ErrorMessage ActionId ActionUri Uri`,
	"Campaign":           `Id Name State Type+14 Uri`,
	"Partner":            `Id Name State Currency Timezone PartnerType Uri`,
	"CompanyInformation": `CompanyName Currency Timezone Uri`,
}

// fieldsOf answers a version's fields as the JSON and the XML should have them.
func fieldsOf(list string, version int) (asJSON, asXML []string) {
	for _, field := range strings.Fields(list) {
		name, kind, _ := strings.Cut(field, ",")
		name, since, _ := strings.Cut(name, "+")
		if since == "12" && version < 12 || since == "14" && version < 14 {
			continue
		}
		asXML = append(asXML, name)
		if kind != "" && version == 14 {
			name += " is a number"
		}
		asJSON = append(asJSON, name)
	}
	return asJSON, asXML
}

func update() ledger.Update {
	return ledger.Update{
		ChainPosition: ledger.ChainPosition{Number: 4}, Action: action().ID, At: now, SKU: "12345", Disposition: "ORDER_UPDATE",
		Quantity: 1, Delta: ledger.Totals{Amount: -963, Payout: -38}, Level: ledger.LevelItem, Rate: *decimal("4"),
		Terms: ledger.TermsKey{TermsOf: ledger.TermsOf{Contract: 3240326, EventType: 2240}, Version: 1},
	}
}

func submission() wire.Submission {
	return wire.Submission{
		ID: "A-0199c1f2-0000-8000-8000-000000000011", Account: 77, Accepted: now, Completed: now.Add(time.Second),
		Command: ledger.Modification{Address: ledger.Address{EventType: 2240, Order: "A&1"}, Reason: "OTHER"},
		Payload: "Oid=A%261&Amount=1", Action: action().ID, Partner: 9,
		ErrorType: "Validation", ErrorCode: "ACTION_LOCKED", ErrorMessage: "Too late.",
	}
}

var objects = map[string]func(e *wire.Encoder, dst []byte) []byte{
	"Action":       func(e *wire.Encoder, dst []byte) []byte { return e.AppendAction(dst, action()) },
	"ActionItem":   func(e *wire.Encoder, dst []byte) []byte { return e.AppendItem(dst, action(), action().Items[0]) },
	"ActionUpdate": func(e *wire.Encoder, dst []byte) []byte { return e.AppendUpdate(dst, update(), action()) },
	"APISubmission": func(e *wire.Encoder, dst []byte) []byte {
		return e.AppendSubmission(dst, submission())
	},
	"Campaign":           func(e *wire.Encoder, dst []byte) []byte { return e.AppendCampaign(dst, e.Reference.Campaigns[1000]) },
	"Partner":            func(e *wire.Encoder, dst []byte) []byte { return e.AppendPartner(dst, e.Reference.Partners[9]) },
	"CompanyInformation": func(e *wire.Encoder, dst []byte) []byte { return e.AppendCompany(dst) },
}

func TestSections3And9To20ObjectsHaveTheirFieldsInOrderInEveryVersion(t *testing.T) {
	for element, write := range objects {
		for version := wire.OldestVersion; version <= wire.CurrentVersion; version++ {
			asJSON, asXML := one(encoder(t, version), write)
			wantJSON, wantXML := fieldsOf(fieldLists[element], version)
			var gotJSON, gotXML []string
			ofJSON := readJSON(t, asJSON)
			for _, m := range ofJSON {
				if m.number {
					m.name += " is a number"
				}
				gotJSON = append(gotJSON, m.name)
			}
			if diff := cmp.Diff(wantJSON, gotJSON); diff != "" {
				t.Errorf("%s, version %d, JSON: %s", element, version, diff)
			}
			ofXML, paths := readXML(t, asXML)
			if want := []string{"ImpactRadiusResponse", "ImpactRadiusResponse/" + element}; !slices.Equal(paths[:2], want) {
				t.Errorf("%s stands in %v", element, paths[:2])
			}
			for i, m := range ofXML {
				gotXML = append(gotXML, m.name)
				missing := m.value == "" && ofJSON[i].value == "0" // a number in version 14 only
				if m.value != ofJSON[i].value && !missing {
					t.Errorf("%s.%s is %q in XML and %q in JSON", element, m.name, m.value, ofJSON[i].value)
				}
			}
			if diff := cmp.Diff(wantXML, gotXML); diff != "" {
				t.Errorf("%s, version %d, XML: %s", element, version, diff)
			}
		}
	}
}

// values answers an object's members by name, from JSON of a version.
func values(t *testing.T, version int, write func(e *wire.Encoder, dst []byte) []byte) map[string]string {
	t.Helper()
	asJSON, _ := one(encoder(t, version), write)
	found := make(map[string]string)
	for _, m := range readJSON(t, asJSON) {
		found[m.name] = m.value
	}
	return found
}

func checkValues(t *testing.T, got, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if v, found := got[name]; !found || v != value {
			t.Errorf("%s is %q, want %q", name, v, value)
		}
	}
}

func TestSection10ActionValues(t *testing.T) {
	want := map[string]string{
		"Id": "1000.2240.158133", "CampaignName": "Shop", "ActionTrackerName": "Sale", "EventCode": "SALE",
		"MediaPartnerName": "Blog <9>", "State": "PENDING", "ClientCost": "0.55", "Payout": "0.50", "DeltaPayout": "-0.38",
		"IntendedPayout": "0.88", "Amount": "12.36", "DeltaAmount": "-9.63", "IntendedAmount": "21.99",
		"ReferringDate": "", "EventDate": "2026-10-05T05:00:00-07:00", "LockingDate": "2026-10-26T00:00:00-07:00",
		"ClearedDate": "", "PromoCode": "FALL", "Oid": "A&1", "CustomerArea": "South", "IpAddress": "hash",
		"Uri": "/Advertisers/" + sid + "/Actions/1000.2240.158133",
	}
	checkValues(t, values(t, 14, objects["Action"]), want)
	checkValues(t, values(t, 13, objects["Action"]), want)
	checkValues(t, values(t, 14, objects["Action"]), map[string]string{"AdId": "0"})
	checkValues(t, values(t, 13, objects["Action"]), map[string]string{"AdId": ""})
	yen := action()
	yen.Currency, yen.OpenEnded, yen.Reversed, yen.Payout = "JPY", true, true, 0
	checkValues(t, values(t, 14, func(e *wire.Encoder, dst []byte) []byte { return e.AppendAction(dst, yen) }),
		map[string]string{"Amount": "1236", "DeltaAmount": "-963", "Payout": "0", "LockingDate": "", "State": "REVERSED"})
	dinar := action()
	dinar.Currency, dinar.Locking, dinar.Delta.Amount = "KWD", now, -5
	checkValues(t, values(t, 14, func(e *wire.Encoder, dst []byte) []byte { return e.AppendAction(dst, dinar) }),
		map[string]string{"Amount": "1.236", "DeltaAmount": "-0.005", "State": "APPROVED"})
	open := action()
	open.OpenEnded, open.Locking = true, now
	checkValues(t, values(t, 14, func(e *wire.Encoder, dst []byte) []byte { return e.AppendAction(dst, open) }),
		map[string]string{"LockingDate": "2026-10-08T05:00:00-07:00", "State": "APPROVED"})
}

func TestSection11ItemURIsLeadBackToTheSku(t *testing.T) {
	for sku, want := range map[string]string{
		"12345": "12345", "a/b": "a%2Fb", "50 % off?": "50%20%25%20off%3F", "größe": "gr%C3%B6%C3%9Fe",
		"a.b": "a.b", "x.json": "x%2Ejson", "v1.XML": "v1%2EXML", "..": "%2E%2E", ".": "%2E",
		"H&M-1": "H&M-1", "it's": "it%27s",
	} {
		item := action().Items[0]
		item.SKU = sku
		got := values(t, 14, func(e *wire.Encoder, dst []byte) []byte { return e.AppendItem(dst, action(), item) })
		checkValues(t, got, map[string]string{
			"Sku": sku, "Quantity": "1", "SaleAmount": "9.64", "Payout": "0.39", "Rebate": "0.00",
			"Uri": "/Advertisers/" + sid + "/Actions/1000.2240.158133/Items/" + want,
		})
	}
}

func TestSection15UpdatesTellTheActionsPresentState(t *testing.T) {
	cases := map[string]struct {
		change                     func(a *ledger.Action, u *ledger.Update)
		state, detail, description string
	}{
		"pending":  {func(*ledger.Action, *ledger.Update) {}, "PENDING", "OPEN", "Pending/Open"},
		"approved": {func(a *ledger.Action, _ *ledger.Update) { a.Locking = now }, "APPROVED", "PAYMENT_PENDING", "Approved/Payment Pending"},
		"marked":   {func(a *ledger.Action, _ *ledger.Update) { a.Disposition = "CHECK" }, "PENDING", "", "Pending/Manual check"},
		"reversed by this one": {
			func(a *ledger.Action, u *ledger.Update) { a.Reversed, u.Disposition = true, "ITEM_RETURNED" },
			"REVERSED", "", "Reversed/ITEM_RETURNED",
		},
		"reversed later": {func(a *ledger.Action, u *ledger.Update) { a.Reversed, u.Number = true, 3 }, "REVERSED", "", "Reversed"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			a, u := action(), update()
			c.change(&a, &u)
			got := values(t, 14, func(e *wire.Encoder, dst []byte) []byte { return e.AppendUpdate(dst, u, a) })
			checkValues(t, got, map[string]string{
				"State": c.state, "StateDetail": c.detail, "StateDetailDescription": c.description,
				"Disposition": u.Disposition, "ContractId": "S-3240326", "DefaultPayoutRate": "4", "PayoutLevel": "ITEM",
				"EventTypeId": "2240", "UpdateDate": "2026-10-08T05:00:00-07:00", "ClearingDate": "",
				"ActionUri": "/Advertisers/" + sid + "/Actions/1000.2240.158133",
				"Uri":       "/Advertisers/" + sid + "/ActionUpdates/" + u.ID().String(),
			})
		})
	}
}

func TestSection16SubmissionValues(t *testing.T) {
	checkValues(t, values(t, 14, objects["APISubmission"]), map[string]string{
		"AccountId": "77", "CampaignId": "1000", "ActionTrackerId": "2240", "EventCode": "SALE", "MediaPartnerId": "9",
		"OrderId": "A&1", "Type": "Modification", "Status": "Complete", "ErrorReason": "ACTION_LOCKED",
		"ActionUri": "/Advertisers/" + sid + "/Actions/1000.2240.158133",
	})
	queued := map[string]struct {
		command ledger.Command
		want    map[string]string
	}{
		"a conversion": {
			ledger.Conversion{Campaign: 1000, EventTypeCode: "X", Order: "o", Partner: 8},
			map[string]string{"Type": "Conversion", "CampaignId": "1000", "EventCode": "X", "MediaPartnerId": "8", "OrderId": "o"},
		},
		"a reversal": {
			ledger.Reversal{Address: ledger.Address{Action: action().ID}},
			map[string]string{"Type": "Reversal", "CampaignId": "1000", "ActionTrackerId": "2240"},
		},
		"an undo": {ledger.Undo{Submission: 3}, map[string]string{"Type": "Modification", "CampaignId": "0"}},
	}
	for name, c := range queued {
		t.Run(name, func(t *testing.T) {
			s := wire.Submission{ID: "A-1", Account: 77, Accepted: now, Command: c.command}
			got := values(t, 14, func(e *wire.Encoder, dst []byte) []byte { return e.AppendSubmission(dst, s) })
			checkValues(t, got, c.want)
			checkValues(t, got, map[string]string{
				"Status": "Queued", "CompletionDate": "", "ActionId": "", "ActionUri": "", "ErrorType": "",
			})
		})
	}
}
