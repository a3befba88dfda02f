package store

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/trueup-ledger/trueup/ledger"
)

// MaxOffences is how many offences a check names before it stops.
const MaxOffences = 20

// Offence is a breach of a law that must always hold (docs/rules.md, section 9).
type Offence struct {
	// Law is the law's number there.
	Law     int
	Account int64
	// Subject is what offends, as "action 1000.4636.158133"; What says how.
	Subject, What string
}

// String answers the offence in one line.
func (o Offence) String() string {
	return fmt.Sprintf("account %d, %s: %s (law %d)", o.Account, o.Subject, o.What, o.Law)
}

// Verify looks for breaches of the six laws in all of a store, each account in one
// snapshot, and answers the first [MaxOffences] of them. Decide is what the store
// was applied with. Memory does not grow with the store. The error is the store's.
func Verify(ctx context.Context, s Scanner, decide Decide) ([]Offence, error) {
	accounts, err := s.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	var offences []Offence
	for _, account := range accounts {
		c := check{account: account, decide: decide, room: MaxOffences - len(offences)}
		err := s.Scan(ctx, account, c.run)
		offences = append(offences, c.offences...)
		if errors.Is(err, errEnough) {
			break
		}
		if err != nil {
			return offences, fmt.Errorf("check account %d: %w", account, err)
		}
	}
	return offences, nil
}

// errEnough ends a check that found all it may name.
var errEnough = errors.New("enough offences")

// check is a check of one account at work.
type check struct {
	account  int64
	decide   Decide
	ledger   Contents
	counters Counters
	room     int
	offences []Offence
	// conversions and actions count what must be equal.
	conversions, actions int
	// changes and traced are submissions that changed an action: as they say, and as
	// the updates do.
	changes, traced int
}

func (c *check) run(l Contents) (err error) {
	c.ledger = l
	if c.counters, err = l.Counters(); err != nil {
		return err
	}
	if err := c.submissions(); err != nil {
		return err
	}
	if err := c.everyAction(); err != nil {
		return err
	}
	if err := c.inquiries(); err != nil {
		return err
	}
	if err := c.law(4, c.changes == c.traced, "all submissions",
		"%d say that they changed an action, and the updates are of %d", c.changes, c.traced); err != nil {
		return err
	}
	return c.law(4, c.conversions == c.actions, "all actions",
		"there are %d, and %d conversions that made one", c.actions, c.conversions)
}

// law notes an offence unless the law holds.
func (c *check) law(number int, holds bool, subject, what string, args ...any) error {
	if holds {
		return nil
	}
	if len(c.offences) < c.room {
		c.offences = append(c.offences, Offence{Law: number, Account: c.account, Subject: subject, What: fmt.Sprintf(what, args...)})
	}
	if len(c.offences) == c.room {
		return errEnough
	}
	return nil
}

// submissions checks that all are there, are complete up to the applier, and
// that their instants grow with their numbers.
func (c *check) submissions() error {
	var last Submission
	for s, err := range c.ledger.Submissions() {
		if err != nil {
			return err
		}
		if err := c.submission(last, s); err != nil {
			return err
		}
		if s.Outcome.Changed && s.Command.Kind() == ledger.KindConversion {
			c.conversions++
		}
		if s.Outcome.Changed {
			c.changes++
		}
		last = s
	}
	return c.law(4, last.Number == c.counters.Accepted, "the intake",
		"it gave number %d and the last submission is %d", c.counters.Accepted, last.Number)
}

func (c *check) submission(last, s Submission) error {
	subject := fmt.Sprintf("submission %d", s.Number)
	o, done := s.Outcome, !s.Outcome.Completed.IsZero()
	made := o.Action.Number == s.Number
	return errors.Join(
		c.law(4, s.Number == last.Number+1, subject, "follows submission %d", last.Number),
		c.law(4, !s.Accepted.Before(last.Accepted), subject, "was accepted before the one with a smaller number"),
		c.law(4, done == (s.Number <= c.counters.Applied), subject, "is complete: %t, and the applier is at %d", done, c.counters.Applied),
		c.law(4, !done || !o.Completed.Before(last.Outcome.Completed) && !o.Completed.Before(s.Accepted), subject,
			"was completed before it was accepted, or before the one with a smaller number"),
		c.law(4, (o.ErrorType == NoError) == (o.Code == ""), subject, "has error type %q and code %q", o.ErrorType, o.Code),
		c.law(4, !o.Changed || o.Code == "" && o.Action.Number != 0, subject, "changed an action that it does not name, or failed"),
		c.law(4, !done || o.Code != "" || o.Action.Number != 0, subject, "ended without an error and without an action"),
		c.law(4, !o.Changed || made == (s.Command.Kind() == ledger.KindConversion), subject, "is a %s and has the action %s",
			s.Command.Kind(), o.Action),
	)
}

// everyAction goes over the actions with their updates beside them.
func (c *check) everyAction() error {
	next, stop := iter.Pull2(c.ledger.Updates())
	defer stop()
	u := feed{next: next}
	u.pull()
	for a, err := range c.ledger.Actions() {
		if err != nil {
			return err
		}
		c.actions++
		if err := c.orphans(&u, a.ID.Number); err != nil {
			return err
		}
		if err := c.action(a, &u); err != nil {
			return err
		}
	}
	const all = 1<<63 - 1
	return c.orphans(&u, all)
}

// feed holds the update whose turn it is.
type feed struct {
	next func() (ledger.Update, error, bool)
	ledger.Update
	err   error
	ended bool
}

func (f *feed) pull() {
	var there bool
	f.Update, f.err, there = f.next()
	f.ended = !there
}

func (f *feed) of(action int64) bool { return !f.ended && f.err == nil && f.Action.Number == action }

// orphans checks that there are no updates of actions before one that were not seen.
func (c *check) orphans(u *feed, before int64) error {
	for ; u.err == nil && !u.ended && u.Action.Number < before; u.pull() {
		if err := c.law(6, false, fmt.Sprintf("update %d", u.Number), "its action %d is not there", u.Action.Number); err != nil {
			return err
		}
	}
	return u.err
}
