package invoice

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// ID identifies an invoice. Its text form is "10001-7".
type ID struct {
	Partner int64
	// Number is that of the partner's invoices, from 1 without gaps.
	Number int64
}

// ParseID parses the text form of an id.
func ParseID(s string) (ID, error) {
	partner, number, _ := strings.Cut(s, "-")
	id := ID{parseNumber(partner), parseNumber(number)}
	if id.Partner == 0 || id.Number == 0 {
		return ID{}, fmt.Errorf("%q is not the id of an invoice, such as 10001-7", s)
	}
	return id, nil
}

// parseNumber parses a positive number of at most 16 digits without leading zeros. It returns
// 0 for any other text.
func parseNumber(s string) int64 {
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil || len(s) > 16 || s[0] == '0' {
		return 0
	}
	return int64(n)
}

// String returns the text form of the id. The zero id is "".
func (id ID) String() string {
	if id == (ID{}) {
		return ""
	}
	return fmt.Sprintf("%d-%d", id.Partner, id.Number)
}

// Description is the description of a line.
type Description string

// The descriptions.
const (
	MediaPayout Description = "MEDIA_PAYOUT"
	Bonus       Description = "BONUS"
)

// Status is the status of an invoice.
type Status string

// The statuses.
const (
	Pending Status = "PENDING"
	Paid    Status = "PAID"
	Overdue Status = "OVERDUE"
)

// Statuses lists every Status.
var Statuses = []Status{Pending, Paid, Overdue}

// Invoice is the statement of what an account owes a partner. It never changes once it is
// issued.
type Invoice struct {
	ID          ID
	PartnerName string
	Period      program.Month
	Currency    money.Currency
	// VATRate is in percent.
	VATRate money.Decimal
	// Forced reports whether an operator forced the invoice below the partner's minimum.
	Forced bool `json:",omitzero"`
	// Created is the end of the period. The invoice is overdue after Due.
	Created, Due time.Time
	// Lines are in the order of their campaigns, months and descriptions.
	Lines []Line
	// Totals are the sums of the lines.
	Totals
	// Converted is the total in the partner's currency, or nil.
	Converted *Converted
	// Entries is the number of entries, and Digest their digest.
	Entries int64
	Digest  ids.Hash `json:"-"`
}

// Line is the sum of the entries of one campaign, description and month of the EventDate.
type Line struct {
	Campaign     int64
	CampaignName string
	Description  Description
	Month        program.Month
	// Actions is the number of actions whose payout at locking is in the line. Payouts is the
	// sum of these payouts, and Others that of all other entries.
	Actions         int64
	Payouts, Others money.Amount
	Totals
}

// Totals are sums of money.
type Totals struct {
	// Total is the sum of Net and VAT.
	Net, VAT, Total money.Amount
}

func (t Totals) plus(u Totals) (sum Totals, err error) {
	if sum.Net, err = t.Net.Plus(u.Net); err != nil {
		return sum, err
	}
	if sum.VAT, err = t.VAT.Plus(u.VAT); err != nil {
		return sum, err
	}
	sum.Total, err = t.Total.Plus(u.Total)
	return sum, err
}

// Converted is the total of an invoice in the partner's currency.
type Converted struct {
	Currency money.Currency
	// Rate is the number of units of Currency for one unit of the invoice's currency.
	Rate  money.Rate
	Total money.Amount
}

// convert sets Converted, unless the partner is paid in the invoice's currency, no rate was
// recorded for the days before the period's end, or the result has too many digits.
func (v *Invoice) convert(t Terms) error {
	if t.PartnerCurrency == "" || t.PartnerCurrency == t.Currency {
		return nil
	}
	x := money.Exchange{From: t.Currency, To: t.PartnerCurrency}
	var err error
	if x.Rate, err = program.FindRateBefore(t.Rates, x.From, x.To, program.DateOf(v.Created, t.Zone)); errors.Is(err, program.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("rate from %s to %s: %w", x.From, x.To, err)
	}
	if total, err := x.Convert(v.Total); err == nil {
		v.Converted = &Converted{Currency: x.To, Rate: x.Rate, Total: total}
	}
	return nil
}

// due returns the due date of an invoice that was created at an instant.
func due(created time.Time, t Terms) time.Time {
	year, month, day := created.In(t.Zone).Date()
	return program.Midnight(year, month, day+t.PaymentDays, t.Zone)
}

// Detail is the sum of the entries of one campaign and month of the EventDate, without VAT.
type Detail struct {
	Campaign     int64
	CampaignName string
	Month        program.Month
	// Actions is the sum of the payouts of actions, and Others that of adjustments, bonuses
	// and write-offs.
	Actions, Others money.Amount
}

// Details returns the sums of the invoice's entries in the order of the lines.
func (v Invoice) Details() []Detail {
	var details []Detail
	for _, line := range v.Lines {
		if n := len(details); n == 0 || details[n-1].Campaign != line.Campaign || details[n-1].Month != line.Month {
			details = append(details, Detail{Campaign: line.Campaign, CampaignName: line.CampaignName, Month: line.Month})
		}
		d := &details[len(details)-1]
		d.Actions, d.Others = d.Actions+line.Payouts, d.Others+line.Others
	}
	return details
}
