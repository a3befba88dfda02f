// Package verify checks every record of a store against the ledger's invariants (docs/rules.md,
// section 9).
package verify

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// MaxViolations is the largest number of violations that [Store] returns.
const MaxViolations = 20

// Violation is a violation of one of the ledger's invariants. Section 9 of docs/rules.md
// lists them as numbered laws.
type Violation struct {
	// Law is the number of the law, or 0 for a record that is not as the program wrote it.
	Law int
	// Account is 0 for what concerns no account.
	Account int64
	// Subject names the record, as in "action 1000.4636.158133".
	Subject string
	// Problem describes the violation and continues a sentence that begins with Subject.
	Problem string
}

// laws holds the laws of docs/rules.md, section 9, in words.
var laws = map[int]string{
	1:  "an action is the sum of its items",
	2:  "updates add up to the item",
	3:  "applying again gives the same",
	4:  "QUEUED takes effect once",
	5:  "nothing is negative",
	6:  "history never changes",
	7:  "invoices and carried entries add up to what is due",
	8:  "the balance owed is invoiced minus paid",
	9:  "invoices never change and are numbered without gaps",
	10: "adjustments only reduce",
}

// String returns the violation as one line of text.
func (v Violation) String() string {
	of := "the store"
	if v.Account != store.Operator {
		of = fmt.Sprintf("account %d", v.Account)
	}
	if v.Law == 0 {
		return fmt.Sprintf("%s, %s: %s", of, v.Subject, v.Problem)
	}
	return fmt.Sprintf("%s, %s: %s (law %d: %s)", of, v.Subject, v.Problem, v.Law, laws[v.Law])
}

// Result is the result of [Run].
type Result struct {
	// Violations are the first [MaxViolations] violations.
	Violations []Violation
	// Erased is the number of actions whose personal data were erased. Their conversions are
	// verified with what was kept of the attribution and of the matched groups.
	Erased int
	// Archived is the number of actions that were archived and removed.
	Archived int64
}

// Store is [Run] for callers that need the violations only.
func Store(ctx context.Context, s store.Scanner, decide store.Decide) ([]Violation, error) {
	result, err := Run(ctx, s, decide, nil)
	return result.Violations, err
}

// Run checks every record of a store, each account in one snapshot. It checks that each record is
// as the program wrote it, and the ledger's invariants. To check the third law it decides stored
// submissions again, beginning with the conversion: decide must be the function with which they
// were applied. The memory that Run needs does not grow with the number of actions. The error is
// that of the store.
//
// Unless folder is nil, Run also checks the archives in it, and decides the submissions of archived
// actions again.
func Run(ctx context.Context, s store.Scanner, decide store.Decide, folder store.ArchiveFolder) (r Result, err error) {
	accounts, err := s.Accounts(ctx)
	if err != nil {
		return r, err
	}
	whole := verifier{limit: MaxViolations}
	err = s.CheckStore(ctx, whole.damaged)
	r.Violations = whole.violations
	if errors.Is(err, errLimitReached) {
		return r, nil
	}
	if err != nil {
		return r, fmt.Errorf("verify the store: %w", err)
	}
	for _, account := range accounts {
		v := verifier{account: account, decide: decide, folder: folder, limit: MaxViolations - len(r.Violations)}
		err := s.Scan(ctx, account, v.verify)
		r.Violations, r.Erased, r.Archived = append(r.Violations, v.violations...), r.Erased+v.erased, r.Archived+v.archived.actions
		if errors.Is(err, errLimitReached) {
			break
		}
		if err != nil {
			return r, fmt.Errorf("verify account %d: %w", account, err)
		}
	}
	return r, nil
}

// errLimitReached ends the verification once the limit of violations is reached.
var errLimitReached = errors.New("limit of violations reached")

// verifier verifies one account.
type verifier struct {
	account    int64
	decide     store.Decide
	folder     store.ArchiveFolder
	contents   store.Contents
	positions  store.Positions
	limit      int
	violations []Violation
	// erased is the number of actions whose personal data were erased.
	erased int
	// conversions is the number of submissions that created an action, and actions the
	// number of actions. They must be equal.
	conversions, actions int
	// changing is the number of submissions that changed an action according to their
	// outcomes, and updating the same number according to the updates. They must be equal.
	changing, updating int
	// completed is the instant of the last outcome.
	completed time.Time
	// lastUpdate is the largest number of an update, an adjustment, an invoice or a payment.
	lastUpdate int64
	// undone is the number of submissions that were undone.
	undone  int64
	billing store.Billing
	// entries are the sums of the entries that the actions give.
	entries entrySums
	archived
}

// damaged records a record that is not as the program wrote it.
func (v *verifier) damaged(subject, problem string) error {
	return v.check(0, false, subject, "%s", problem)
}

func (v *verifier) verify(contents store.Contents) (err error) {
	v.contents = contents
	if err := contents.CheckRecords(v.damaged); err != nil {
		return err
	}
	if v.positions, err = contents.Positions(); errors.Is(err, ledger.ErrNotFound) {
		return v.check(4, false, "the queue", "its numbers and instants are missing, so that nothing else can be verified")
	}
	if err != nil {
		return err
	}
	if v.billing, err = contents.Billing(); err != nil {
		return err
	}
	v.entries = make(entrySums)
	if err := v.verifyArchived(contents.Archived()); err != nil {
		return err
	}
	if err := v.verifySubmissions(); err != nil {
		return err
	}
	if err := v.verifyActions(); err != nil {
		return err
	}
	if err := v.verifyBilling(); err != nil {
		return err
	}
	if err := v.verifyInquiries(); err != nil {
		return err
	}
	if err := v.check(4, v.changing == v.updating, "all submissions",
		"%d say that they changed an action, and the updates belong to %d", v.changing, v.updating); err != nil {
		return err
	}
	if err := v.check(3, v.positions.Undone == v.undone, "the record of undos", "names %d submissions, and %d were undone", v.positions.Undone, v.undone); err != nil {
		return err
	}
	if err := v.check(4, v.lastUpdate == v.positions.Counters.LastUpdate, "all updates", "the last number is %d, and the last one assigned is %d",
		v.lastUpdate, v.positions.Counters.LastUpdate); err != nil {
		return err
	}
	return v.check(4, v.conversions == v.actions, "all actions",
		"there are %d, and %d conversions that created one", v.actions, v.conversions)
}

// check records a violation of a law unless the law holds for the subject. It returns
// errLimitReached once the limit of violations is reached.
func (v *verifier) check(law int, holds bool, subject, format string, args ...any) error {
	if holds {
		return nil
	}
	if len(v.violations) < v.limit {
		v.violations = append(v.violations, Violation{Law: law, Account: v.account, Subject: subject, Problem: fmt.Sprintf(format, args...)})
	}
	if len(v.violations) == v.limit {
		return errLimitReached
	}
	return nil
}

// verifySubmissions checks that no submission is missing, that they are complete up to
// the last applied one, and that their times increase with their numbers.
func (v *verifier) verifySubmissions() error {
	var last store.Submission
	for s, err := range v.contents.Submissions() {
		if err != nil {
			return err
		}
		if err := v.verifySubmission(last, s); err != nil {
			return err
		}
		if s.Outcome.Changed && s.Command.Kind() == ledger.KindConversion {
			v.conversions++
		}
		if s.Outcome.Changed {
			v.changing++
		}
		if !s.Outcome.Completed.IsZero() {
			v.completed = s.Outcome.Completed
		}
		last = s
	}
	return errors.Join(
		v.check(4, last.Number == v.positions.Counters.Accepted, "the queue",
			"it assigned number %d and the last submission is %d", v.positions.Counters.Accepted, last.Number),
		v.verifyPositions(last.Accepted),
	)
}

// verifyPositions checks the instants and attempts of the queue. Accepted is the instant of
// the last submission.
func (v *verifier) verifyPositions(accepted time.Time) error {
	p := v.positions
	for _, moved := range []time.Time{p.LastRecorded, v.billing.Position.Fenced} {
		if moved.After(accepted) {
			accepted = moved
		}
	}
	applied := v.completed
	if v.positions.Counters.Applied == 0 {
		applied = p.FirstRecorded
	}
	queued := v.positions.Counters.Applied < v.positions.Counters.Accepted
	return errors.Join(
		v.check(4, v.positions.Counters.Applied <= v.positions.Counters.Accepted, "the queue", "it completed submission %d, which was never accepted", v.positions.Counters.Applied),
		v.check(4, p.Accepted.Equal(accepted), "the queue", "its last instant is %s, and that of its last record is %s", inUTC(p.Accepted), inUTC(accepted)),
		v.check(4, p.Applied.Equal(applied), "the queue", "it completed the last submission at %s, whose outcome says %s", inUTC(p.Applied), inUTC(applied)),
		v.check(4, p.Outcomes+v.removed == v.positions.Counters.Applied && p.LastOutcome == v.positions.Counters.Applied, "the queue",
			"it completed submission %d, and there are %d outcomes up to %d, and %d in archives", v.positions.Counters.Applied, p.Outcomes, p.LastOutcome, v.removed),
		v.check(4, p.Attempts == 0 || queued && 0 < p.Attempts && p.Attempts < store.MaxAttempts, "the queue", "it counted %d failed attempts", p.Attempts),
	)
}

// inUTC returns an instant as text.
func inUTC(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func (v *verifier) verifySubmission(last, s store.Submission) error {
	subject := fmt.Sprintf("submission %d", s.Number)
	o, done := s.Outcome, !s.Outcome.Completed.IsZero()
	created := o.Action.Number == s.Number
	return errors.Join(
		v.check(4, s.Number == v.numbers.next(last.Number), subject, "follows submission %d", last.Number),
		v.check(4, !s.Accepted.Before(last.Accepted), subject, "was accepted before the one with a smaller number"),
		v.check(4, done == (s.Number <= v.positions.Counters.Applied), subject, "%s, and the last applied one is %d",
			map[bool]string{true: "is complete", false: "is not complete"}[done], v.positions.Counters.Applied),
		v.check(4, !done || !o.Completed.Before(last.Outcome.Completed) && !o.Completed.Before(s.Accepted), subject,
			"was completed before it was accepted, or before the one with a smaller number"),
		v.check(4, (o.ErrorType == rejection.NoError) == (o.Code == ""), subject, "has error type %q and code %q, and must have both or neither", o.ErrorType, o.Code),
		v.check(4, !o.Changed || o.Code == "" && o.Action.Number != 0, subject, "changed an action that it does not name, or failed"),
		v.check(4, !done || o.Code != "" || o.Action.Number != 0, subject, "ended without an error and without an action"),
		v.check(4, !o.Changed || created == (s.Command.Kind() == ledger.KindConversion), subject, "is a %s and has the action %s",
			s.Command.Kind(), o.Action),
	)
}

// verifyActions reads the actions and, in step with them, their updates.
func (v *verifier) verifyActions() error {
	next, stop := iter.Pull2(v.contents.Updates())
	defer stop()
	updates := updateFeed{next: next}
	updates.advance()
	adjustments := newAdjustmentFeed(v.contents.Adjustments())
	defer adjustments.stop()
	conversions := newConversionFeed(v.contents.Conversions())
	defer conversions.stop()
	for a, err := range v.contents.Actions(search.TimeRange{}) {
		if err != nil {
			return err
		}
		v.actions++
		if a.Erased != nil {
			v.erased++
		}
		if err := errors.Join(v.verifyOrphans(&updates, a.ID.Number), v.verifyOrphanedAdjustments(adjustments, a.ID.Number)); err != nil {
			return err
		}
		conversion, err := conversions.of(a.ID.Number)
		if err != nil {
			return err
		}
		if err := v.verifyAction(a, &updates, adjustments, conversion); err != nil {
			return err
		}
	}
	return errors.Join(
		v.verifyOrphans(&updates, math.MaxInt64),
		v.verifyOrphanedAdjustments(adjustments, math.MaxInt64),
	)
}

// verifyOrphans reports updates of actions with smaller numbers than the given one as
// violations: those that remain unread belong to actions that don't exist.
func (v *verifier) verifyOrphans(updates *updateFeed, action int64) error {
	for ; updates.err == nil && !updates.ended && updates.Action.Number < action; updates.advance() {
		if err := v.check(6, false, fmt.Sprintf("update %d", updates.Number), "its action %d does not exist", updates.Action.Number); err != nil {
			return err
		}
	}
	return updates.err
}

// updateFeed reads updates one at a time and holds the current one.
type updateFeed struct {
	next func() (ledger.Update, error, bool)
	ledger.Update
	err   error
	ended bool
}

func (f *updateFeed) advance() {
	var ok bool
	f.Update, f.err, ok = f.next()
	f.ended = !ok
}

// isOf reports whether the current update belongs to an action.
func (f *updateFeed) isOf(action int64) bool {
	return !f.ended && f.err == nil && f.Action.Number == action
}
