package invoice

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Statement collects the entries of one partner that are on no invoice. Its zero value has
// none. Its size depends on the number of lines, not on that of entries.
type Statement struct {
	lines map[lineKey]*Line
	last  Entry
	// count is the number of entries, digest their digest and net their sum.
	count  int64
	digest ids.Hash
	net    money.Amount
	// tooLarge reports whether a sum overflowed.
	tooLarge bool
}

// lineKey identifies a line of a statement.
type lineKey struct {
	campaign    int64
	description Description
	month       program.Month
}

func (k lineKey) compare(l lineKey) int {
	return cmp.Or(cmp.Compare(k.campaign, l.campaign), k.month.Compare(l.month), cmp.Compare(k.description, l.description))
}

// errOrder means that entries were added out of order.
var errOrder = errors.New("entries are out of order")

// Add adds an entry. Entries must be added in the order of their Date, Kind and ID. If a sum
// overflows a [money.Amount], the entries can't be invoiced, and [Statement.Invoice] returns
// [TooLarge]. There is no other limit.
func (s *Statement) Add(e Entry, zone *time.Location) error {
	if compareEntries(s.last, e) >= 0 {
		return fmt.Errorf("%s %s: %w", e.Kind, e.ID, errOrder)
	}
	key := lineKey{e.Campaign, e.Kind.Description(), program.MonthOf(e.EventDate, zone)}
	line := s.lines[key]
	if line == nil {
		line = &Line{Campaign: key.campaign, Description: key.description, Month: key.month}
		if s.lines == nil {
			s.lines = make(map[lineKey]*Line)
		}
		s.lines[key] = line
	}
	part := &line.Others
	if e.Kind == KindAction {
		part = &line.Payouts
		line.Actions++
	}
	for _, sum := range []*money.Amount{part, &line.Net, &s.net} {
		total, err := sum.Plus(e.Amount)
		if err != nil {
			s.tooLarge = true
		}
		*sum = total
	}
	s.count, s.last, s.digest = s.count+1, e, e.follow(s.digest)
	return nil
}

func compareEntries(a, b Entry) int {
	return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

// Net returns the sum of the entries. If they are not invoiced, it is the balance that is
// carried, and can be below zero.
func (s *Statement) Net() money.Amount { return s.net }

// Count returns the number of entries.
func (s *Statement) Count() int64 { return s.count }

// Terms are the settings that apply to an invoice, as they were recorded by the end of its
// period.
type Terms struct {
	Currency money.Currency
	Zone     *time.Location
	// PaymentDays is the number of local days from the end of the period to the due date.
	PaymentDays int
	// MinimumPayout is the smallest net total that is invoiced.
	MinimumPayout money.Amount
	// VATRate is in percent.
	VATRate money.Decimal
	// PartnerCurrency is the currency in which the partner is paid. If it is empty or Currency,
	// invoices aren't converted. Rates finds the rates that were recorded by the period's end.
	PartnerCurrency money.Currency
	Rates           program.RateLookup
	// PartnerName and CampaignNames are the names at that time.
	PartnerName   string
	CampaignNames map[int64]string
}

// TermsOf returns the settings for a partner's invoices in reference data, which must be
// prepared. Both the data and the rates are those that were recorded by the period's end.
func TermsOf(r *program.Reference, partner int64, rates program.RateLookup) Terms {
	p := r.Partners[partner]
	t := Terms{
		Currency: r.Account.Currency, Zone: r.Zone(), PaymentDays: r.Account.DaysToPay(), MinimumPayout: p.LeastPayout(r.Account.Currency),
		VATRate: p.VATRate, PartnerCurrency: money.Currency(p.Currency), Rates: rates, PartnerName: p.Name, CampaignNames: make(map[int64]string, len(r.Campaigns)),
	}
	for id, c := range r.Campaigns {
		t.CampaignNames[id] = c.Name
	}
	return t
}

// Reason is the reason for which no invoice is issued, or empty.
type Reason string

// The reasons. The texts continue "no invoice was issued: ".
const (
	NoEntries    Reason = "there are no entries"
	BelowMinimum Reason = "the total is below the partner's minimum_payout"
	NotPositive  Reason = "the total is not above zero"
	// TooLarge keeps one partner's entries from stopping the invoices of others.
	TooLarge Reason = "a sum has too many digits"
)

// Invoice returns the invoice with the id for a period, with all entries of the statement. If
// the net total is below the minimum, it returns [BelowMinimum] instead, and the entries are
// carried. With force the minimum doesn't count, but the total must be above zero. If a sum
// overflows, Invoice returns [TooLarge].
func (s *Statement) Invoice(id ID, period program.Month, t Terms, force bool) (Invoice, Reason, error) {
	switch {
	case s.count == 0:
		return Invoice{}, NoEntries, nil
	case s.tooLarge:
		return Invoice{}, TooLarge, nil
	case !force && s.net < t.MinimumPayout:
		return Invoice{}, BelowMinimum, nil
	case force && s.net <= 0:
		return Invoice{}, NotPositive, nil
	}
	end := period.End(t.Zone)
	v := Invoice{
		ID: id, PartnerName: t.PartnerName, Period: period, Currency: t.Currency, VATRate: t.VATRate,
		Forced: force, Created: end, Due: due(end, t), Entries: s.count, Digest: s.digest,
	}
	for _, key := range slices.SortedFunc(maps.Keys(s.lines), lineKey.compare) {
		line := *s.lines[key]
		line.CampaignName = t.CampaignNames[line.Campaign]
		if !v.add(line) {
			return Invoice{}, TooLarge, nil
		}
	}
	return v, "", v.convert(t)
}

// add adds a line with its VAT, and reports whether the sums have few enough digits.
func (v *Invoice) add(line Line) bool {
	var err error
	if line.VAT, err = line.Net.Percent(v.VATRate); err == nil {
		line.Total, err = line.Net.Plus(line.VAT)
	}
	if err == nil {
		v.Totals, err = v.plus(line.Totals)
	}
	v.Lines = append(v.Lines, line)
	return err == nil
}
