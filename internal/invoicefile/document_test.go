package invoicefile_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/invoicefile"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestPartiesHaveTheAddressOfTheirProfile(t *testing.T) {
	profile := func(values map[string]any) program.Profile {
		p, err := program.NewProfile(values)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	issuer := func(values map[string]any) invoicefile.Party {
		return invoicefile.Issuer(program.Account{Name: "Acme", Profile: profile(values)})
	}
	recipient := func(values map[string]any) invoicefile.Party {
		return invoicefile.Recipient(invoice.Invoice{PartnerName: "Brightside"}, program.Partner{Name: "Renamed", Profile: profile(values)})
	}
	billing := map[string]any{
		"AddressLine1": "1 Main St", "AddressLine2": "Suite 2", "City": "Boise", "State": "ID", "PostalCode": "83702", "Country": "US",
	}
	boise := invoicefile.Address{Line1: "1 Main St", Line2: "Suite 2", PostalCode: "83702", City: "Boise", Region: "ID", Country: "US"}
	for name, c := range map[string]struct{ got, want invoicefile.Party }{
		"an account without a profile": {issuer(nil), invoicefile.Party{Name: "Acme"}},
		"the billing address": {
			issuer(map[string]any{"BillingAddress": billing, "CorporateAddress": map[string]any{"City": "Reno"}, "IndirectTaxNumber": "DE1"}),
			invoicefile.Party{Name: "Acme", VATNumber: "DE1", Address: boise},
		},
		"the corporate address": {
			issuer(map[string]any{"CorporateAddress": map[string]any{"City": "Reno"}}),
			invoicefile.Party{Name: "Acme", Address: invoicefile.Address{City: "Reno"}},
		},
		"a partner without a profile": {recipient(nil), invoicefile.Party{Name: "Brightside"}},
		"a partner has its name at the end of the period": {
			recipient(map[string]any{
				"Address":     map[string]any{"Address1": "1 Main St", "Address2": "Suite 2", "City": "Boise", "State": "ID", "PostalCode": "83702", "Country": "US"},
				"IndirectTax": map[string]any{"Country": "US", "Number": "98-7"},
			}),
			invoicefile.Party{Name: "Brightside", VATNumber: "98-7", Address: boise},
		},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
