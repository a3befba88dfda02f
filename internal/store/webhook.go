package store

import (
	"context"
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// ErrNotActive reports that a notification is not ACTIVE.
var ErrNotActive = errors.New("the notification is not ACTIVE")

// DeliveryRetention is the time for which an abandoned delivery is stored.
const DeliveryRetention = 30 * 24 * time.Hour

// MaxRetryDelay is the longest delay between two attempts of a delivery.
const MaxRetryDelay = 6 * time.Hour

// Webhooks stores the progress of event notifications. A notification reads the log of
// updates, adjustments, invoices and payments from a cursor, which begins at the end of the log
// when [References.Record] makes the notification ACTIVE. Only deliveries that wait for another attempt or were
// abandoned are stored. When a notification ceases to be ACTIVE, its waiting deliveries
// are abandoned.
type Webhooks interface {
	// ActiveNotifications returns the ACTIVE notifications of all accounts.
	ActiveNotifications(ctx context.Context, now time.Time) ([]ActiveNotification, error)

	// NextEvents returns up to limit events, in two groups, each in order: events that are
	// due for another attempt, which are at most half of the limit, rounded up, and events
	// after the cursor. Of the waiting events of a subject ([EventID.Subject]), only the earliest
	// is due. Those after the cursor that must wait for an earlier one are marked as blocked.
	NextEvents(ctx context.Context, account int64, n program.Notification, now time.Time, limit int) (Events, error)

	// SaveDeliveries advances a notification's cursor and stores the results of the
	// deliveries, in one commit. Until it succeeds, NextEvents returns the same events
	// again. A result is discarded if another process stored one for the event or the
	// notification ended. Each call also deletes some of the deliveries that were
	// abandoned longer ago than [DeliveryRetention].
	SaveDeliveries(ctx context.Context, account, notification int64, now time.Time, b DeliveryBatch) error

	// Deliveries returns up to limit of a notification's waiting and abandoned deliveries
	// whose events have numbers below before, newest first. If before is 0, it begins
	// with the newest one.
	Deliveries(ctx context.Context, account, notification, before int64, limit int) ([]Delivery, error)

	// Resend makes the delivery of an event due at once, resets its attempts, and returns
	// the number of deliveries that it changed. If event is zero, it changes all
	// deliveries that were abandoned or are due later than [MaxRetryDelay] from now. It
	// uses several commits: after an error, some of the deliveries may have been changed.
	// It returns [ErrNotActive] if the notification is not ACTIVE.
	Resend(ctx context.Context, account, notification int64, now time.Time, event EventID, e AuditEvent) (int, error)

	// SigningSecret returns the secret of a notification, or [ledger.ErrNotFound] for an unknown
	// notification.
	SigningSecret(ctx context.Context, account, notification int64) (SigningSecret, error)

	// RotateSecret gives a notification a new random secret and returns it. The secret that it
	// had, if any, signs too for the overlap.
	RotateSecret(ctx context.Context, account, notification int64, now time.Time, overlap time.Duration, e AuditEvent) (SigningSecret, error)
}

// NotificationKey identifies a notification.
type NotificationKey struct{ Account, Notification int64 }

// ActiveNotification is a notification that is ACTIVE.
type ActiveNotification struct {
	NotificationKey
	// Pending reports whether there are records after the cursor or deliveries that are due.
	Pending bool
}

// Events is the result of [Webhooks.NextEvents].
type Events struct {
	List []Event
	// From is the position of the cursor, and To its position once List is delivered.
	From, To int64
}

// DeliveryBatch holds the results of deliveries.
type DeliveryBatch struct {
	// From is the position of the cursor when the events were read, and To its new
	// position.
	From, To   int64
	Deliveries []Delivery
}

// Delivery is the result of delivering an event.
type Delivery struct {
	Event EventID
	// Submission is the number of the submission that changed the action, or 0.
	Submission int64
	// Acknowledged reports success. Acknowledged deliveries are not stored.
	Acknowledged bool
	Attempts     int
	// Due is the time of the next attempt, or zero if the delivery was abandoned.
	Due time.Time
	// Last is the time of the last attempt, or zero. Status is the status code of the
	// response, or 0 if there was none. Error describes the failure without the URL.
	Last   time.Time
	Status int
	Error  string
}

// State returns the state of the delivery as operators see it.
func (d Delivery) State() string {
	if d.Due.IsZero() {
		return "GIVEN UP"
	}
	return "WAITING"
}
