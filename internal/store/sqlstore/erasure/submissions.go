package erasure

import (
	"math"
	"slices"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/personal"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// conversions erases the customer's conversions with their actions, newest first: an order can be
// credited to the partner of an earlier action of the customer, so an action is erased after all
// conversions that found it.
func (r *run) conversions() error {
	below := int64(0)
	err := r.read(func(s *sqldb.Session) (err error) {
		r.top, err = r.position(s)
		below = r.top + 1
		return err
	})
	for err == nil {
		read := 0
		err = r.read(func(s *sqldb.Session) error {
			traced, err := submissions.TraceBack(s, r.account, r.id, below, readChunk)
			if read = len(traced); read > 0 {
				below = traced[read-1].Number
				r.pending = append(r.pending, r.placed(traced)...)
			}
			return err
		})
		if err == nil {
			err = r.flush()
		}
		if read == 0 {
			break
		}
	}
	return err
}

// placed returns the numbers of the customer's conversions.
func (r *run) placed(traced []submissions.Traced) (numbers []int64) {
	for i := range traced {
		if c, ok := traced[i].Command.(ledger.Conversion); ok && c.Erased == nil && (r.customer.Placed(c) || r.customer.Is(traced[i].Customer)) {
			numbers = append(numbers, traced[i].Number)
		}
	}
	return numbers
}

// newest returns the pending conversions after those that completed since, and the position.
func (r *run) newest(s *sqldb.Session) (pending []int64, top int64, err error) {
	if top, err = r.position(s); err != nil || top == r.top {
		return r.pending, top, err
	}
	traced, err := submissions.Trace(s, r.account, r.id, r.top, top, math.MaxInt32)
	added := r.placed(traced)
	slices.Reverse(added)
	return append(added, r.pending...), top, err
}

// flush erases the pending conversions, and newer ones before them.
func (r *run) flush() error {
	if r.dryRun {
		defer func() { r.pending = nil }()
		return r.read(func(s *sqldb.Session) error { return r.eraseAll(s, r.pending) })
	}
	for len(r.pending) > 0 {
		// Most of those that completed since are read before the transaction.
		err := r.read(func(s *sqldb.Session) (err error) {
			r.pending, r.top, err = r.newest(s)
			return err
		})
		if err == nil {
			err = r.write(r.erasePending)
		}
		if err != nil {
			return err
		}
		r.pending, r.top = r.left, r.seen
	}
	return nil
}

// erasePending erases some of the pending conversions, the newest first, in one transaction. It
// sets r.left to those that are left, and r.seen to the position.
func (r *run) erasePending(s *sqldb.Session) error {
	pending, top, err := r.newest(s)
	if err != nil {
		return err
	}
	count := min(len(pending), writeChunk)
	r.left, r.seen = pending[count:], top
	return r.eraseAll(s, pending[:count])
}

// notesAfter erases all other complete submissions about the customer's orders, with numbers above
// after. It returns the number of the last one that it read.
func (r *run) notesAfter(after int64) (last int64, err error) {
	for {
		var found []int64
		read := 0
		err := r.read(func(s *sqldb.Session) error {
			applied, err := r.position(s)
			if err != nil {
				return err
			}
			traced, err := submissions.Trace(s, r.account, r.id, after, applied, readChunk)
			read = len(traced)
			for i := 0; err == nil && i < read; i++ {
				after = traced[i].Number
				var concerned bool
				if concerned, err = r.concerns(s, &traced[i]); concerned {
					found = append(found, after)
				}
			}
			return err
		})
		if err != nil || read == 0 {
			return after, err
		}
		err = inChunks(found, func(numbers []int64) error {
			if r.dryRun {
				return r.read(func(s *sqldb.Session) error { return r.eraseAll(s, numbers) })
			}
			return r.write(func(s *sqldb.Session) error { return r.eraseAll(s, numbers) })
		})
		if err != nil {
			return after, err
		}
	}
}

// concerns reports whether a submission that is no conversion of the customer is about an order of
// the customer. Their actions are erased already, except in a dry run.
func (r *run) concerns(s *sqldb.Session, t *submissions.Traced) (bool, error) {
	switch c := t.Command.(type) {
	case ledger.Conversion:
		return c.Erased == nil && !r.customer.Placed(c) && r.isConcerned(t), nil
	case ledger.Undo:
		if t.Action != 0 || r.archived.submissions[c.Submission] {
			break
		}
		target, err := submissions.Trace(s, r.account, r.id, c.Submission-1, min(c.Submission, t.Number-1), 1)
		if err != nil || len(target) == 0 {
			return false, err
		}
		if r.isConcerned(&target[0]) || target[0].IsErased() {
			return true, nil
		}
		return r.concerns(s, &target[0]) // ends: the target has a smaller number
	}
	return r.isConcerned(t), nil
}

func (r *run) isConcerned(t *submissions.Traced) bool {
	return r.customer.Is(t.Customer) || t.Related || r.counted[t.Action] || t.Action == 0 && r.archived.named(t.Command)
}

// eraseAll erases submissions and the actions that they created.
func (r *run) eraseAll(s *sqldb.Session, numbers []int64) error {
	var rewrites submissions.Rewrites
	var changed []ledger.Action
	for _, number := range numbers {
		traced, err := submissions.Trace(s, r.account, r.id, number-1, number, 1)
		if err != nil {
			return err
		}
		for i := range traced {
			a, err := r.erase(s, &traced[i], &rewrites)
			if err != nil {
				return err
			}
			if a != nil {
				changed = append(changed, *a)
			}
		}
	}
	r.done.Actions += int64(len(changed))
	if r.dryRun {
		for _, a := range changed {
			r.counted[a.ID.Number] = true
		}
		return nil
	}
	if err := rewrites.Write(s); err != nil {
		return err
	}
	return actions.ReplacePersonal(s, r.account, changed)
}

// erase adds the erased form of a submission to the rewrites, and returns that of the action which
// it created, or nil.
func (r *run) erase(s *sqldb.Session, t *submissions.Traced, rewrites *submissions.Rewrites) (created *ledger.Action, err error) {
	var results *program.Erased
	if t.Kind == ledger.KindConversion {
		if results, created, err = r.results(s, t); err != nil {
			return nil, err
		}
	}
	payload, command := personal.Payload(t.Payload), personal.Command(t.Command, results)
	if payload == t.Payload && sameNote(command, t.Command) {
		return nil, nil //nolint:nilnil // nothing is personal
	}
	r.done.Submissions++
	return created, rewrites.Add(r.account, t.Number, payload, command)
}

// results returns what the rules still need of a conversion, and the erased action that it
// created, if there is one.
func (r *run) results(s *sqldb.Session, t *submissions.Traced) (*program.Erased, *ledger.Action, error) {
	if t.Action != t.Number { // it was rejected
		return new(program.Erased), nil, nil
	}
	current, err := r.Versions.Current(s, r.account)
	if err != nil {
		return nil, nil, err
	}
	a, err := actions.Load(s, r.account, t.Action)
	if err != nil {
		return nil, nil, err
	}
	results := personal.ResultsOf(a, current)
	a = personal.Action(a, results)
	return results, &a, nil
}

// sameNote reports whether two forms of a command that is no conversion are equal.
func sameNote(a, b ledger.Command) bool {
	switch a := a.(type) {
	case ledger.Modification:
		return a.Note == b.(ledger.Modification).Note
	case ledger.Reversal:
		return a.Note == b.(ledger.Reversal).Note
	case ledger.Undo:
		return a.Note == b.(ledger.Undo).Note
	}
	return false
}
