package webhook_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store/storetest"
	"github.com/trueup-ledger/trueup/internal/webhook"
	"github.com/trueup-ledger/trueup/ledger"
)

func TestADeliveryIsTriedSixteenTimesOverADayAndThenGivenUp(t *testing.T) {
	o := open(t)
	o.notify(ledger.Notification{})
	o.answers(always(500))
	o.apply(order("O"))
	var all time.Duration
	ids := make(map[string]int)
	for attempt := 1; attempt <= webhook.Attempts; attempt++ {
		requests := o.tell()
		if len(requests) != 1 {
			t.Fatalf("attempt %d: %d requests", attempt, len(requests))
		}
		ids[requests[0].header.Get("Trueup-Notification-Id")]++
		if attempt == webhook.Attempts {
			break
		}
		pause := webhook.Pause(attempt)
		o.pass(pause - time.Microsecond)
		o.want(o.uris(), "", "before it is due")
		o.pass(time.Microsecond)
		all += pause
	}
	if webhook.Attempts != 16 || ids["1-1000.2240.1.1"] != 16 || all < 22*time.Hour || all > 26*time.Hour {
		t.Errorf("%d attempts, ids %v, over %s", webhook.Attempts, ids, all)
	}
	o.want(o.kept(), "1 GIVEN UP after 16: 500 answered 500", "deliveries")
	o.pass(1000 * time.Hour)
	o.want(o.uris(), "", "afterwards")
	o.answers(nil)
	if _, err := o.store.Resend(t.Context(), account, 1, o.clock(), ledger.UpdateID{}, byTest); err != nil {
		t.Fatal(err)
	}
	o.want(o.uris(), tracked, "sent again")
	o.want(o.kept(), "", "deliveries")
}

func TestEventsOfAnActionKeepTheirOrderAndHoldUpNoOther(t *testing.T) {
	o := open(t)
	o.notify(ledger.Notification{})
	o.answers(func(r received) int {
		if strings.HasPrefix(r.uri, "/1000.2240.1?event=tracked") {
			return 503
		}
		return 200
	})
	o.apply(order("O"), order("P"), setQuantity("O", 1), setQuantity("P", 1))
	got := o.uris()
	if strings.Contains(got, "2240.1?event=modified") || strings.Index(got, "2240.2?event=tracked") > strings.Index(got, "2240.2?event=modified") {
		t.Errorf("requests %s", got)
	}
	o.want(o.kept(), "3 WAITING after 0: 0 , 1 WAITING after 1: 503 answered 503", "deliveries")
	o.apply(reverse("O"), reverse("P"))
	o.want(o.uris(), "/1000.2240.2?event=reversed&amount=0.00", "what came later")
	o.answers(nil)
	o.pass(webhook.Pause(1))
	o.want(o.uris(), tracked+" /1000.2240.1?event=modified&amount=10.00 /1000.2240.1?event=reversed&amount=0.00", "once it is acknowledged")
	o.want(o.kept(), "", "deliveries")
}

func TestWhatIsBehindADeliveryGoesOnOnceThatIsGivenUp(t *testing.T) {
	o := open(t)
	o.notify(ledger.Notification{})
	o.answers(func(r received) int {
		if strings.Contains(r.uri, "tracked") {
			return 500
		}
		return 200
	})
	o.apply(order("O"), setQuantity("O", 1))
	for attempt := 1; attempt < webhook.Attempts; attempt++ {
		o.want(o.uris(), tracked, "an attempt")
		o.pass(webhook.Pause(attempt))
	}
	o.want(o.uris(), tracked+" /1000.2240.1?event=modified&amount=10.00", "the last attempt")
	o.want(o.kept(), "1 GIVEN UP after 16: 500 answered 500", "deliveries")
}

func TestACrashBeforeTheOutcomeIsKeptTellsAgainWithTheSameId(t *testing.T) {
	o := open(t)
	o.notify(ledger.Notification{})
	o.apply(order("O"), order("P"))
	lost := errors.New("the disk is gone")
	o.store.Fail(storetest.CallKeep, storetest.Before, lost)
	if _, err := o.Tell(t.Context(), first); !errors.Is(err, lost) {
		t.Fatal(err)
	}
	ids := make(map[string]int)
	for _, r := range append(o.taken(), o.tell()...) {
		ids[r.header.Get("Trueup-Notification-Id")]++
	}
	if len(ids) != 2 || ids["1-1000.2240.1.1"] != 2 || ids["1-1000.2240.2.2"] != 2 {
		t.Errorf("ids %v", ids)
	}
	o.want(o.uris(), "", "afterwards")
}

func TestAReceiverThatDoesNotAnswerIsTriedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		handle http.HandlerFunc
		fault  string
	}{
		"too late":   {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "no answer in time"},
		"hanging up": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "EOF"},
		"without an end": {func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, "answered 500"},
	} {
		t.Run(name, func(t *testing.T) {
			receiver := httptest.NewServer(c.handle)
			defer receiver.Close()
			o := open(t)
			o.Hurry(50 * time.Millisecond)
			o.notify(ledger.Notification{URL: receiver.URL + "/?secret=hush&id={ActionId}"})
			o.apply(order("O"))
			o.tell()
			kept := o.kept()
			if !strings.HasPrefix(kept, "1 WAITING after 1: ") || !strings.Contains(kept, c.fault) {
				t.Errorf("deliveries %q", kept)
			}
			if log := o.log.String(); strings.Contains(kept+log, "hush") || strings.Count(log, "\n") != 1 {
				t.Errorf("the log is %s", log)
			}
		})
	}
}
