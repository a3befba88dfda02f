package webhook_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/webhook"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestEndedNotificationDeliversNothing(t *testing.T) {
	h := newHarness(t)
	h.notify(program.Notification{})
	h.respond(always(500))
	h.apply(order("O"))
	h.want(h.deliverURIs(), tracked, "before")
	h.notify(program.Notification{State: "ENDED"})
	h.apply(order("P"))
	h.advance(time.Hour)
	h.want(h.deliverURIs(), "", "afterwards")
	h.want(h.pending(), "1 GIVEN UP after 1: 500 the notification ended", "deliveries")
}

func TestRetryUsesTheCurrentURL(t *testing.T) {
	h := newHarness(t)
	h.notify(program.Notification{})
	h.respond(always(404))
	h.apply(order("O"))
	h.want(h.deliverURIs(), tracked, "the first")
	h.notify(program.Notification{URL: "/right/{ActionId}"})
	h.advance(time.Hour)
	h.want(h.deliverURIs(), "/right/1000.2240.1", "the second")
}

func TestDeliversMoreThanOneBatch(t *testing.T) {
	h := newHarness(t)
	h.notify(program.Notification{})
	var commands []ledger.Command
	for i := range 200 {
		commands = append(commands, order(strings.Repeat("x", i%60)+string(rune('a'+i/60))))
	}
	h.apply(commands...)
	seen := make(map[string]bool)
	for _, r := range h.deliver() {
		seen[r.uri] = true
	}
	if len(seen) != 200 {
		t.Errorf("%d events", len(seen))
	}
}

func TestWakeDeliversNewEvents(t *testing.T) {
	h := newHarness(t)
	h.notify(program.Notification{})
	delivered := make(chan string, 10)
	h.respond(func(r received) int {
		delivered <- r.uri
		return 200
	})
	h.Wake(account) // no notification is known yet
	h.apply(order("O"))
	if err := h.WakeAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.want(<-delivered, tracked, "the pending event")
	h.apply(order("P"))
	h.Wake(account)
	h.want(<-delivered, "/1000.2240.2?event=tracked&amount=20.00", "the new event")
	h.Stop()
	h.apply(order("Q"))
	h.Wake(account)
	h.Stop() // waits for requests in flight, if there are any
	select {
	case uri := <-delivered:
		t.Errorf("%s was sent after Stop", uri)
	default:
	}
}

func TestCanceledDeliverFinishesTheRequestInFlight(t *testing.T) {
	h := newHarness(t)
	h.notify(program.Notification{})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	h.respond(func(received) int {
		stop()
		return 200
	})
	h.apply(order("O"), setQuantity("O", 1), reverse("O"))
	if _, err := h.Deliver(ctx, first); err != nil {
		t.Fatal(err)
	}
	if requests := h.takeRequests(); len(requests) != 1 || requests[0].uri != tracked {
		t.Errorf("requests %v", requests)
	}
	h.respond(nil)
	h.want(h.deliverURIs(), "/1000.2240.1?event=modified&amount=10.00 /1000.2240.1?event=reversed&amount=0.00", "after the next start")
}

func TestWakeReadsNothingWithoutNotifications(t *testing.T) {
	n := webhook.New(struct{ webhook.Store }{}, time.Now, slog.New(slog.DiscardHandler), func() bool { return true }, webhook.Options{}) // every store method panics
	n.Wake(account)
	n.Stop()
}

func TestFollowerDeliversNothing(t *testing.T) {
	h := newHarness(t)
	h.notify(program.Notification{})
	h.respond(func(received) int {
		h.follower.Store(true) // another process becomes the leader during the first request
		return 200
	})
	h.apply(order("O"), setQuantity("O", 1))
	h.want(h.deliverURIs(), tracked, "as the leader")
	h.want(h.pending(), "2 WAITING after 0: 0 ", "deliveries")
	if err := h.WakeAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.Stop()
	h.want(h.deliverURIs(), "", "as a follower")
	h.follower.Store(false)
	h.want(h.deliverURIs(), "/1000.2240.1?event=modified&amount=10.00", "as the leader again")
}
