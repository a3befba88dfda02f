package erasure

import (
	"crypto/rand"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/reference"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/retention"
)

// readClicks reads the clicks of the customer.
func (r *run) readClicks() error {
	return r.read(func(s *sqldb.Session) error {
		clicks, err := reference.ClicksOf(s, r.account, r.id)
		for _, c := range clicks {
			r.customer.AddClick(c)
		}
		if r.dryRun {
			r.done.Clicks = int64(len(clicks))
		}
		return err
	})
}

// finish erases the clicks and writes the audit event, once no submission has completed that was
// not erased: the conversions that the clicks referred must have their results before. While
// archives are damaged, the clicks and the customers of archived actions stay.
func (r *run) finish(scanned int64) error {
	for {
		var err error
		if scanned, err = r.notesAfter(scanned); err != nil {
			return err
		}
		complete := false
		err = r.write(func(s *sqldb.Session) error {
			complete = false
			if err := r.erasePending(s); err != nil {
				return err
			}
			if r.seen != scanned || len(r.left) > 0 {
				return nil
			}
			if len(r.damaged) > 0 { // the next erasure finds the orders in these files by what stays
				complete = true
				return account.LogEvent(s, r.event, r.account, r.now, "a customer", r.done.String())
			}
			clicks, err := reference.ClicksToErase(s, r.account, r.id, writeChunk)
			if err != nil {
				return err
			}
			for _, c := range clicks {
				if err := c.Erase(s, r.account, rand.Text()); err != nil {
					return err
				}
			}
			r.done.Clicks += int64(len(clicks))
			if complete = len(clicks) < writeChunk; !complete {
				return nil
			}
			if err := retention.EraseCustomer(s, r.account, r.id); err != nil {
				return err
			}
			return account.LogEvent(s, r.event, r.account, r.now, "a customer", r.done.String())
		})
		if err != nil || complete {
			return err
		}
		r.pending, r.top = r.left, r.seen
	}
}
