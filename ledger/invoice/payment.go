package invoice

import (
	"slices"
	"time"
)

// Payment is the recorded payment of an invoice. An invoice is paid as a whole.
type Payment struct {
	Invoice ID
	// Date is the date of the payment: the midnight that begins it in the account's time zone.
	Date time.Time
	// Reference identifies the payment at the bank, or is empty.
	Reference string
}

// MaxReference is the maximum length of a payment's reference in characters.
const MaxReference = 255

// Record is an invoice with its payment, which is recorded after it was issued.
type Record struct {
	Invoice
	// Payment is nil until the invoice is paid.
	Payment *Payment
}

// Status returns the status of the invoice at an instant.
func (r Record) Status(at time.Time) Status {
	switch {
	case r.Payment != nil:
		return Paid
	case at.After(r.Due):
		return Overdue
	}
	return Pending
}

// Settlement is what decides whether the entries of an invoice are paid.
type Settlement struct {
	ID ID
	// Created is the end of the invoice's period: the invoice has the partner's entries of
	// earlier dates that are on no invoice before it.
	Created time.Time
	Status  Status
	// Paid is the date of the payment, or zero.
	Paid time.Time
}

// Settlements are those of all invoices of a partner, in the order of their numbers. The first
// one can have no ID: then entries of earlier dates than its Created are on no invoice.
type Settlements []Settlement

// Find returns the settlement of the invoice that has the entry of a date, and reports whether
// there is one.
func (s Settlements) Find(date time.Time) (Settlement, bool) {
	i, _ := slices.BinarySearchFunc(s, date, func(v Settlement, date time.Time) int {
		if v.Created.After(date) {
			return 1
		}
		return -1
	})
	if i == len(s) || s[i].ID == (ID{}) {
		return Settlement{}, false
	}
	return s[i], true
}

// Range returns the range of the dates of an invoice's entries, from start until before end,
// and reports whether there is such an invoice.
func (s Settlements) Range(id ID) (start, end time.Time, found bool) {
	i := slices.IndexFunc(s, func(v Settlement) bool { return v.ID == id })
	if i < 0 || id == (ID{}) {
		return start, end, false
	}
	if i > 0 {
		start = s[i-1].Created
	}
	return start, s[i].Created, true
}
