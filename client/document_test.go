package client_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/internal/codec"
	"github.com/trueup-ledger/trueup/internal/openapi"
)

// methods gives the method for each operation of the protocol. Aliases of an operation have its
// method.
var methods = map[string]string{
	"reportConversion":        "Convert",
	"listActions":             "Actions",
	"modifyAction":            "Modify",
	"modifyActionInPath":      "Modify",
	"modifyItemInPath":        "Modify",
	"reverseAction":           "Reverse",
	"getAction":               "Action",
	"listItems":               "Items",
	"getItem":                 "Item",
	"listUpdatesOfAction":     "UpdatesOfAction",
	"getEffectiveAction":      "EffectiveAction",
	"listEffectiveItems":      "EffectiveItems",
	"listUpdates":             "Updates",
	"getUpdate":               "Update",
	"listAdjustments":         "Adjustments",
	"listAdjustmentsOfAction": "AdjustmentsOfAction",
	"getAdjustment":           "Adjustment",
	"listInvoices":            "Invoices",
	"getInvoice":              "Invoice",
	"downloadInvoice":         "InvoicePDF",
	"listBalances":            "Balances",
	"getBalance":              "Balance",
	"listSubmissions":         "Submissions",
	"getSubmission":           "Submission",
	"undoSubmission":          "Undo",
	"listInquiries":           "Inquiries",
	"getInquiry":              "Inquiry",
	"resolveInquiry":          "ResolveInquiry",
	"resolveInquiryInPath":    "ResolveInquiry",
	"listFiles":               "Files",
	"submitFile":              "Import",
	"getFile":                 "File",
	"listErrorDetails":        "FileErrors",
	"getErrorDetail":          "FileError",
	"getCompany":              "Company",
	"listCampaigns":           "Campaigns",
	"getCampaign":             "Campaign",
	"listContracts":           "Contracts",
	"getContract":             "Contract",
	"getCampaignContract":     "Contract",
	"listPartners":            "Partners",
	"getPartner":              "Partner",
	"setPartnerValues":        "SetPartnerValues",
	"listGroups":              "Groups",
	"getGroup":                "Group",
	"createGroup":             "CreateGroup",
	"updateGroup":             "UpdateGroup",
	"deleteGroup":             "DeleteGroup",
	"getClick":                "Click",
	"listPromoCodes":          "PromoCodes",
	"getPromoCode":            "PromoCode",
	"createPromoCode":         "CreatePromoCode",
	"deletePromoCode":         "DeletePromoCode",
	"getHealth":               "Health",
	"getReadiness":            "Ready",
	"getDocument":             "Document",
}

// tagged gives the method for the operations with a tag that are not in methods.
var tagged = map[string]string{"Exports": "Export", "Collections": "Collection"}

// operation is an operation of the OpenAPI document.
type operation struct {
	OperationID string
	Tags        []string
}

// document is the part of the OpenAPI document that the tests read.
type document struct {
	Paths      map[string]map[string]json.RawMessage
	Components struct {
		Schemas map[string]schema
	}
}

// schema is a schema of the OpenAPI document.
type schema struct {
	Ref        string `json:"$ref"`
	Properties map[string]schema
	Items      *schema
}

func parseDocument(t *testing.T) (d document) {
	t.Helper()
	text, err := openapi.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEveryOperationHasAMethod(t *testing.T) {
	known := make(map[string]bool)
	for path, operations := range parseDocument(t).Paths {
		for method, text := range operations {
			if method == "parameters" {
				continue
			}
			var o operation
			if err := json.Unmarshal(text, &o); err != nil {
				t.Fatal(err)
			}
			known[o.OperationID] = true
			name := methods[o.OperationID]
			receiver := reflect.TypeFor[*client.Client]()
			if name == "" && len(o.Tags) > 0 {
				name = tagged[o.Tags[0]]
			}
			if strings.HasPrefix(path, openapi.Admin) {
				continue
			}
			if _, found := receiver.MethodByName(name); !found {
				t.Errorf("operation %s (%s %s) has no method", o.OperationID, method, path)
			}
		}
	}
	for id := range methods {
		if !known[id] {
			t.Errorf("the document has no operation %s", id)
		}
	}
}

func TestEveryFieldOfAnObjectIsDecoded(t *testing.T) {
	schemas := parseDocument(t).Components.Schemas
	for name, object := range map[string]any{
		"Action": client.Action{}, "ActionItem": client.Item{}, "ActionUpdate": client.Update{}, "Adjustment": client.Adjustment{},
		"APISubmission": client.Submission{}, "ActionInquiry": client.Inquiry{}, "FTPFileSubmission": client.File{},
		"ErrorDetail": client.FileError{}, "Invoice": client.Invoice{}, "Balance": client.Balance{}, "CompanyInformation": client.Company{},
		"Campaign": client.Campaign{}, "Partner": client.Partner{}, "Contract": client.Contract{}, "Group": client.Group{},
		"PromoCode": client.PromoCode{}, "Click": client.Click{}, "FilePreview": client.FilePreview{}, "Preview": client.Preview{},
		"EntriesLine": client.Entry{},
	} {
		s, found := schemas[name]
		if !found || len(s.Properties) == 0 {
			t.Errorf("the document has no schema %s with properties", name)
		}
		compare(t, name, schemas, s, reflect.TypeOf(object))
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
	if object.Kind() != reflect.Struct || len(s.Properties) == 0 {
		return
	}
	fields := codec.Fields(object)
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if name == "Status" && strings.HasSuffix(place, "Preview") {
			continue // DRY_RUN
		}
		field, found := fields[name]
		if !found {
			t.Errorf("%s has no field for %s", object, name)
			continue
		}
		compare(t, place+"."+name, schemas, s.Properties[name], field)
	}
	for name := range fields {
		if _, found := s.Properties[name]; !found && place != "Preview.Adjustments" { // these have no URIs yet
			t.Errorf("%s has a field for %s.%s, which the document lacks", object, place, name)
		}
	}
}

// resolve follows a reference.
func resolve(schemas map[string]schema, s schema) schema {
	if name, is := strings.CutPrefix(s.Ref, "#/components/schemas/"); is {
		return schemas[name]
	}
	return s
}
