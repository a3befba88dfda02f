// Package notify tells receivers over HTTP of what becomes of actions. The log of
// updates is its outbox: each notification reads it from a cursor of its own
// (docs/protocol.md, section 21).
package webhook

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/keyqueue"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

const (
	// batch is how many events are told before what became of them is kept.
	batch = 32
	// pause is how long a notification rests for which the store failed.
	pause = 2 * time.Second
)

// Notifier tells of events. Use [New].
type Notifier struct {
	store     store.Store
	now       func() time.Time
	log       *slog.Logger
	leads     func() bool
	transport *http.Transport
	timeout   time.Duration
	rooms     *rooms
	lanes     *keyqueue.Queues

	mu sync.Mutex
	// known are all notifications that were ever seen: a notification's lane is its place.
	known []store.Notifying
	lane  map[store.Notifying]int64
	// active has the lanes of an account's notifications, and no account without any.
	active map[int64][]int64
}

// New answers a notifier that sleeps until it is woken. It begins no request while leads
// answers that another process is to tell.
func New(st store.Store, now func() time.Time, log *slog.Logger, leads func() bool) *Notifier {
	n := &Notifier{
		store: st, now: now, log: log, leads: leads, transport: newTransport(), timeout: answerTimeout, rooms: newRooms(),
		lane: make(map[store.Notifying]int64), active: make(map[int64][]int64),
	}
	n.lanes = keyqueue.New(n.work)
	return n
}

// Applied says that submissions of the account were completed. It costs nothing in an
// account without notifications.
func (n *Notifier) Applied(account int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, number := range n.active[account] {
		n.lanes.Schedule(number)
	}
}

// WakeAll looks which notifications there are and wakes those that have work: what an
// earlier or another process applied, and what is due for another attempt, is told by
// this one.
func (n *Notifier) WakeAll(ctx context.Context) error {
	all, err := n.store.Notifying(ctx, n.now())
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	clear(n.active)
	for _, is := range all {
		place, seen := n.lane[is.Notifying]
		if !seen {
			place = int64(len(n.known))
			n.known, n.lane[is.Notifying] = append(n.known, is.Notifying), place
		}
		n.active[is.Account] = append(n.active[is.Account], place)
		if is.Work {
			n.lanes.Schedule(place)
		}
	}
	return nil
}

// Stop lets the requests under way end, and begins no more: the rest is told by the
// next start.
func (n *Notifier) Stop() {
	over, cancel := context.WithCancel(context.Background())
	cancel()
	n.lanes.Stop(over)
	n.transport.CloseIdleConnections()
}

// work tells what a notification has to tell. A failure of the store leaves it where it is.
func (n *Notifier) work(ctx context.Context, place int64) (more bool) {
	n.mu.Lock()
	of := n.known[place]
	n.mu.Unlock()
	more, err := n.Tell(ctx, of)
	if err == nil || ctx.Err() != nil {
		return more
	}
	return keyqueue.Retry(ctx, n.log, pause, "telling of events failed", "account", of.Account, "notification", of.Notification, "error", err)
}

// Tell tells the next events of a notification, as far as there are any now, and
// reports whether there may be more. Its error is the store's: answers that are no
// acknowledgement are kept, to be tried again. What is under way as ctx ends is ended.
func (n *Notifier) Tell(ctx context.Context, of store.Notifying) (more bool, err error) {
	if !n.leads() {
		return false, nil
	}
	reference, err := n.store.Reference(ctx, of.Account, store.Latest)
	if err != nil {
		return false, err
	}
	is := reference.Notifications[of.Notification]
	if is.State != ledger.StateActive {
		return false, nil
	}
	events, err := n.store.NextEvents(ctx, of.Account, is, n.now(), batch)
	if err != nil || len(events.List) == 0 && events.To == events.From {
		return false, err
	}
	teller, err := n.teller(of, reference, is)
	if err != nil {
		return false, err
	}
	deliveries := teller.tell(ctx, events.List)
	n.report(of, deliveries)
	err = n.store.KeepDeliveries(context.WithoutCancel(ctx), of.Account, of.Notification, n.now(),
		store.DeliveryBatch{From: events.From, To: events.To, Deliveries: deliveries})
	return err == nil, err
}

// report logs what was not acknowledged: one line for all of them, so that a receiver
// that is away does not fill the log.
func (n *Notifier) report(of store.Notifying, deliveries []store.Delivery) {
	failed, lost := 0, 0
	var last store.Delivery
	for _, d := range deliveries {
		if d.Error != "" {
			failed, last = failed+1, d
		}
		if d.Error != "" && d.Due.IsZero() {
			lost++
		}
	}
	if failed == 0 {
		return
	}
	log := n.log.Warn
	if lost > 0 {
		log = n.log.Error
	}
	log("events were not acknowledged", "account", of.Account, "notification", of.Notification, "events", failed,
		"given_up", lost, "update", last.Update.String(), "status", last.Status, "error", last.Error)
}
