package program

import "time"

// Clearing defines when a locked action clears, that is, when its payout becomes due. The
// zero Clearing is [DefaultClearing].
type Clearing struct {
	// Days, if not nil, are counted from the local date of LockingDate. The action clears at
	// the midnight that begins the last, or for 0 at LockingDate.
	Days *int `json:",omitzero"`
	// Day is a day of the month that is Months after the month of LockingDate, or the last
	// day of a shorter month. The action clears at the midnight that begins this day.
	Day, Months int `json:",omitzero"`
}

// DefaultClearing returns the rule of terms that define none: the 20th of the month after
// that of LockingDate.
func DefaultClearing() Clearing { return Clearing{Day: 20, Months: 1} }

// Date returns the instant at which an action with the LockingDate clears. It is not before
// LockingDate (docs/rules.md, section 7).
func (c Clearing) Date(locking time.Time, zone *time.Location) time.Time {
	if c == (Clearing{}) {
		c = DefaultClearing()
	}
	year, month, day := locking.In(zone).Date()
	var clearing time.Time
	if c.Days == nil {
		clearing = dayOfMonth(year, month+time.Month(c.Months), c.Day, zone)
	} else {
		clearing = Midnight(year, month, day+*c.Days, zone)
	}
	return Later(clearing, locking)
}

// Later returns the later of two instants.
func Later(t, u time.Time) time.Time {
	if u.After(t) {
		return u
	}
	return t
}

// ClearingDate returns the instant at which an action clears that the terms with the key
// tracked and that locks at locking. The Reference must be prepared.
func (r *Reference) ClearingDate(key TermsKey, locking time.Time) time.Time {
	return r.TermsVersion(key).Clearing.Date(locking, r.zone)
}

// EntryDate returns the instant from which the payout of an action belongs to the invoices of its
// partner, and its adjustments at the earliest: the clearing date, or the acceptance of the
// conversion if that is later.
func (r *Reference) EntryDate(key TermsKey, locking, accepted time.Time) time.Time {
	return Later(r.ClearingDate(key, locking), accepted)
}
