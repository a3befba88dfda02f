package openapi_test

import (
	"encoding/json"
	"testing"

	"github.com/trueup-ledger/trueup/internal/openapi"
	"github.com/trueup-ledger/trueup/internal/openapi/check"
)

// document is the part of the document that tests read.
type document struct {
	OpenAPI string `json:"openapi"`
	Paths   map[string]map[string]json.RawMessage
	Tags    []struct{ Name string }
}

type operation struct {
	OperationID, Summary string
	Tags                 []string
	Responses            map[string]any
}

func TestTheDocumentIsValid(t *testing.T) {
	checker, err := check.ForProgram()
	if err != nil {
		t.Fatal(err)
	}
	if err := checker.Document(); err != nil {
		t.Error(err)
	}
}

func TestEveryOperationHasAnIDASummaryATagAndAResponse(t *testing.T) {
	text, err := openapi.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	tags, ids := make(map[string]bool), make(map[string]string)
	for _, tag := range d.Tags {
		tags[tag.Name] = true
	}
	operations := 0
	for path, item := range d.Paths {
		for method, raw := range item {
			if method == "parameters" {
				continue
			}
			var o operation
			if err := json.Unmarshal(raw, &o); err != nil {
				t.Fatal(err)
			}
			operations++
			name := method + " " + path
			if o.OperationID == "" || o.Summary == "" || len(o.Tags) != 1 || !tags[o.Tags[0]] || o.Responses["200"] == nil && o.Responses["201"] == nil {
				t.Errorf("%s is incomplete: %+v", name, o)
			}
			if other, exists := ids[o.OperationID]; exists {
				t.Errorf("%s and %s both have the id %s", name, other, o.OperationID)
			}
			ids[o.OperationID] = name
		}
	}
	if operations < 40 {
		t.Errorf("the document has %d operations, want at least 40", operations)
	}
}
