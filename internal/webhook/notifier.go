// Package webhook delivers event notifications to the HTTP endpoints that accounts
// have configured. The log of updates is the outbox: each notification reads it from
// its own cursor (docs/protocol.md, section 21).
//
// Delivery is at least once. Attempts of one delivery carry the same
// Trueup-Notification-Id, and events of one action are delivered in order.
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

// Store is the part of a store that delivering events needs.
type Store interface {
	CurrentReference(ctx context.Context, account int64) (*program.Reference, error)
	ActiveNotifications(ctx context.Context, now time.Time) ([]store.ActiveNotification, error)
	NextEvents(ctx context.Context, account int64, n program.Notification, now time.Time, limit int) (store.Events, error)
	SaveDeliveries(ctx context.Context, account, notification int64, now time.Time, batch store.DeliveryBatch) error
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

	mu sync.Mutex
	// known holds every notification seen so far. The index of a notification is its
	// key in queues.
	known []store.NotificationKey
	keys  map[store.NotificationKey]int64
	// active maps an account to the keys of its active notifications.
	active map[int64][]int64
}

// New returns a notifier that is idle until it is woken. It sends requests only while
// isLeader reports true, so that one of the processes on a store delivers.
func New(st Store, now func() time.Time, log *slog.Logger, isLeader func() bool) *Notifier {
	n := &Notifier{
		store: st, now: now, log: log, isLeader: isLeader, transport: newTransport(), timeout: requestTimeout, limits: newLimits(),
		keys: make(map[store.NotificationKey]int64), active: make(map[int64][]int64),
	}
	n.queues = keyqueue.New(n.work)
	return n
}

// Wake schedules the active notifications of an account, after submissions of it were
// applied. It is cheap if the account has none.
func (n *Notifier) Wake(account int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, key := range n.active[account] {
		n.queues.Schedule(key)
	}
}

// WakeAll reloads the active notifications and schedules those with pending events,
// including events applied by other processes and retries that are due.
func (n *Notifier) WakeAll(ctx context.Context) error {
	all, err := n.store.ActiveNotifications(ctx, n.now())
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	clear(n.active)
	for _, active := range all {
		key, seen := n.keys[active.NotificationKey]
		if !seen {
			key = int64(len(n.known))
			n.known, n.keys[active.NotificationKey] = append(n.known, active.NotificationKey), key
		}
		n.active[active.Account] = append(n.active[active.Account], key)
		if active.Pending {
			n.queues.Schedule(key)
		}
	}
	return nil
}

// Stop waits for the requests in flight and sends no more. The next start delivers the
// rest.
func (n *Notifier) Stop() {
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	n.queues.Stop(canceled)
	n.transport.CloseIdleConnections()
}

// work delivers the next batch of the notification with the key. If the store fails,
// the batch is retried.
func (n *Notifier) work(ctx context.Context, key int64) (more bool) {
	n.mu.Lock()
	of := n.known[key]
	n.mu.Unlock()
	more, err := n.Deliver(ctx, of)
	if err == nil || ctx.Err() != nil {
		return more
	}
	return keyqueue.Retry(ctx, n.log, storeRetryDelay, "delivering event notifications failed", "account", of.Account, "notification", of.Notification, "error", err)
}

// Deliver delivers the next batch of a notification's pending events and reports
// whether there may be more. Its error is the store's: a delivery that the receiver did
// not acknowledge is stored for another attempt. After ctx is done, Deliver finishes
// the requests in flight and sends no more.
func (n *Notifier) Deliver(ctx context.Context, of store.NotificationKey) (more bool, err error) {
	if !n.isLeader() {
		return false, nil
	}
	reference, err := n.store.CurrentReference(ctx, of.Account)
	if err != nil {
		return false, err
	}
	notification := reference.Notifications[of.Notification]
	if notification.State != program.StateActive {
		return false, nil
	}
	events, err := n.store.NextEvents(ctx, of.Account, notification, n.now(), batchSize)
	if err != nil || len(events.List) == 0 && events.To == events.From {
		return false, err
	}
	d, err := n.newDeliverer(of, reference, notification)
	if err != nil {
		return false, err
	}
	deliveries := d.deliver(ctx, events.List)
	n.logFailures(of, deliveries)
	err = n.store.SaveDeliveries(context.WithoutCancel(ctx), of.Account, of.Notification, n.now(),
		store.DeliveryBatch{From: events.From, To: events.To, Deliveries: deliveries})
	return err == nil, err
}

// logFailures writes one line for all failed deliveries of a batch, so that an
// unavailable receiver does not flood the log.
func (n *Notifier) logFailures(of store.NotificationKey, deliveries []store.Delivery) {
	failed, givenUp := 0, 0
	var last store.Delivery
	for _, d := range deliveries {
		if d.Error != "" {
			failed, last = failed+1, d
		}
		if d.Error != "" && d.Due.IsZero() {
			givenUp++
		}
	}
	if failed == 0 {
		return
	}
	log := n.log.Warn
	if givenUp > 0 {
		log = n.log.Error
	}
	log("event notifications not acknowledged", "account", of.Account, "notification", of.Notification, "events", failed,
		"given_up", givenUp, "update", last.Update.String(), "status", last.Status, "error", last.Error)
}
