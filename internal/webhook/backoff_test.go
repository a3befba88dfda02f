package webhook_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
	"github.com/trueup-ledger/trueup/internal/webhook"

	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestDeliveryIsGivenUpAfterSixteenAttempts(t *testing.T) {
	h := newHarness(t)
	h.notify(program.Notification{})
	h.respond(always(500))
	h.apply(order("O"))
	var total time.Duration
	updateIDs := make(map[string]int)
	for attempt := 1; attempt <= webhook.Attempts; attempt++ {
		requests := h.deliver()
		if len(requests) != 1 {
			t.Fatalf("attempt %d: %d requests", attempt, len(requests))
		}
		updateIDs[requests[0].header.Get("Trueup-Notification-Id")]++
		if attempt == webhook.Attempts {
			break
		}
		pause := webhook.Backoff(attempt)
		h.advance(pause - time.Microsecond)
		h.want(h.deliverURIs(), "", "before it is due")
		h.advance(time.Microsecond)
		total += pause
	}
	if webhook.Attempts != 16 || updateIDs["1-1000.2240.1.1"] != 16 || total < 22*time.Hour || total > 26*time.Hour {
		t.Errorf("%d attempts, updateIDs %v, over %s", webhook.Attempts, updateIDs, total)
	}
	h.want(h.pending(), "1 GIVEN UP after 16: 500 response status 500", "deliveries")
	h.advance(1000 * time.Hour)
	h.want(h.deliverURIs(), "", "afterwards")
	h.respond(nil)
	if _, err := h.store.Resend(t.Context(), account, 1, h.clock(), store.EventID{}, byTest); err != nil {
		t.Fatal(err)
	}
	h.want(h.deliverURIs(), tracked, "sent again")
	h.want(h.pending(), "", "deliveries")
}

func TestFailedDeliveryBlocksOnlyItsAction(t *testing.T) {
	h := newHarness(t)
	h.notify(program.Notification{})
	h.respond(func(r received) int {
		if strings.HasPrefix(r.uri, "/1000.2240.1?event=tracked") {
			return 503
		}
		return 200
	})
	h.apply(order("O"), order("P"), setQuantity("O", 1), setQuantity("P", 1))
	got := h.deliverURIs()
	if strings.Contains(got, "2240.1?event=modified") || strings.Index(got, "2240.2?event=tracked") > strings.Index(got, "2240.2?event=modified") {
		t.Errorf("requests %s", got)
	}
	h.want(h.pending(), "3 WAITING after 0: 0 , 1 WAITING after 1: 503 response status 503", "deliveries")
	h.apply(reverse("O"), reverse("P"))
	h.want(h.deliverURIs(), "/1000.2240.2?event=reversed&amount=0.00", "the later events")
	h.respond(nil)
	h.advance(webhook.Backoff(1))
	h.want(h.deliverURIs(), tracked+" /1000.2240.1?event=modified&amount=10.00 /1000.2240.1?event=reversed&amount=0.00", "once it is acknowledged")
	h.want(h.pending(), "", "deliveries")
}

func TestGivenUpDeliveryUnblocksItsAction(t *testing.T) {
	h := newHarness(t)
	h.notify(program.Notification{})
	h.respond(func(r received) int {
		if strings.Contains(r.uri, "tracked") {
			return 500
		}
		return 200
	})
	h.apply(order("O"), setQuantity("O", 1))
	for attempt := 1; attempt < webhook.Attempts; attempt++ {
		h.want(h.deliverURIs(), tracked, "an attempt")
		h.advance(webhook.Backoff(attempt))
	}
	h.want(h.deliverURIs(), tracked+" /1000.2240.1?event=modified&amount=10.00", "the last attempt")
	h.want(h.pending(), "1 GIVEN UP after 16: 500 response status 500", "deliveries")
}

func TestRedeliveryAfterACrashHasTheSameID(t *testing.T) {
	h := newHarness(t)
	h.notify(program.Notification{})
	h.apply(order("O"), order("P"))
	errDisk := errors.New("disk failure")
	h.store.Fail(storetest.CallSaveDeliveries, storetest.Before, errDisk)
	if _, err := h.Deliver(t.Context(), first); !errors.Is(err, errDisk) {
		t.Fatal(err)
	}
	updateIDs := make(map[string]int)
	for _, r := range append(h.takeRequests(), h.deliver()...) {
		updateIDs[r.header.Get("Trueup-Notification-Id")]++
	}
	if len(updateIDs) != 2 || updateIDs["1-1000.2240.1.1"] != 2 || updateIDs["1-1000.2240.2.2"] != 2 {
		t.Errorf("updateIDs %v", updateIDs)
	}
	h.want(h.deliverURIs(), "", "afterwards")
}

func TestMissingResponseIsRetried(t *testing.T) {
	for name, c := range map[string]struct {
		handle  http.HandlerFunc
		failure string
	}{
		"a late response":     {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "no response in time"},
		"a closed connection": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "EOF"},
		"an endless body": {func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, "response status 500"},
	} {
		t.Run(name, func(t *testing.T) {
			receiver := httptest.NewServer(c.handle)
			defer receiver.Close()
			h := newHarness(t)
			h.SetTimeout(50 * time.Millisecond)
			h.notify(program.Notification{URL: receiver.URL + "/?secret=hush&id={ActionId}"})
			h.apply(order("O"))
			h.deliver()
			pending := h.pending()
			if !strings.HasPrefix(pending, "1 WAITING after 1: ") || !strings.Contains(pending, c.failure) {
				t.Errorf("deliveries %q", pending)
			}
			if log := h.log.String(); strings.Contains(pending+log, "hush") || strings.Count(log, "\n") != 1 {
				t.Errorf("the log is %s", log)
			}
		})
	}
}
