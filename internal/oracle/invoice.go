package oracle

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Invoice is an invoice as the oracle computes it. Months have the form "2026-11", and instants
// are in nanoseconds of Unix time.
type Invoice struct {
	ID, PartnerName, Period string
	Currency                money.Currency
	VATRate                 money.Decimal
	Forced                  bool
	Created, Due            int64
	Lines                   []InvoiceLine
	Net, VAT, Total         int64
	Converted               Converted
	Entries                 int
	Paid                    bool
}

// StatusAt returns the status of the invoice at an instant.
func (v Invoice) StatusAt(at time.Time) string {
	switch {
	case v.Paid:
		return "PAID"
	case nanos(at) > v.Due:
		return "OVERDUE"
	}
	return "PENDING"
}

// InvoiceLine is a line of an invoice.
type InvoiceLine struct {
	Campaign                                      int64
	CampaignName, Month, Description              string
	Actions, Payouts, Others, Net, VAT, LineTotal int64
}

// Converted is the total in the partner's currency. It is zero if there is none.
type Converted struct {
	Currency money.Currency
	Rate     money.Rate
	Total    int64
}

// issue issues an invoice of the last closed period for the entries with the indexes.
func (b *Books) issue(partner int64, indexes []int, forced bool) string {
	version := b.history.version(b.closed)
	p := version.Reference.Partners[partner]
	number := 1
	for _, v := range b.Invoices {
		if v.ID == fmt.Sprintf("%d-%d", partner, number) {
			number++
		}
	}
	year, month, day := b.closed.In(b.zone).Date()
	days := 20
	if set := version.Reference.Account.PaymentDays; set != nil {
		days = *set
	}
	v := Invoice{
		ID: fmt.Sprintf("%d-%d", partner, number), PartnerName: p.Name, Period: monthBefore(year, month), Currency: b.currency(),
		VATRate: p.VATRate, Forced: forced, Created: nanos(b.closed), Due: nanos(startOfDay(year, month, day+days, b.zone)), Entries: len(indexes),
	}
	for _, i := range indexes {
		b.Entries[i].Invoice = v.ID
		v.add(b.Entries[i], version.Reference.Campaigns[b.Entries[i].Campaign].Name, b.zone)
	}
	slices.SortFunc(v.Lines, func(a, b InvoiceLine) int {
		return cmp.Or(cmp.Compare(a.Campaign, b.Campaign), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Description, b.Description))
	})
	for i := range v.Lines {
		line := &v.Lines[i]
		line.VAT = roundHalfAway(product(integer(line.Net), percent(v.VATRate))).Int64()
		line.LineTotal = line.Net + line.VAT
		v.Net, v.VAT, v.Total = v.Net+line.Net, v.VAT+line.VAT, v.Total+line.LineTotal
	}
	v.convert(version.Rates, money.Currency(p.Currency), b.closed.In(b.zone))
	b.Invoices = append(b.Invoices, v)
	return v.ID
}

func monthBefore(year int, month time.Month) string {
	return time.Date(year, month-1, 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
}

// add adds an entry to its line.
func (v *Invoice) add(e Entry, campaign string, zone *time.Location) {
	description := "BONUS"
	if e.Kind == "ACTION" || e.Kind == "ADJUSTMENT" {
		description = "MEDIA_PAYOUT"
	}
	month := e.EventDate.In(zone).Format("2006-01")
	at := slices.IndexFunc(v.Lines, func(l InvoiceLine) bool {
		return l.Campaign == e.Campaign && l.Month == month && l.Description == description
	})
	if at < 0 {
		at = len(v.Lines)
		v.Lines = append(v.Lines, InvoiceLine{Campaign: e.Campaign, CampaignName: campaign, Month: month, Description: description})
	}
	line := &v.Lines[at]
	line.Net += e.Amount
	if e.Kind == "ACTION" {
		line.Actions++
		line.Payouts += e.Amount
	} else {
		line.Others += e.Amount
	}
}

// convert sets the total in another currency, at the rate of the latest of the 7 days before the
// local end of the period.
func (v *Invoice) convert(tables []program.RateTable, to money.Currency, end time.Time) {
	if to == "" || to == v.Currency {
		return
	}
	rate, found := rateOfDays(tables, v.Currency, to, end, 1)
	if !found {
		return
	}
	exact := product(product(integer(v.Total), fraction(rate)), integer(minors[to]))
	if total, ok := roundMinor(exact.Quo(exact, integer(minors[v.Currency])), to); ok {
		v.Converted = Converted{to, rate, total}
	}
}

// ConvertEntry returns the ledger's entry in the oracle's types, for a comparison.
func ConvertEntry(e invoice.Entry) Entry {
	return Entry{
		Kind: string(e.Kind), ID: e.ID, Partner: e.Partner, Campaign: e.Campaign, Date: e.Date.UTC(), EventDate: e.EventDate.UTC(), Amount: int64(e.Amount),
	}
}

// ConvertInvoice returns the ledger's invoice in the oracle's types, for a comparison.
func ConvertInvoice(v invoice.Record) Invoice {
	converted := Invoice{
		ID: v.ID.String(), PartnerName: v.PartnerName, Period: v.Period.String(), Currency: v.Currency, VATRate: v.VATRate, Forced: v.Forced,
		Created: nanos(v.Created), Due: nanos(v.Due), Net: int64(v.Net), VAT: int64(v.VAT), Total: int64(v.Total),
		Entries: int(v.Entries), Paid: v.Payment != nil,
	}
	for _, l := range v.Lines {
		converted.Lines = append(converted.Lines, InvoiceLine{
			Campaign: l.Campaign, CampaignName: l.CampaignName, Month: l.Month.String(), Description: string(l.Description), Actions: l.Actions,
			Payouts: int64(l.Payouts), Others: int64(l.Others), Net: int64(l.Net), VAT: int64(l.VAT), LineTotal: int64(l.Total),
		})
	}
	if c := v.Converted; c != nil {
		converted.Converted = Converted{c.Currency, c.Rate, int64(c.Total)}
	}
	return converted
}
