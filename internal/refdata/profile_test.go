package refdata_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// profiled is a file with a profile of every object that has one. It ends in its account, so
// that a test can add keys.
const profiled = `accounts:
  - id: 1
    name: Acme
    currency: USD
    zone: America/Los_Angeles
    campaigns:
      - id: 1000
        name: Acme partners
        profile:
          ShippingRegions: [US, CA]
          Resources: {CompanyHomepage: "https://example.com/", AdditionalRelatedLinks: [{LinkType: PDF, LinkDisplayName: Terms}]}
          LongDescription: |
            One.
            Two.
          DirectTrackingSettings: {SessionWindowLength: 30}
          GiftCardPayouts: true
    partners:
      - {id: 10, name: Partner, profile: {Address: {Country: US, City: ""}, DateCreated: 2026-01-01, Contacts: [], Phone: {}}}
    contracts:
      - {id: 77, campaign: 1000, partner: 10, start: 2026-01-01, profile: {BrandSignatory: "A & B", TemplateTerms: {TemplateId: 7, Labels: [a]}}}
    profile:
      Industry: {IndustryId: "12"}
      OrganizationType: CORP
`

func TestAProfileIsRecordedInCanonicalForm(t *testing.T) {
	st := open(t)
	if _, err := apply(t, st, profiled, loaded); err != nil {
		t.Fatal(err)
	}
	r, err := st.Reference(t.Context(), 1, loaded)
	if err != nil {
		t.Fatal(err)
	}
	got := []program.Profile{r.Account.Profile, r.Campaigns[1000].Profile, r.Partners[10].Profile, r.Contracts[77].Profile}
	want := []program.Profile{
		`{"Industry":{"IndustryId":"12"},"OrganizationType":"CORP"}`,
		`{"DirectTrackingSettings":{"SessionWindowLength":30},"GiftCardPayouts":true,"LongDescription":"One.\nTwo.\n",` +
			`"Resources":{"AdditionalRelatedLinks":[{"LinkDisplayName":"Terms","LinkType":"PDF"}],"CompanyHomepage":"https://example.com/"},` +
			`"ShippingRegions":["US","CA"]}`,
		`{"Address":{"Country":"US"},"DateCreated":"2026-01-01T08:00:00Z"}`,
		`{"BrandSignatory":"A \u0026 B","TemplateTerms":{"Labels":["a"],"TemplateId":7}}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("profiles (-want +got):\n%s", diff)
	}
	if n, err := apply(t, st, profiled, loaded.Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("the file again: %d entries, %v", n, err)
	}
}

func TestPutOfAReadProfileChangesNothing(t *testing.T) {
	st := open(t)
	if _, err := apply(t, st, profiled, loaded); err != nil {
		t.Fatal(err)
	}
	r, err := st.Reference(t.Context(), 1, loaded)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []refdata.Key{keyOf("accounts", "1"), keyOf("campaigns", "1000"), keyOf("partners", "10"), keyOf("contracts", "77")} {
		entry, err := k.Get(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(entry)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), `"profile":{`) {
			t.Errorf("%s: no profile in %s", k.Kind.List, text)
		}
		if n, err := put(t, st, k, string(text)); n != 0 || err != nil {
			t.Errorf("%s put back: %d entries, %v\n%s", k.Kind.List, n, err, text)
		}
	}
	if n, err := put(t, st, keyOf("partners", "10"), `{"name":"Partner"}`); n != 1 || err != nil {
		t.Errorf("a partner without its profile: %d entries, %v", n, err)
	}
}

func TestAProfileIsCheckedAgainstThePublishedFields(t *testing.T) {
	for name, c := range map[string]struct{ list, profile, want string }{
		"a field of several types":         {"partners", `{"Phone":{"Number":"1"},"Properties":[{"Type":"SOCIAL"}]}`, ""},
		"null is absent":                   {"partners", `{"Website":null}`, ""},
		"a misspelled field":               {"partners", `{"Webste":"https://example.com/"}`, "Webste: Not a published field: did you mean Website?"},
		"a field in another case":          {"partners", `{"website":"https://example.com/"}`, "website: Not a published field: did you mean Website?"},
		"an unknown field":                 {"campaigns", `{"DirectTrackingSettings":{"Foo":"x"}}`, "Foo: Not a published field: the fields are UnidentifiedName, SessionWindowLength"},
		"a field of another object":        {"partners", `{"ShippingRegions":["US"]}`, "ShippingRegions: Not a published field: the fields are Description, Website, Address, Phone, IndirectTax, PromotionalMethods, PromotionalCountries, Properties, PromotionalCategories, Contacts, LinkedAccounts, AccountManager, DateCreated, DateLastUpdated, CreatedBy, LastUpdatedBy"},
		"a field that the ledger knows":    {"partners", `{"Name":"Other"}`, "Name: The ledger knows this field: it can't be set in a profile"},
		"terms":                            {"contracts", `{"TemplateTerms":{"EventPayouts":[]}}`, "EventPayouts: The ledger knows this field: it can't be set in a profile"},
		"an extension":                     {"contracts", `{"CampaignName":"x"}`, "CampaignName: The ledger knows this field: it can't be set in a profile"},
		"not a whole number":               {"campaigns", `{"Rating":4.5}`, "Rating: Must be a whole number from 0, of at most 16 digits"},
		"not a boolean":                    {"campaigns", `{"TrademarkBidding":"yes"}`, "TrademarkBidding: Must be true or false"},
		"not a date":                       {"partners", `{"DateCreated":"yesterday"}`, "DateCreated: Must be a date, such as 2026-10-01, or a timestamp with an offset, such as 2026-10-01T10:30:00-07:00"},
		"not a URL":                        {"partners", `{"Website":"example.com"}`, "Website: Must be a URL of at most 4096 characters, such as https://example.com/"},
		"a value outside the enumeration":  {"partners", `{"Properties":[{"Type":"TV"}]}`, "Type: Must be one of WEBSITE, MOBILE, SOCIAL"},
		"a text for an object":             {"partners", `{"Address":"US"}`, "Address: Must be a mapping of keys to values"},
		"an object for a text":             {"partners", `{"Description":{}}`, "Description: Must be one value, not a list or a mapping"},
		"a text for a list":                {"partners", `{"PromotionalCountries":"US"}`, "PromotionalCountries: Must be a list"},
		"a list for a text":                {"partners", `{"Description":["a"]}`, "Description: Must be one value, not a list or a mapping"},
		"an empty element":                 {"partners", `{"PromotionalCountries":[null]}`, "PromotionalCountries: Must not be empty"},
		"a control character":              {"partners", `{"Description":"a\u0007"}`, "Description: Must not contain control characters other than line breaks and tabs"},
		"a text of the maximum length":     {"partners", `{"Description":"` + strings.Repeat("ä", 4096) + `"}`, ""},
		"a text that is too long":          {"partners", `{"Description":"` + strings.Repeat("ä", 4097) + `"}`, "Description: At most 4096 characters"},
		"a list that is too long":          {"partners", `{"PromotionalCountries":["US"` + strings.Repeat(`,"US"`, 1000) + `]}`, "PromotionalCountries: Has more than 1000 elements"},
		"a profile that is too large":      {"campaigns", `{"ShippingRegions":["` + strings.Repeat("a", 4096) + `"` + strings.Repeat(`,"`+strings.Repeat("a", 4096)+`"`, 16) + `]}`, "profile: Has more than 64 KiB: shorten its texts"},
		"a profile that is not a mapping":  {"partners", `"x"`, "profile: Must be a mapping of keys to values"},
		"an account's unknown enumeration": {"accounts", `{"OrganizationType":"GMBH"}`, "OrganizationType: Must be one of NONP_GOV, CORP, SOLE_IND, LLC_LLP_LLS, TRUST, SOLE_TRD, PARTNERS, LLC, LLP, COMPANY, GOVERNMENT, OTHER"},
	} {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			if _, err := apply(t, st, profiled, loaded); err != nil {
				t.Fatal(err)
			}
			base := map[string]struct{ id, keys string }{
				"accounts": {"1", `"name":"A","currency":"USD","zone":"UTC"`}, "campaigns": {"1000", `"name":"A"`}, "partners": {"10", `"name":"A"`},
				"contracts": {"77", `"campaign":1000,"partner":10,"start":"2026-01-01"`},
			}[c.list]
			_, err := put(t, st, keyOf(c.list, base.id), "{"+base.keys+`,"profile":`+c.profile+"}")
			got, invalid := "", (*refdata.FileError)(nil)
			if errors.As(err, &invalid) && len(invalid.Diagnostics) == 1 {
				got = invalid.Diagnostics[0].Key + ": " + invalid.Diagnostics[0].Message
			} else if err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("error %q, want %q", got, c.want)
			}
		})
	}
}

func TestPreviewNamesTheFieldsOfAProfile(t *testing.T) {
	st := open(t)
	if _, err := apply(t, st, profiled, loaded); err != nil {
		t.Fatal(err)
	}
	file, err := refdata.Parse("f.yaml", []byte(strings.NewReplacer("[US, CA]", "[US, MX]", "BrandSignatory: ", "PartnerSignatory: ").Replace(profiled)))
	if err != nil {
		t.Fatal(err)
	}
	recorded, err := file.Preview(t.Context(), st, loaded)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"campaign 1000, profile.ShippingRegions[2]: CA → MX",
		"contract 77, profile.BrandSignatory: A & B → none",
		"contract 77, profile.PartnerSignatory: none → A & B",
	}
	if diff := cmp.Diff(want, linesOf(recorded[0].Changes)); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}
