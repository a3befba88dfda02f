package webhook

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire/template"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// deliverer delivers the events of one notification.
type deliverer struct {
	*Notifier
	key          store.NotificationKey
	slots        slots
	reference    *program.Reference
	notification program.Notification
	secret       store.SigningSecret
	url, body    template.Template
}

// errBadTemplate means that a stored URL or body no longer parses. It leaves out the parse
// error, which may quote a secret.
var errBadTemplate = errors.New("the URL or the body is not a valid template; record the notification again to see the error")

// newDeliverer reads the secret of a notification and parses its templates.
func (n *Notifier) newDeliverer(
	ctx context.Context, key store.NotificationKey, reference *program.Reference, notification program.Notification,
) (d deliverer, err error) {
	d = deliverer{Notifier: n, key: key, slots: n.limits.slots(key), reference: reference, notification: notification}
	if d.secret, err = n.store.SigningSecret(ctx, key.Account, key.Notification); err != nil {
		return d, err
	}
	d.url, err = template.ParseURL(notification.URL, notification.Events)
	if err == nil && notification.Body != "" {
		d.body, err = template.ParseBody(notification.Body, notification.Format)
	}
	if err != nil {
		return d, errBadTemplate
	}
	return d, nil
}

// deliver sends the events and returns the deliveries to store. Events of one subject
// ([store.EventID.Subject]) are sent in order, those of different subjects concurrently.
func (d deliverer) deliver(ctx context.Context, events []store.Event) (deliveries []store.Delivery) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, group := range bySubject(events) {
		wg.Go(func() {
			changed := d.deliverInOrder(ctx, group)
			mu.Lock()
			defer mu.Unlock()
			deliveries = append(deliveries, changed...)
		})
	}
	wg.Wait()
	return deliveries
}

// bySubject groups events by subject and keeps their order.
func bySubject(events []store.Event) [][]store.Event {
	index := make(map[int64]int)
	var groups [][]store.Event
	for _, e := range events {
		i, seen := index[e.ID.Subject()]
		if !seen {
			i = len(groups)
			index[e.ID.Subject()], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], e)
	}
	return groups
}

// deliverInOrder sends the events of one subject in order and returns the deliveries to
// store. After an event that is to be retried, it sends no more: the later events wait until
// that one is acknowledged or given up.
func (d deliverer) deliverInOrder(ctx context.Context, events []store.Event) (changed []store.Delivery) {
	blocked := false
	for _, e := range events {
		delivery := store.Delivery{Event: e.ID, Submission: e.Update.Submission, Attempts: e.Attempts}
		blocked = blocked || e.Blocked || !d.attempt(ctx, e, &delivery)
		switch {
		case blocked && e.Stored, delivery.Acknowledged && !e.Stored:
			continue // the store has nothing to change
		case blocked:
			delivery.Due = d.now()
		default:
			blocked = !delivery.Acknowledged && !delivery.Due.IsZero()
		}
		changed = append(changed, delivery)
	}
	return changed
}

// attempt sends an event, records the outcome in the delivery and returns true. If ctx is
// done or another process has become the leader, it sends nothing and returns false.
func (d deliverer) attempt(ctx context.Context, e store.Event, delivery *store.Delivery) (made bool) {
	if e.Problem != "" {
		d.fail(delivery, 0, e.Problem)
		return true
	}
	d.slots.acquire()
	defer func() { d.slots.release(delivery.Acknowledged) }()
	if ctx.Err() != nil || !d.isLeader() {
		return false
	}
	begun := time.Now()
	status, failure := d.send(context.WithoutCancel(ctx), d.request(e))
	if delivery.Acknowledged = failure == ""; !delivery.Acknowledged {
		d.fail(delivery, status, failure)
	}
	if d.observe != nil {
		d.observe(Attempt{NotificationKey: d.key, Delivery: *delivery, Begun: begun, Ended: time.Now()})
	}
	return true
}

// fail records a failed attempt and the time of the next one.
func (d deliverer) fail(delivery *store.Delivery, status int, failure string) {
	delivery.Attempts++
	delivery.Last, delivery.Status, delivery.Error = d.now(), status, clean(failure)
	delivery.Due = nextAttempt(delivery.Attempts, delivery.Last)
}

// request returns the request for an event.
func (d deliverer) request(e store.Event) request {
	n := template.Notification{
		Event: e.Kind, Time: e.Update.At, Update: e.Update, Action: e.Action, Invoice: e.Invoice, Reference: d.reference,
	}
	r := request{
		method: d.notification.Method, url: string(d.url.Append(nil, n)),
		id:      strconv.FormatInt(d.notification.ID, 10) + "-" + e.ID.String(),
		secrets: d.secret.Valid(d.now()), webhookID: fmt.Sprintf("%d-%d-%d", d.key.Account, d.key.Notification, e.ID.Number),
	}
	if d.notification.Body != "" {
		r.body, r.contentType = d.body.Append(nil, n), contentTypes[d.notification.Format]
	}
	return r
}
