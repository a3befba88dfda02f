package webhook

import (
	"context"
	"errors"
	"strconv"
	"sync"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// teller tells events of one notification.
type teller struct {
	*Notifier
	room      room
	reference *ledger.Reference
	of        ledger.Notification
	url, body wire.Template
}

// errNoTemplate says that what was recorded is no template any more.
var errNoTemplate = errors.New("the URL or the body is no template any more: record the notification again to see why")

func (n *Notifier) teller(is store.Notifying, reference *ledger.Reference, of ledger.Notification) (t teller, err error) {
	t = teller{Notifier: n, room: n.rooms.of(is), reference: reference, of: of}
	t.url, err = wire.ParseURLTemplate(of.URL)
	if err == nil && of.Body != "" {
		t.body, err = wire.ParseBodyTemplate(of.Body, of.Format)
	}
	if err != nil {
		return t, errNoTemplate // what is wrong may have a secret in it
	}
	return t, nil
}

// tell answers the deliveries to be kept. Events of one action are told one after
// another, and those of several side by side. It waits for the slowest.
func (t teller) tell(ctx context.Context, events []store.Event) (deliveries []store.Delivery) {
	var mu sync.Mutex
	var wait sync.WaitGroup
	for _, of := range byAction(events) {
		wait.Go(func() {
			kept := t.tellAction(ctx, of)
			mu.Lock()
			defer mu.Unlock()
			deliveries = append(deliveries, kept...)
		})
	}
	wait.Wait()
	return deliveries
}

// byAction answers the events of each action, in their order.
func byAction(events []store.Event) [][]store.Event {
	place := make(map[int64]int)
	var groups [][]store.Event
	for _, e := range events {
		at, seen := place[e.Update.Action.Number]
		if !seen {
			at = len(groups)
			place[e.Update.Action.Number], groups = at, append(groups, nil)
		}
		groups[at] = append(groups[at], e)
	}
	return groups
}

// tellAction tells events of one action until one is not acknowledged: those after it
// wait behind it.
func (t teller) tellAction(ctx context.Context, events []store.Event) (kept []store.Delivery) {
	blocked := false
	for _, e := range events {
		d := store.Delivery{Update: e.Update.ID(), Submission: e.Update.Submission, Attempts: e.Attempts}
		if blocked || e.Behind || !t.attempt(ctx, e, &d) {
			if blocked = true; e.Kept {
				continue // it stands as it is
			}
			d.Due = t.now()
		}
		if d.Acknowledged && !e.Kept {
			continue
		}
		blocked = blocked || !d.Acknowledged && !d.Due.IsZero()
		kept = append(kept, d)
	}
	return kept
}

// attempt tells an event and notes what became of it, unless it is too late for that:
// ctx ended, or another process leads.
func (t teller) attempt(ctx context.Context, e store.Event, d *store.Delivery) (made bool) {
	if e.Fault != "" {
		t.failed(d, 0, e.Fault)
		return true
	}
	t.room.enter()
	defer func() { t.room.leave(d.Acknowledged) }()
	if ctx.Err() != nil || !t.leads() {
		return false
	}
	status, fault := t.send(context.WithoutCancel(ctx), t.request(e))
	if d.Acknowledged = fault == ""; !d.Acknowledged {
		t.failed(d, status, fault)
	}
	return true
}

// failed has a delivery tried again after a pause, or given up.
func (t teller) failed(d *store.Delivery, status int, fault string) {
	d.Attempts++
	d.Last, d.Status, d.Error = t.now(), status, clean(fault)
	d.Due = due(d.Attempts, d.Last)
}

// request answers what tells of an event.
func (t teller) request(e store.Event) request {
	encoder := wire.Encoder{Now: e.Update.At, Reference: t.reference}
	notice := wire.Notice{Event: e.Kind, Update: e.Update, Action: e.Is}
	r := request{
		method: t.of.Method, url: string(encoder.AppendNotice(nil, t.url, notice)),
		id: strconv.FormatInt(t.of.ID, 10) + "-" + e.Update.ID().String(),
	}
	if t.of.Body != "" {
		r.body, r.contentType = encoder.AppendNotice(nil, t.body, notice), contentTypes[t.of.Format]
	}
	return r
}
