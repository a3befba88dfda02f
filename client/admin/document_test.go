package admin_test

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/client/internal/codec"
	"github.com/trueup-ledger/trueup/internal/openapi"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// methods gives the method for each operation of the admin API.
var methods = map[string]string{
	"adminListBridgeOrders": "BridgeOrders",
	"adminRetryBridgeOrder": "RetryBridgeOrder",
	"adminListAccounts":     "Accounts",
	"adminGetAccount":       "Account",
	"adminPutAccount":       "PutAccount",
	"adminApply":            "Apply",
	"adminListDeliveries":   "Deliveries",
	"adminResend":           "Resend",

	"adminGetSigningSecret":    "SigningSecret",
	"adminRotateSigningSecret": "RotateSigningSecret",

	"adminSetCap":          "SetModificationLimit",
	"adminEraseCustomer":   "Erase",
	"adminRetain":          "Retain",
	"adminPark":            "ParkSubmission",
	"adminRetry":           "RetrySubmission",
	"adminListInquiries":   "Inquiries",
	"adminCreateInquiry":   "CreateInquiry",
	"adminGetInquiry":      "Inquiry",
	"adminEstimatePayouts": "EstimatePayouts",
	"adminGetClock":        "Clock",
	"adminMoveClock":       "AdvanceClock",
	"adminAcceptClock":     "AcceptClock",
	"adminListPeople":      "People",
	"adminInvitePerson":    "InvitePerson",
	"adminSetRole":         "SetRole",
	"adminResetPerson":     "ResetPerson",
	"adminDisablePerson":   "DisablePerson",
	"adminListTokens":      "Tokens",
	"adminCreateToken":     "CreateToken",
	"adminRotateToken":     "RotateToken",
	"adminExpireToken":     "ExpireToken",
	"adminSetStrict":       "SetStrict",
	"adminDisableToken":    "DisableToken",
	"adminListRateTables":  "RateTables",
	"adminImportRates":     "ImportRates",
	"adminListAuditEvents": "AuditEvents",
	"adminGetFaults":       "Faults",
	"adminPutFaults":       "SetFaults",
	"adminDeleteFaults":    "DeleteFaults",
	"adminListInvoices":    "Invoices",
	"adminExportInvoices":  "ExportInvoices",
	"adminIssueInvoices":   "IssueInvoices",
	"adminGetInvoice":      "Invoice",
	"adminGetInvoicePDF":   "InvoicePDF",
	"adminRecordPayment":   "RecordPayment",
	"adminImportPayments":  "ImportPayments",
	"adminRecordBonus":     "RecordBonus",
	"adminListBalances":    "Balances",
	"adminGetBalance":      "Balance",
	"adminWriteOff":        "WriteOff",
}

// lists are the lists of the reference file.
var lists = []admin.List{
	admin.Campaigns, admin.EventTypes, admin.Partners, admin.PartnerGroups, admin.PromoCodes, admin.Contracts, admin.Clicks, admin.RateTables, admin.Notifications, admin.Bridges,
}

// document is the part of the OpenAPI document that the tests read.
type document struct {
	Components struct {
		Parameters map[string]parameter
		Schemas    map[string]schema
	}
}

// operation is an operation of the OpenAPI document.
type operation struct {
	OperationID string
	Parameters  []parameter
	RequestBody struct {
		Content map[string]struct{ Schema schema }
	}
}

// parameter is a parameter of an operation.
type parameter struct {
	Ref  string `json:"$ref"`
	Name string
	In   string
}

// schema is a schema of the OpenAPI document.
type schema struct {
	Ref        string `json:"$ref"`
	Properties map[string]schema
	Items      *schema
}

// operations returns the document, and the operations of the admin API by their ids.
func operations(t *testing.T) (d document, byID map[string]operation) {
	t.Helper()
	text, err := openapi.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var paths struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := errors.Join(json.Unmarshal(text, &d), json.Unmarshal(text, &paths)); err != nil {
		t.Fatal(err)
	}
	byID = make(map[string]operation)
	for path, methods := range paths.Paths {
		if !strings.HasPrefix(path, openapi.Admin) {
			continue
		}
		for _, text := range methods {
			var o operation
			if err := json.Unmarshal(text, &o); err != nil {
				t.Fatal(err)
			}
			byID[o.OperationID] = o
		}
	}
	return d, byID
}

// methodOf returns the method for an operation. Those of entries of reference data have the
// methods of entries.
func methodOf(id string) string {
	if name := methods[id]; name != "" {
		return name
	}
	for _, kind := range program.ReferenceKinds {
		for verb, name := range map[string]string{"Get": "Entry", "Put": "PutEntry", "End": "EndEntry"} {
			if strings.EqualFold(id, "admin"+verb+strings.ReplaceAll(kind.Name, " ", "")) {
				return name
			}
		}
	}
	return ""
}

func TestEveryOperationHasAMethod(t *testing.T) {
	_, all := operations(t)
	for id := range all {
		if _, found := reflect.TypeFor[*admin.Client]().MethodByName(methodOf(id)); !found {
			t.Errorf("operation %s has no method", id)
		}
	}
	for id := range methods {
		if _, found := all[id]; !found {
			t.Errorf("the document has no operation %s", id)
		}
	}
}

func TestEveryListOfTheReferenceFileHasAConstant(t *testing.T) {
	for _, kind := range program.ReferenceKinds {
		if kind.List != "" && kind.Name != program.KindAccount && !slices.Contains(lists, admin.List(kind.List)) {
			t.Errorf("there is no constant for %s", kind.List)
		}
	}
}

func TestEveryFieldOfAnObjectIsDecoded(t *testing.T) {
	d, _ := operations(t)
	for name, object := range map[string]any{
		"Person": admin.Person{}, "AdminToken": admin.Token{}, "AdminInquiry": admin.Inquiry{}, "AdminInvoice": admin.Invoice{}, "AdminBalance": admin.Balance{},
		"IssuedInvoices": admin.Issued{}, "ImportedPayments": admin.ImportedPayments{}, "RecordedEntry": admin.RecordedEntry{},
		"ImportedRates": admin.ImportedRates{}, "PayoutEstimate": admin.Estimate{}, "Clock": admin.Clock{}, "AcceptedClock": admin.AcceptedClock{},
		"Erasure": admin.Erasure{}, "Retention": admin.Retention{}, "Applied": admin.Applied{}, "AuditEvent": admin.AuditEvent{},
		"AdminAccounts": struct {
			Accounts []admin.Account `wire:"accounts"`
		}{},
		"Deliveries": struct {
			Deliveries []admin.Delivery `wire:"deliveries"`
			Next       string           `wire:"next"`
		}{},
		"BridgeOrders": struct {
			Orders []admin.BridgeOrder `wire:"orders"`
			Next   string              `wire:"next"`
		}{},
		"BridgeRetry": admin.RetriedOrder{},
		"RateTables": struct {
			Tables []admin.RateTable `wire:"rate_tables"`
		}{},
		"FaultRules": struct {
			Faults []admin.Fault `wire:"faults"`
		}{},
	} {
		compare(t, name, d.Components.Schemas, d.Components.Schemas[name], reflect.TypeOf(object))
	}
}

// compare compares the properties of a schema with the fields of a struct.
func compare(t *testing.T, place string, schemas map[string]schema, s schema, object reflect.Type) {
	t.Helper()
	s = resolve(schemas, s)
	if s.Items != nil && object.Kind() == reflect.Slice {
		compare(t, place, schemas, *s.Items, object.Elem())
		return
	}
	if object.Kind() == reflect.Pointer {
		object = object.Elem()
	}
	if object.Kind() != reflect.Struct || object.PkgPath() == "time" {
		return
	}
	fields := codec.Fields(object)
	if got, want := slices.Sorted(maps.Keys(fields)), slices.Sorted(maps.Keys(s.Properties)); !slices.Equal(got, want) {
		t.Errorf("%s has the fields %v, the schema of %s %v", object, got, place, want)
	}
	for name, field := range fields {
		compare(t, place+"."+name, schemas, s.Properties[name], field)
	}
}

// resolve follows a reference.
func resolve(schemas map[string]schema, s schema) schema {
	if name, is := strings.CutPrefix(s.Ref, "#/components/schemas/"); is {
		return schemas[name]
	}
	return s
}

func TestEveryFieldOfARequestIsSent(t *testing.T) {
	d, all := operations(t)
	for id, c := range map[string]struct {
		request any
		others  []string // fields that are arguments of the method, or set by it
	}{
		"adminApply":          {admin.ReferenceFile{}, []string{"reason"}},
		"adminEraseCustomer":  {admin.EraseCustomer{}, []string{"reason"}},
		"adminRetain":         {admin.Retain{}, []string{"reason"}},
		"adminCreateToken":    {admin.NewToken{}, []string{"reason"}},
		"adminInvitePerson":   {admin.Invitation{}, []string{"reason"}},
		"adminSetRole":        {admin.Membership{}, []string{"reason", "remove"}},
		"adminRotateToken":    {admin.Rotation{}, []string{"reason"}},
		"adminEndCampaign":    {admin.End{}, []string{"reason"}},
		"adminImportRates":    {admin.RateFile{}, []string{"reason"}},
		"adminImportPayments": {admin.PaymentFile{}, []string{"reason"}},
		"adminRecordPayment":  {admin.Payment{}, []string{"reason"}},
		"adminRecordBonus":    {admin.Bonus{}, []string{"reason"}},
	} {
		body := resolve(d.Components.Schemas, all[id].RequestBody.Content["application/json"].Schema)
		want := slices.Sorted(maps.Keys(body.Properties))
		if got := slices.Sorted(slices.Values(append(slices.Collect(maps.Keys(codec.Fields(reflect.TypeOf(c.request)))), c.others...))); !slices.Equal(got, want) {
			t.Errorf("the request of %s has the fields %v, want %v", id, got, want)
		}
	}
}

func TestEveryParameterOfAListIsSent(t *testing.T) {
	d, all := operations(t)
	for id, c := range map[string]struct {
		filter any
		others []string // parameters that the method sets
	}{
		"adminListTokens":       {admin.TokenFilter{}, nil},
		"adminListPeople":       {admin.PersonFilter{}, nil},
		"adminListInquiries":    {admin.InquiryFilter{}, []string{"page"}},
		"adminListDeliveries":   {admin.DeliveryFilter{}, nil},
		"adminListBridgeOrders": {admin.BridgeOrderFilter{}, nil},
		"adminListInvoices":     {admin.InvoiceFilter{}, []string{"page"}},
		"adminExportInvoices":   {admin.InvoiceExport{}, nil},
		"adminListBalances":     {admin.BalanceFilter{}, []string{"page"}},
		"adminListRateTables":   {admin.RateFilter{}, nil},
		"adminListAuditEvents":  {admin.AuditFilter{}, nil},
		"adminEstimatePayouts":  {admin.EstimateSpan{}, nil},
		"adminPutAccount":       {admin.PutOptions{}, nil},
	} {
		var want []string
		for _, p := range all[id].Parameters {
			if name, is := strings.CutPrefix(p.Ref, "#/components/parameters/"); is {
				p = d.Components.Parameters[name]
			}
			if p.In == "query" {
				want = append(want, p.Name)
			}
		}
		slices.Sort(want)
		if got := slices.Sorted(slices.Values(append(slices.Collect(maps.Keys(codec.Fields(reflect.TypeOf(c.filter)))), c.others...))); !slices.Equal(got, want) {
			t.Errorf("the parameters of %s are %v, want %v", id, got, want)
		}
	}
}
