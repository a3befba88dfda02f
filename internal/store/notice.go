package store

import (
	"context"
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// ErrEnded says that a notification is not ACTIVE.
var ErrEnded = errors.New("the notification is not ACTIVE")

// DeliveryLife is how long a delivery that was given up is kept.
const DeliveryLife = 30 * 24 * time.Hour

// LongestPause is the longest between two attempts of a delivery.
const LongestPause = 6 * time.Hour

// Webhooks keep how far event notifications are. The log of updates is what they
// tell of: each reads it from a cursor of its own, which begins at the log's end
// when [Store.Record] makes the notification ACTIVE. Beside it stand only those
// deliveries that are not acknowledged yet or were given up. When it is ACTIVE no more,
// all that wait are given up.
type Webhooks interface {
	// Notifying answers the ACTIVE notifications of all accounts, and which of them have
	// something to tell now.
	Notifying(ctx context.Context, now time.Time) ([]ActiveNotification, error)

	// NextEvents answers up to limit events that a notification has to tell now: those
	// due for another attempt of which none of the same action is before, at most half of
	// them, and those after its cursor, each group in order.
	NextEvents(ctx context.Context, account int64, n ledger.Notification, now time.Time, limit int) (Events, error)

	// KeepDeliveries moves a notification's cursor on and keeps what became of deliveries,
	// in one commit: who failed to do so is given the same events again. An outcome that
	// something overtook, as another process or an end of the notification, is not kept.
	// Each time a few of those go that were given up longer ago than [DeliveryLife].
	KeepDeliveries(ctx context.Context, account, notification int64, now time.Time, told DeliveryBatch) error

	// Deliveries answers up to limit of a notification's deliveries that wait or were given
	// up, below a number, newest first; a number of 0 means the newest of all.
	Deliveries(ctx context.Context, account, notification, below int64, limit int) ([]Delivery, error)

	// Resend has the delivery of an update begin anew, at once, or if none is named all
	// that were given up or are due later than [LongestPause] from now, and answers how
	// many. Those are many commits: an error can leave some of them done. ErrEnded if the
	// notification has ended.
	Resend(ctx context.Context, account, notification int64, now time.Time, update ledger.UpdateID, d AuditEvent) (int, error)
}

// Notifying names a notification of an account.
type Notifying struct{ Account, Notification int64 }

// ActiveNotification is a notification at work.
type ActiveNotification struct {
	Notifying
	// Work says that there are updates after its cursor, or deliveries that are due.
	Work bool
}

// Events are what a notification has to tell.
type Events struct {
	List []Event
	// From is where the cursor stands; To is up to where List has what is new.
	From, To int64
}

// DeliveryBatch is what became of the events between two cursors, and of those told again.
type DeliveryBatch struct {
	// From is where the cursor stood when the events were read, To where it goes.
	From, To   int64
	Deliveries []Delivery
}

// Event is what one submission did to an action.
type Event struct {
	// Update is the last one that the submission wrote: the event's number is its.
	Update ledger.Update
	// Kind is what it did, Is the action as it was then.
	Kind ledger.Event
	Is   ledger.Action
	// Kept says that there is a delivery of it, with so many attempts.
	Kept     bool
	Attempts int
	// Behind says that an earlier event of its action waits.
	Behind bool
	// Fault says why Kind and Is are not known, or is "".
	Fault string
}

// Delivery is what became of an event.
type Delivery struct {
	Update     ledger.UpdateID
	Submission int64
	// Acknowledged deliveries are not kept.
	Acknowledged bool
	Attempts     int
	// Due is the instant of the next attempt; zero if it was given up.
	Due time.Time
	// Last is the instant of the last attempt, or zero; Status is that of the answer, 0 if
	// there was none, and Error what went wrong. No URL is in it.
	Last   time.Time
	Status int
	Error  string
}

// State answers what people are told of the delivery.
func (d Delivery) State() string {
	if d.Due.IsZero() {
		return "GIVEN UP"
	}
	return "WAITING"
}
