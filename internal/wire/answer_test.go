package wire_test

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?><ImpactRadiusResponse>`

func checkAnswer(t *testing.T, what string, got []byte, want string) {
	t.Helper()
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s: %s", what, diff)
	}
}

func TestSection5Writes(t *testing.T) {
	asJSON, asXML := wire.Encoder{Format: wire.JSON, Version: 14, SID: sid}, wire.Encoder{Version: 14, SID: sid}
	checkAnswer(t, "queued", asJSON.AppendQueued(nil, "A-1"),
		`{"Status":"QUEUED","QueuedUri":"/Advertisers/`+sid+`/APISubmissions/A-1"}`)
	checkAnswer(t, "queued", asXML.AppendQueued(nil, "A-1"),
		xmlHead+`<Status>QUEUED</Status><QueuedUri>/Advertisers/`+sid+`/APISubmissions/A-1</QueuedUri></ImpactRadiusResponse>`)
	checkAnswer(t, "done", asJSON.AppendDone(nil, "/ActionInquiries/7"),
		`{"Status":"OK","Uri":"/Advertisers/`+sid+`/ActionInquiries/7"}`)
	checkAnswer(t, "done", asXML.AppendDone(nil, "/ActionInquiries/7"),
		xmlHead+`<Status>OK</Status><Uri>/Advertisers/`+sid+`/ActionInquiries/7</Uri></ImpactRadiusResponse>`)
}

func TestSection7Errors(t *testing.T) {
	asJSON, asXML := wire.Encoder{Format: wire.JSON, Version: 14, SID: sid}, wire.Encoder{Version: 14, SID: sid}
	invalid := wire.Invalid(wire.Fault{Field: "Quantity", Message: "Not a whole number"}, wire.Fault{Field: "a<b", Message: `"x"`})
	checkAnswer(t, "faults", asJSON.AppendError(nil, invalid),
		`{"Status":"ERROR","Message":"Validation Failed","Errors":[{"Field":"Quantity","Message":"Not a whole number"},{"Field":"a<b","Message":"\"x\""}]}`)
	checkAnswer(t, "faults", asXML.AppendError(nil, invalid),
		xmlHead+`<Status>ERROR</Status><Message>Validation Failed</Message><Errors><Error><Field>Quantity</Field><Message>Not a whole number</Message></Error>`+
			`<Error><Field>a&lt;b</Field><Message>&#34;x&#34;</Message></Error></Errors></ImpactRadiusResponse>`)
	checkAnswer(t, "a conversion's", asJSON.AppendConversionError(nil, wire.Invalid(wire.Fault{Field: "f", Message: "m"})),
		`{"Status":"ERROR","Message":"Validation Failed","Errors":[{"Field":"f","Message":"m"}],"errors":[{"field":"f","level":"ERROR","message":"m"}]}`)
	plain := &wire.Error{Status: 404, Message: "No such action"}
	checkAnswer(t, "without fields", asJSON.AppendConversionError(nil, plain), `{"Status":"ERROR","Message":"No such action"}`)
	checkAnswer(t, "without fields", asXML.AppendError(nil, plain),
		xmlHead+`<Status>ERROR</Status><Message>No such action</Message></ImpactRadiusResponse>`)
}

func TestSection6Lists(t *testing.T) {
	list := wire.List{Collection: wire.Items, Path: "/p", Page: ledger.Page{Size: 5, Number: 1}, Found: ledger.PageInfo{Total: 2, Count: 2}}
	write := func(e wire.Encoder) []byte {
		dst := e.AppendListHead(nil, list)
		for i := range 2 {
			if i > 0 {
				dst = e.AppendNext(dst)
			}
			dst = e.AppendItem(dst, action(), action().Items[0])
		}
		return e.AppendListTail(dst, list)
	}
	e := encoder(t, 14)
	var document struct {
		Items struct {
			Total string `xml:"total,attr"`
			Last  string `xml:"lastpageuri,attr"`
			Item  []struct{ Sku string }
		} `xml:"ActionItems"`
	}
	type item = struct{ Sku string }
	raw := write(e)
	if err := xml.Unmarshal([]byte(strings.ReplaceAll(string(raw), "ActionItem>", "Item>")), &document); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	if document.Items.Total != "2" || !strings.HasPrefix(document.Items.Last, "/p?PageSize=5&Page=1&Cursor=") || len(document.Items.Item) != 2 {
		t.Errorf("XML is %+v from %s", document, raw)
	}
	e.Format = wire.JSON
	var object struct {
		Total       string `json:"@total"`
		ActionItems []item
	}
	if err := json.Unmarshal(write(e), &object); err != nil || object.Total != "2" || len(object.ActionItems) != 2 {
		t.Errorf("JSON is %+v (%v)", object, err)
	}
}

func TestSection6PartnersHaveTwoNamesForOlderClients(t *testing.T) {
	partners := []ledger.Partner{{ID: 8, Name: "a"}, {ID: 9, Name: "b"}}
	list := wire.List{Collection: wire.Partners, Path: "/p", Page: ledger.Page{Size: 5, Number: 1}, Found: ledger.PageInfo{Total: 2, Count: 2}}
	for version, want := range map[int]int{13: 2, 14: 0} {
		e := encoder(t, version)
		e.Format = wire.JSON
		var object struct{ Partners, MediaPartners []struct{ Id string } }
		if err := json.Unmarshal(e.AppendPartners(nil, list, partners), &object); err != nil {
			t.Fatal(err)
		}
		if len(object.Partners) != 2 || len(object.MediaPartners) != want || want > 0 && object.MediaPartners[1].Id != "9" {
			t.Errorf("version %d has %+v", version, object)
		}
		e.Format = wire.XML
		if _, paths := readXML(t, e.AppendPartners(nil, list, partners)); paths[1] != "ImpactRadiusResponse/Partners" {
			t.Errorf("XML has %v", paths)
		}
	}
}

func TestSection20Contracts(t *testing.T) {
	e := encoder(t, 14)
	asJSON, asXML := one(e, func(e *wire.Encoder, dst []byte) []byte {
		return e.AppendContract(dst, e.Reference.Contracts[3240326])
	})
	checkAnswer(t, "a contract", asJSON, `{"Id":"S-3240326","Status":"ACTIVE","CampaignId":"1000","CampaignName":"Shop",`+
		`"PartnerId":"9","PartnerName":"Blog <9>","StartDate":"2025-10-08T05:00:00-07:00","EndDate":"",`+
		`"TemplateTerms":{"Currency":"USD","EventPayouts":[{"EventTypeId":"2240","EventTypeName":"Sale","EventCategory":"",`+
		`"DefaultPayoutRate":"4","PayoutLevel":"ITEM","PayoutGroups":[{"Id":"5","Rank":"1","Rules":[{"Variable":"ITEM_CATEGORY",`+
		`"Operator":"IS","Values":["Shoes","R&B"]}],"Payout":"0.25","Limits":[],"Tiers":[]}]}],`+
		`"ScheduledTerms":[{"StartDate":"2026-11-08T04:00:00-08:00","EventTypeId":"2240","EventTypeName":"Sale","EventCategory":"",`+
		`"DefaultPayoutRate":"10","PayoutLevel":"ITEM","PayoutGroups":[]}]},`+
		`"Uri":"/Advertisers/`+sid+`/Contracts/S-3240326"}`)
	_, paths := readXML(t, asXML)
	deepest := "ImpactRadiusResponse/Contract/TemplateTerms/EventPayouts/EventPayout/PayoutGroups/PayoutGroup/Rules/Rule/Values/Value"
	if !strings.Contains(strings.Join(paths, "\n"), deepest) {
		t.Errorf("XML has no %s", deepest)
	}
	for text, want := range map[string]int64{"S-3240326": 3240326, "3240326": 0, "S-": 0, "S-x": 0} {
		if id, err := wire.ParseContractID(text); id != want || (err == nil) != (want != 0) {
			t.Errorf("%s is contract %d (%v)", text, id, err)
		}
	}
}

func TestSection7ErrorsReadAsText(t *testing.T) {
	err := wire.Invalid(wire.Fault{Field: "Sku", Message: "Required"})
	if got := err.Error(); got != "400 Validation Failed; Sku: Required" {
		t.Error(got)
	}
	refusal := &ledger.Rejection{Code: ledger.CodeMalformed, Message: "Send less."}
	checkFaults(t, wire.Refused(params(t, ""), refusal), "Send less.")
}
