package ledger

import (
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// Limits of what one submission can hold.
const (
	// MaxItems is how many items an order, and so a submission, can have.
	MaxItems = 1000
	// MaxQuantity is the largest quantity of an item.
	MaxQuantity = 999_999_999
)

// Submission is a command that was accepted.
type Submission struct {
	// Number says its turn in the account; numbers only grow.
	Number int64
	// Accepted is the instant as of which it is judged.
	Accepted time.Time
	Command  Command
}

// ApplyContext is what the applier gives a submission when its turn comes.
type ApplyContext struct {
	// At is the recorded instant of application; in an account it never decreases.
	At time.Time
	// Update is the number of the first update that the submission may write.
	Update int64
}

// Lookup is what the rules may look up of one account. Every answer includes the
// effects of all submissions with an earlier number. A lookup that finds nothing
// answers [ErrNotFound]; any other error ends the decision.
type Lookup interface {
	// Reference answers the reference data as they stood at an instant.
	Reference(at time.Time) (*Reference, error)
	// Action answers the action with the number, its items included.
	Action(number int64) (Action, error)
	// ActionOfOrder answers the newest action of the event type with the order id.
	ActionOfOrder(eventType int64, order string) (Action, error)
	// OrderBetween reports whether an action of the event type with the order id
	// has an EventDate after one instant and before another.
	OrderBetween(eventType int64, order string, after, before time.Time) (bool, error)
	// Click answers the click with the id.
	Click(id string) (Click, error)
	// Referral answers the newest click or action of the customer in the campaign,
	// an action as a click at its EventDate without an ID.
	Referral(campaign int64, customer string) (Click, error)
	// Change answers what the submission with the number made of its action: the
	// action before and after it, the same where it changed nothing. One that failed
	// and a conversion are not found.
	Change(submission int64) (was, is Action, err error)
}

// Change is the outcome of a submission that was not refused.
type Change struct {
	// Action is the action as it now is.
	Action Action
	// Updates are appended to its trace. None means that nothing changed and that
	// nothing is to be kept.
	Updates []Update
	// Basis is what the submission was judged by.
	Basis PricingBasis
}

// PricingBasis is what a submission was judged by: kept with it, so that applying
// it again gives the same.
type PricingBasis struct {
	// Terms is zero when nothing was priced.
	Terms   TermsKey
	FeeRate money.Decimal
	// ModificationLimit is the action's at the time.
	ModificationLimit int
}

// Decide answers what a submission makes of the world when its turn comes, or a
// [*Rejection] that completes it without effect. Any other error is a failure of a
// lookup: nothing was decided. Decide depends on its arguments alone.
func Decide(w Lookup, s Submission, t ApplyContext) (Change, error) {
	return s.Command.decide(w, s, t)
}
