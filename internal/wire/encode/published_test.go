package encode_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/published"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger"
)

// publishedObjects are all objects of the Brand API that the program renders, by their names
// in wiretest/testdata/published.txt, with the arrays that are always empty.
var publishedObjects = map[string]struct {
	write func(e *encode.Encoder, dst []byte) []byte
	empty []string
}{
	"Action":            {objects["Action"], nil},
	"ActionItem":        {objects["ActionItem"], nil},
	"ActionUpdate":      {objects["ActionUpdate"], nil},
	"APISubmission":     {objects["APISubmission"], nil},
	"ActionInquiry":     {func(e *encode.Encoder, dst []byte) []byte { return e.AppendInquiry(dst, resolvedInquiry()) }, nil},
	"FTPFileSubmission": {func(e *encode.Encoder, dst []byte) []byte { return e.AppendFile(dst, file()) }, nil},
	"ErrorDetail": {func(e *encode.Encoder, dst []byte) []byte {
		return e.AppendErrorDetail(dst, encode.ErrorDetail{File: "F-1", Line: 2})
	}, nil},
	"Program": {func(e *encode.Encoder, dst []byte) []byte { return e.AppendCampaign(dst, e.Reference.Campaigns[1000]) }, nil},
	"Partner": {func(e *encode.Encoder, dst []byte) []byte { return e.AppendPartner(dst, e.Reference.Partners[9]) }, nil},
	"Contract": {func(e *encode.Encoder, dst []byte) []byte {
		return e.AppendContract(dst, e.Reference.Contracts[3240326])
	}, []string{"CampaignTerms", "Limits", "Tiers", "Days", "PayoutGroups"}},
	"PartnerGroup":       {objects["Group"], nil},
	"PromoCode":          {objects["PromoCode"], nil},
	"Invoice":            {objects["Invoice"], nil},
	"Click":              {objects["Click"], nil},
	"CompanyInformation": {func(e *encode.Encoder, dst []byte) []byte { return e.AppendCompany(dst) }, nil},
}

func file() encode.File {
	return encode.File{ID: "F-0199c1f2-0000-8000-8000-000000000011", Account: 77, Accepted: now, Name: "a.csv", Kind: ledger.KindModification, Records: 2}
}

// profiled returns an encoder for objects with full profiles.
func profiled(t *testing.T, version int) encode.Encoder {
	e := encoder(t, version)
	r := e.Reference
	r.Account.Profile = wiretest.FullProfile(t, published.Company)
	campaign, partner, contract := r.Campaigns[1000], r.Partners[9], r.Contracts[3240326]
	campaign.Profile = wiretest.FullProfile(t, published.Campaign)
	partner.Profile = wiretest.FullProfile(t, published.Partner)
	contract.Profile = wiretest.FullProfile(t, published.Contract)
	r.Campaigns[1000], r.Partners[9], r.Contracts[3240326] = campaign, partner, contract
	if err := r.Prepare(); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEveryObjectHasItsPublishedFields(t *testing.T) {
	for name, object := range publishedObjects {
		t.Run(name, func(t *testing.T) {
			asJSON, asXML := encodeOne(profiled(t, wire.CurrentVersion), object.write)
			wiretest.CheckPublished(t, name, asJSON, asXML, object.empty...)
		})
	}
}

// profiledObjects maps the objects that may have a profile to their declarations.
var profiledObjects = map[string][]published.Field{
	"CompanyInformation": published.Company, "Program": published.Campaign, "Partner": published.Partner, "Contract": published.Contract,
}

func TestEveryObjectHasItsPublishedFieldsWithoutAProfile(t *testing.T) {
	for name, fields := range profiledObjects {
		t.Run(name, func(t *testing.T) {
			asJSON, asXML := encodeOne(encoder(t, wire.CurrentVersion), publishedObjects[name].write)
			wiretest.CheckPublished(t, name, asJSON, asXML, arraysOf(fields)...)
		})
	}
}

func arraysOf(fields []published.Field) (names []string) {
	for _, f := range fields {
		if f.Element != "" {
			names = append(names, f.Name)
		}
		names = append(names, arraysOf(f.Fields)...)
	}
	return names
}

func TestTheDeclarationsAreThePublishedFields(t *testing.T) {
	for name, fields := range profiledObjects {
		if diff := cmp.Diff(publishedPart(wiretest.PublishedFields(t, name), fields), publishedPart(fields, fields)); diff != "" {
			t.Errorf("%s (-published +declared):\n%s", name, diff)
		}
	}
}

// publishedPart returns the published part of fields. The list has no names of elements, nor
// what the ledger knows, whose values are its own.
func publishedPart(fields, declared []published.Field) (all []published.Field) {
	for _, f := range fields {
		d, _ := published.Find(declared, f.Name)
		if f.Extension {
			continue
		}
		f.Fields = publishedPart(f.Fields, d.Fields)
		if f.Element != "" {
			f.Element = "*"
		}
		if d.Known || f.Kind == published.Object || len(d.Values) == 0 && len(d.Fields) == 0 && inTerms(f.Name) {
			f.Values = nil
		}
		f.Known, f.Since = false, 0
		if f.Name == "PayoutRate" {
			f.Kind = published.Number // published as an integer, but rates have decimals
		}
		all = append(all, f)
	}
	return all
}

// inTerms reports whether a field is an enumeration in the terms, which the ledger knows.
func inTerms(name string) bool { return name == "PayoutLevel" || name == "Status" }

func TestOlderVersionsWriteStrings(t *testing.T) {
	for name := range profiledObjects {
		t.Run(name, func(t *testing.T) {
			now, _ := encodeOne(profiled(t, wire.CurrentVersion), publishedObjects[name].write)
			older, _ := encodeOne(profiled(t, 13), publishedObjects[name].write)
			want, got := wiretest.ReadJSONTree(t, now), wiretest.ReadJSONTree(t, older)
			if diff := cmp.Diff(textsOf(want), textsOf(got)); diff != "" {
				t.Errorf("version 14 and 13: %s", diff)
			}
			if !hasOnlyStrings(got) {
				t.Errorf("version 13 has numbers or booleans: %s", older)
			}
		})
	}
}

// textsOf returns a tree with the kinds of version 13. It leaves out the Type of a campaign.
func textsOf(n wiretest.Node) wiretest.Node {
	if n.Kind == wiretest.JSONBoolean {
		n.Text = "" // the text of a boolean is not read
	}
	if n.Kind == wiretest.JSONNumber && n.Text == "0" {
		n.Text = ""
	}
	if n.Kind != wiretest.Array && n.Kind != wiretest.Nested {
		n.Kind = wiretest.String
	}
	if n.Text == "true" || n.Text == "false" {
		n.Text = ""
	}
	children := n.Children
	n.Children = nil
	for _, child := range children {
		if child.Name == "Type" && child.Text == "Standard" {
			continue
		}
		n.Children = append(n.Children, textsOf(child))
	}
	return n
}

func hasOnlyStrings(n wiretest.Node) bool {
	for _, child := range n.Children {
		if !hasOnlyStrings(child) {
			return false
		}
	}
	return n.Kind != wiretest.JSONNumber && n.Kind != wiretest.JSONBoolean
}
