// Package webhook delivers event notifications to the HTTP endpoints that accounts
// have configured. The log of updates, adjustments, invoices and payments is the outbox: each
// notification reads it from its own cursor (docs/protocol.md, section 21).
//
// Delivery is at least once. Attempts of one delivery carry the same
// Trueup-Notification-Id, and events of one action, and of one partner's invoices, are delivered
// in order.
package webhook

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/keyqueue"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/program"
)

const (
	// batchSize is the number of events delivered before their outcomes are stored.
	batchSize = 32
	// storeRetryDelay is the pause of a notification after the store failed.
	storeRetryDelay = 2 * time.Second
)

// Store is the part of a store that a [Notifier] needs.
type Store interface {
	CurrentReference(ctx context.Context, account int64) (*program.Reference, error)
	ActiveNotifications(ctx context.Context, now time.Time) ([]store.ActiveNotification, error)
	NextEvents(ctx context.Context, account int64, n program.Notification, now time.Time, limit int) (store.Events, error)
	SaveDeliveries(ctx context.Context, account, notification int64, now time.Time, batch store.DeliveryBatch) error
	SigningSecret(ctx context.Context, account, notification int64) (store.SigningSecret, error)
}

// Notifier delivers event notifications. Create one with [New]. It is safe for
// concurrent use.
type Notifier struct {
	store     Store
	now       func() time.Time
	log       *slog.Logger
	isLeader  func() bool
	transport *http.Transport
	timeout   time.Duration
	limits    *limits
	queues    *keyqueue.Queues
	// observe is called after each attempt, unless it is nil.
	observe func(Attempt)

	mu sync.Mutex
	// known holds every notification seen so far. The index of a notification is the key
	// of its queue in queues.
	known   []store.NotificationKey
	queueOf map[store.NotificationKey]int64
	// active maps accounts to the queues of their active notifications.
	active map[int64][]int64
}

// New returns a notifier that is idle until [Notifier.Wake] or [Notifier.WakeAll] is called.
// It sends requests only while isLeader reports true, so that only one of the processes that
// share a store delivers.
func New(st Store, now func() time.Time, log *slog.Logger, isLeader func() bool, o Options) *Notifier {
	n := &Notifier{
		store: st, now: now, log: log, isLeader: isLeader, transport: newTransport(o), timeout: requestTimeout, limits: newLimits(),
		queueOf: make(map[store.NotificationKey]int64), active: make(map[int64][]int64),
	}
	n.queues = keyqueue.New(n.work)
	return n
}

// Attempt describes an attempt to deliver an event.
type Attempt struct {
	store.NotificationKey
	// Delivery is the outcome.
	Delivery     store.Delivery
	Begun, Ended time.Time
}

// Observe makes the notifier call f after each attempt. It must be called before Wake and
// WakeAll.
func (n *Notifier) Observe(f func(Attempt)) { n.observe = f }

// Wake schedules the active notifications of an account. Call it after submissions of the
// account were applied. If the account has no active notifications, or this process is not
// the leader, Wake does nothing.
func (n *Notifier) Wake(account int64) {
	if !n.isLeader() {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, queue := range n.active[account] {
		n.queues.Schedule(queue)
	}
}

// WakeAll reloads the active notifications and schedules those with pending events,
// including events applied by other processes and retries that are due. If this process is
// not the leader, WakeAll does nothing.
func (n *Notifier) WakeAll(ctx context.Context) error {
	if !n.isLeader() {
		return nil
	}
	all, err := n.store.ActiveNotifications(ctx, n.now())
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	clear(n.active)
	for _, active := range all {
		queue, seen := n.queueOf[active.NotificationKey]
		if !seen {
			queue = int64(len(n.known))
			n.known, n.queueOf[active.NotificationKey] = append(n.known, active.NotificationKey), queue
		}
		n.active[active.Account] = append(n.active[active.Account], queue)
		if active.Pending {
			n.queues.Schedule(queue)
		}
	}
	return nil
}

// Settle attempts all deliveries that are due and returns then, or when ctx is done.
func (n *Notifier) Settle(ctx context.Context) error {
	if err := n.WakeAll(ctx); err != nil {
		return err
	}
	return n.queues.Wait(ctx)
}

// Stop waits for the requests in flight and sends no more. The remaining events are
// delivered after the next start.
func (n *Notifier) Stop() {
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	n.queues.Stop(canceled)
	n.transport.CloseIdleConnections()
}

// work delivers the next batch of the notification with the given queue. If the store
// fails, it retries the batch.
func (n *Notifier) work(ctx context.Context, queue int64) (more bool) {
	n.mu.Lock()
	key := n.known[queue]
	n.mu.Unlock()
	more, err := n.deliverBatch(ctx, key)
	if err == nil || ctx.Err() != nil {
		return more
	}
	return keyqueue.Retry(ctx, n.log, storeRetryDelay, "delivering event notifications failed", "account", key.Account, "notification", key.Notification, "error", err)
}

// deliverBatch delivers the next batch of a notification's pending events and reports
// whether there may be more. Deliveries that the receiver doesn't acknowledge are not an
// error: they are stored for another attempt. After ctx is done, deliverBatch finishes the
// requests in flight and sends no more.
func (n *Notifier) deliverBatch(ctx context.Context, key store.NotificationKey) (more bool, err error) {
	if !n.isLeader() {
		return false, nil
	}
	reference, err := n.store.CurrentReference(ctx, key.Account)
	if err != nil {
		return false, err
	}
	notification := reference.Notifications[key.Notification]
	if notification.State != program.StateActive {
		return false, nil
	}
	events, err := n.store.NextEvents(ctx, key.Account, notification, n.now(), batchSize)
	if err != nil || len(events.List) == 0 && events.To == events.From {
		return false, err
	}
	d, err := n.newDeliverer(ctx, key, reference, notification)
	if err != nil {
		return false, err
	}
	deliveries := d.deliver(ctx, events.List)
	n.logFailures(key, deliveries)
	err = n.store.SaveDeliveries(context.WithoutCancel(ctx), key.Account, key.Notification, n.now(),
		store.DeliveryBatch{From: events.From, To: events.To, Deliveries: deliveries})
	return err == nil, err
}

// logFailures logs one line for all failed deliveries of a batch, so that an unavailable
// receiver doesn't flood the log.
func (n *Notifier) logFailures(key store.NotificationKey, deliveries []store.Delivery) {
	failed, givenUp := 0, 0
	var last store.Delivery
	for _, d := range deliveries {
		if d.Error != "" {
			failed, last = failed+1, d
			if d.Due.IsZero() {
				givenUp++
			}
		}
	}
	if failed == 0 {
		return
	}
	log := n.log.Warn
	if givenUp > 0 {
		log = n.log.Error
	}
	log("event notifications not acknowledged", "account", key.Account, "notification", key.Notification, "events", failed,
		"given_up", givenUp, "update", last.Event.String(), "status", last.Status, "error", last.Error)
}
