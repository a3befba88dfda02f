package ledger

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger/order"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Limits of a submission.
const (
	// MaxItems is the maximum number of items of an order or a modification.
	MaxItems = order.MaxItems
	// MaxQuantity is the largest quantity of an item.
	MaxQuantity = order.MaxQuantity
)

// Submission is an accepted command.
type Submission struct {
	// Number is the submission's position in the account. Numbers only grow.
	Number int64
	// Accepted is the instant of acceptance. The reference data of that instant apply.
	Accepted time.Time
	// Rules is the version of the rules that decide the submission. Zero means
	// [CurrentRules].
	Rules   Rules
	Command Command
}

// Rules is a version of the rules. A submission keeps the version that was current when
// it was accepted, so that deciding it again gives the same result after the rules change.
type Rules int

// CurrentRules is the version that docs/rules.md specifies. Version 1 is that of Trueup
// 0.1; "Versions of the rules" in docs/rules.md lists the differences.
const CurrentRules Rules = 2

// original reports whether r is the version of Trueup 0.1.
func (r Rules) original() bool { return r == 1 }

// ApplyContext is the context in which a submission is applied.
type ApplyContext struct {
	// At is the recorded instant of application. It never decreases within an account.
	At time.Time
	// Update is the number of the first update that the submission may write.
	Update int64
	// UpdateVersion is the [Update.Version] of the updates to write, or 0 for
	// [UpdateVersion]. A replay of a submission sets that of the stored updates.
	UpdateVersion int
}

// ErrNotFound is returned by a [Lookup] or a store for an object that doesn't exist.
var ErrNotFound = program.ErrNotFound

// Lookup reads the state of one account. Its results include the effects of every
// submission with a lower number. A method that finds nothing returns [ErrNotFound]. If a
// method returns any other error, [Decide] returns it.
type Lookup interface {
	// Reference returns the reference data as of an instant.
	Reference(at time.Time) (*program.Reference, error)
	// Action returns the action with the number, including its items.
	Action(number int64) (Action, error)
	// ActionOfOrder returns the newest action of the event type with the order id.
	ActionOfOrder(eventType int64, order string) (Action, error)
	// OrderBetween reports whether an action of the event type with the order id has an
	// EventDate after the first instant and before the second.
	OrderBetween(eventType int64, order string, after, before time.Time) (bool, error)
	program.ClickLookup
	program.RateLookup
	// Change returns the action before and after the submission with the number. They
	// are equal if it changed nothing. A conversion or a failed submission is not found.
	Change(submission int64) (before, after Action, err error)
	// Amendment returns the number of the action that the submission completed on, and that
	// of the submission that undid it, or 0. It finds the same submissions as Change.
	Amendment(submission int64) (action, undo int64, err error)
	// Effective returns a locked action with its adjustments. It is called only for an action
	// whose terms accept late returns.
	Effective(locked Action) (Effective, error)
	// Replaced calls visit with what the submission replaced, for each of its updates with
	// the index of the item, until visit returns false. The function visit must not use the
	// lookup.
	Replaced(submission int64, visit func(item int, b Before) bool) error
}

// Change is the result of a submission that was not rejected.
type Change struct {
	// Action is the action after the change.
	Action Action
	// Updates are to be appended to the action's chain.
	Updates []Update
	// Adjustments are to be appended to the chain of a locked action, which stays as it is.
	// Effective is the action with them. A change has updates or adjustments. If it has
	// neither, nothing changed and nothing is to be stored.
	Adjustments []Adjustment
	Effective   Effective
	// Basis records the terms and limits that applied.
	Basis PricingBasis
	// Undone is the number of the submission that was undone, or 0.
	Undone int64
}

// Changed reports whether the submission changed something.
func (c Change) Changed() bool { return c.Numbers() > 0 }

// Numbers returns how many numbers of updates the change takes: one for each update or
// adjustment.
func (c Change) Numbers() int64 { return int64(len(c.Updates) + len(c.Adjustments)) }

// PricingBasis records the terms, fee rate and modification limit that applied to a
// submission. It is stored with the submission. A replay applies the same limit and
// compares the terms and the fee rate.
type PricingBasis struct {
	// Terms identify the terms that priced the action. They are zero if it was not priced.
	Terms   program.TermsKey
	FeeRate money.Decimal
	// ModificationLimit is the limit that applied to the action.
	ModificationLimit int
}
