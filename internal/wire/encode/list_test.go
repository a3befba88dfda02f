package encode_test

import (
	"encoding/json"
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestSection6AListIsEncoded(t *testing.T) {
	list := encode.List{Collection: encode.Items, Path: "/p", Page: search.Page{Size: 5, Number: 1}, Info: search.PageInfo{Total: 2, Count: 2}}
	write := func(e encode.Encoder) []byte {
		dst := e.AppendListHead(nil, list)
		for i := range 2 {
			if i > 0 {
				dst = e.AppendSeparator(dst)
			}
			dst = e.AppendItem(dst, wiretest.Action(), wiretest.Action().Items[0])
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

func TestSection6PartnersHaveTwoNamesInJSON(t *testing.T) {
	partners := []program.Partner{{ID: 8, Name: "a"}, {ID: 9, Name: "b"}}
	list := encode.List{Collection: encode.Partners, Path: "/p", Page: search.Page{Size: 5, Number: 1}, Info: search.PageInfo{Total: 2, Count: 2}}
	for _, version := range []int{13, 14} {
		e := encoder(t, version)
		e.Format = wire.JSON
		var object struct{ Partners, MediaPartners []struct{ Id string } }
		if err := json.Unmarshal(e.AppendPartners(nil, list, partners), &object); err != nil {
			t.Fatal(err)
		}
		if len(object.Partners) != 2 || !slices.Equal(object.Partners, object.MediaPartners) || object.Partners[1].Id != "9" {
			t.Errorf("version %d has %+v", version, object)
		}
		e.Format = wire.XML
		if _, paths := wiretest.ReadXML(t, e.AppendPartners(nil, list, partners)); paths[1] != "ImpactRadiusResponse/Partners" {
			t.Errorf("XML has %v", paths)
		}
	}
}
