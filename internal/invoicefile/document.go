// Package invoicefile renders invoices as files: a PDF for each, and CSV for spreadsheets and
// for Xero (docs/decisions/0038).
package invoicefile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Document is an invoice with what its files show beside it.
type Document struct {
	invoice.Record
	Issuer, Recipient Party
	// Zone is the account's time zone, in which the dates are. Nil means UTC.
	Zone *time.Location
}

// NewDocument returns the document of an invoice with present addresses. The reference data must
// be prepared.
func NewDocument(v invoice.Record, r *program.Reference) Document {
	return Document{Record: v, Issuer: Issuer(r.Account), Recipient: Recipient(v.Invoice, r.Partners[v.ID.Partner]), Zone: r.Zone()}
}

// Party is the issuer or the recipient of an invoice.
type Party struct {
	Name, VATNumber string
	Address         Address
}

// Address is a postal address. Each of its fields can be empty.
type Address struct {
	Line1, Line2, PostalCode, City, Region, Country string
}

// lines returns the lines of the address that aren't empty.
func (a Address) lines() []string {
	town := strings.TrimSpace(a.PostalCode + " " + a.City)
	if town != "" && a.Region != "" {
		town += ", "
	}
	return slices.DeleteFunc([]string{a.Line1, a.Line2, town + a.Region, a.Country}, func(line string) bool { return line == "" })
}

// Issuer returns the account as a party, with the billing address or else the corporate
// address of its profile.
func Issuer(a program.Account) Party {
	profile := fields(a.Profile.Values())
	address := profile.object("BillingAddress")
	if len(address) == 0 {
		address = profile.object("CorporateAddress")
	}
	return Party{a.Name, profile.text("IndirectTaxNumber"), address.address("AddressLine1", "AddressLine2")}
}

// Recipient returns the partner of an invoice as a party, with its name at the end of the
// invoice's period and the address of its present profile.
func Recipient(v invoice.Invoice, p program.Partner) Party {
	profile := fields(p.Profile.Values())
	return Party{v.PartnerName, profile.object("IndirectTax").text("Number"), profile.object("Address").address("Address1", "Address2")}
}

// fields are the fields of a profile or of an object in it.
type fields map[string]any

func (f fields) text(name string) string {
	text, _ := f[name].(string)
	return text
}

func (f fields) object(name string) fields {
	object, _ := f[name].(map[string]any)
	return object
}

// address returns the address in the fields. The arguments name the fields of its first lines.
func (f fields) address(line1, line2 string) Address {
	return Address{f.text(line1), f.text(line2), f.text("PostalCode"), f.text("City"), f.text("State"), f.text("Country")}
}

// zone returns the zone of the document's dates.
func (d Document) zone() *time.Location { return cmp.Or(d.Zone, time.UTC) }

// date returns the local date of an instant in a layout.
func (d Document) date(at time.Time, layout string) string { return at.In(d.zone()).Format(layout) }

// campaignName returns the name of a line's campaign, or its id if it has no name.
func campaignName(l invoice.Line) string {
	if l.CampaignName == "" {
		return fmt.Sprintf("Campaign %d", l.Campaign)
	}
	return l.CampaignName
}

// describe returns a description in words.
func describe(d invoice.Description) string {
	if d == invoice.Bonus {
		return "Bonus"
	}
	return "Media payout"
}
