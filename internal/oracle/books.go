package oracle

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Entry is an amount that the account owes a partner (section 12).
type Entry struct {
	Kind, ID          string
	Partner, Campaign int64
	Date, EventDate   time.Time
	Amount            int64
	// Invoice is the id of the invoice that has the entry, or empty.
	Invoice string
}

// Books is what an account owes its partners. The caller closes periods and records what
// operators do in the order of time, after all submissions.
type Books struct {
	Entries  []Entry
	Invoices []Invoice

	actions []Action
	history History
	zone    *time.Location
	// closed is the end of the last closed period, and recorded the number of entries of
	// operators.
	closed   time.Time
	recorded int
}

// Books returns what the account owes from an instant on.
func (o *Oracle) Books(since time.Time) *Books {
	ref := o.history[len(o.history)-1].Reference // terms never change
	b := &Books{actions: o.Actions, history: o.history, zone: ref.Zone()}
	year, month, _ := since.In(b.zone).Date()
	b.closed = startOfDay(year, month, 1, b.zone)
	for _, a := range o.Actions {
		date := o.entryDate(ref, a)
		if a.everyItemReversed() || date.Before(since) {
			continue
		}
		b.Entries = append(b.Entries, Entry{
			Kind: "ACTION", ID: a.ID.String(), Partner: a.Partner, Campaign: a.ID.Campaign,
			Date: date.UTC(), EventDate: time.Unix(0, a.EventDate).UTC(), Amount: a.Payout,
		})
	}
	for _, made := range o.adjustments {
		b.Entries = append(b.Entries, Entry{
			Kind: "ADJUSTMENT", ID: fmt.Sprintf("%s.A%d", made.action.ID, made.Number), Partner: made.action.Partner, Campaign: made.action.ID.Campaign,
			Date: time.Unix(0, made.Effective).UTC(), EventDate: time.Unix(0, made.action.EventDate).UTC(), Amount: made.DeltaPayout,
		})
	}
	return b
}

// Close closes each period that has ended by an instant.
func (b *Books) Close(at time.Time) {
	for {
		year, month, _ := b.closed.In(b.zone).Date()
		end := startOfDay(year, month+1, 1, b.zone)
		if end.After(at) {
			return
		}
		b.closed = end
		partners := make(map[int64]bool)
		for _, e := range b.Entries {
			partners[e.Partner] = true
		}
		for _, partner := range slices.Sorted(maps.Keys(partners)) {
			minimum := toLeast(b.history.At(end).Partners[partner], b.currency())
			if found, net := b.open(partner); len(found) > 0 && net >= minimum {
				b.issue(partner, found, false)
			}
		}
	}
}

// Force issues the partner's invoice of the last closed period, whatever its minimum. It returns
// its id, or an empty text if there is nothing to pay.
func (b *Books) Force(partner int64) string {
	found, net := b.open(partner)
	carried := int64(0)
	for _, e := range b.Entries {
		if e.Partner == partner && b.carries(e) {
			carried += e.Amount
		}
	}
	if len(found) == 0 || net <= 0 || carried <= 0 {
		return ""
	}
	return b.issue(partner, found, true)
}

// Bonus records a bonus.
func (b *Books) Bonus(at time.Time, partner, campaign, amount int64) {
	b.record("BONUS", at, partner, campaign, amount)
}

// WriteOff writes off what is carried of a partner, and reports whether anything was.
func (b *Books) WriteOff(at time.Time, partner int64) bool {
	sums, whole := make(map[int64]int64), int64(0)
	for _, e := range b.Entries {
		if e.Partner == partner && b.carries(e) {
			sums[e.Campaign] += e.Amount
			whole += e.Amount
		}
	}
	if whole == 0 {
		return false
	}
	done := false
	for _, campaign := range slices.Sorted(maps.Keys(sums)) {
		if sums[campaign] != 0 {
			b.record("WRITE_OFF", at, partner, campaign, -sums[campaign])
			done = true
		}
	}
	return done
}

// Pay records the payment of an invoice, and reports whether there is an unpaid one.
func (b *Books) Pay(id string) bool {
	for i := range b.Invoices {
		if v := &b.Invoices[i]; v.ID == id && !v.Paid {
			v.Paid = true
			return true
		}
	}
	return false
}

// Balance is what the account owes a partner at an instant.
type Balance struct {
	Pending, Locked, Cleared, Carried, Invoiced, Paid, WrittenOff int64
}

// Balance returns the balance of a partner at an instant after the last submission.
func (b *Books) Balance(partner int64, at time.Time) (sum Balance) {
	pending := make(map[string]bool)
	for _, a := range b.actions {
		if a.Partner == partner && a.StateAt(at) == "PENDING" {
			sum.Pending += a.Payout
			pending[a.ID.String()] = true
		}
	}
	for _, e := range b.Entries {
		switch {
		case e.Partner != partner || pending[e.ID]:
			continue
		case b.carries(e):
			sum.Carried += e.Amount
		case e.Date.After(at):
			sum.Locked += e.Amount
		case e.Invoice == "":
			sum.Cleared += e.Amount
		}
		if e.Kind == "WRITE_OFF" {
			sum.WrittenOff += e.Amount
		}
	}
	for _, v := range b.Invoices {
		if strings.HasPrefix(v.ID, strconv.FormatInt(partner, 10)+"-") {
			sum.Invoiced += v.Total
			if v.Paid {
				sum.Paid += v.Total
			}
		}
	}
	return sum
}

// carries reports whether the entry is part of a carried balance.
func (b *Books) carries(e Entry) bool {
	return e.Invoice == "" && (e.Date.Before(b.closed) || e.Kind == "WRITE_OFF")
}

func (b *Books) currency() money.Currency { return b.history[0].Reference.Account.Currency }

func (b *Books) record(kind string, at time.Time, partner, campaign, amount int64) {
	b.recorded++
	b.Entries = append(b.Entries, Entry{
		Kind: kind, ID: strconv.Itoa(b.recorded), Partner: partner, Campaign: campaign, Date: at.UTC(), EventDate: at.UTC(), Amount: amount,
	})
}

// open returns the indexes of the partner's entries of closed periods that are on no invoice,
// and their sum.
func (b *Books) open(partner int64) (found []int, net int64) {
	for i, e := range b.Entries {
		if e.Partner == partner && e.Invoice == "" && e.Date.Before(b.closed) {
			found = append(found, i)
			net += e.Amount
		}
	}
	return found, net
}

// toLeast returns the smallest net total that is invoiced, in minor units.
func toLeast(p program.Partner, c money.Currency) int64 {
	least := big.NewRat(1, 100)
	if p.MinimumPayout != nil {
		least = decimal(*p.MinimumPayout)
	}
	return max(roundHalfAway(product(least, integer(minors[c]))).Int64(), 1)
}
