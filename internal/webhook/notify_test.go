package webhook_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/webhook"
	"github.com/trueup-ledger/trueup/ledger"
)

func TestANotificationThatEndedTellsNothing(t *testing.T) {
	o := open(t)
	o.notify(ledger.Notification{})
	o.answers(always(500))
	o.apply(order("O"))
	o.want(o.uris(), tracked, "before")
	o.notify(ledger.Notification{State: "ENDED"})
	o.apply(order("P"))
	o.pass(time.Hour)
	o.want(o.uris(), "", "afterwards")
	o.want(o.kept(), "1 GIVEN UP after 1: 500 the notification ended", "deliveries")
}

func TestAnAttemptGoesWhereTheNotificationNowSays(t *testing.T) {
	o := open(t)
	o.notify(ledger.Notification{})
	o.answers(always(404))
	o.apply(order("O"))
	o.want(o.uris(), tracked, "the first")
	o.notify(ledger.Notification{URL: "/right/{ActionId}"})
	o.pass(time.Hour)
	o.want(o.uris(), "/right/1000.2240.1", "the second")
}

func TestManyEventsAreAllTold(t *testing.T) {
	o := open(t)
	o.notify(ledger.Notification{})
	var commands []ledger.Command
	for i := range 200 {
		commands = append(commands, order(strings.Repeat("x", i%60)+string(rune('a'+i/60))))
	}
	o.apply(commands...)
	seen := make(map[string]bool)
	for _, r := range o.tell() {
		seen[r.uri] = true
	}
	if len(seen) != 200 {
		t.Errorf("%d events", len(seen))
	}
}

func TestItIsWokenByWhatIsAppliedAndByWhatIsDue(t *testing.T) {
	o := open(t)
	o.notify(ledger.Notification{})
	told := make(chan string, 10)
	o.answers(func(r received) int {
		told <- r.uri
		return 200
	})
	o.Applied(account) // it knows of no notification yet
	o.apply(order("O"))
	if err := o.WakeAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.want(<-told, tracked, "what was there")
	o.apply(order("P"))
	o.Applied(account)
	o.want(<-told, "/1000.2240.2?event=tracked&amount=20.00", "what was applied")
	o.Stop()
	o.apply(order("Q"))
	o.Applied(account)
	o.Stop() // nothing is under way that a look would be too early for
	select {
	case uri := <-told:
		t.Errorf("told of %s after it was stopped", uri)
	default:
	}
}

func TestStoppingLetsTheRequestUnderWayEndAndBeginsNoOther(t *testing.T) {
	o := open(t)
	o.notify(ledger.Notification{})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	o.answers(func(received) int {
		stop()
		return 200
	})
	o.apply(order("O"), setQuantity("O", 1), reverse("O"))
	if _, err := o.Tell(ctx, first); err != nil {
		t.Fatal(err)
	}
	if taken := o.taken(); len(taken) != 1 || taken[0].uri != tracked {
		t.Errorf("told %v", taken)
	}
	o.answers(nil)
	o.want(o.uris(), "/1000.2240.1?event=modified&amount=10.00 /1000.2240.1?event=reversed&amount=0.00", "by the next start")
}

func TestAnAccountWithoutNotificationsIsNotLookedAt(t *testing.T) {
	n := webhook.New(struct{ store.Store }{}, time.Now, slog.New(slog.DiscardHandler), func() bool { return true }) // which answers nothing
	n.Applied(account)
	n.Stop()
}

func TestWhileAnotherProcessLeadsNothingIsTold(t *testing.T) {
	o := open(t)
	o.notify(ledger.Notification{})
	o.answers(func(received) int {
		o.follows.Store(true) // the lead is lost during the first request
		return 200
	})
	o.apply(order("O"), setQuantity("O", 1))
	o.want(o.uris(), tracked, "before it is lost")
	o.want(o.kept(), "2 WAITING after 0: 0 ", "deliveries")
	if err := o.WakeAll(t.Context()); err != nil { // too late
		t.Fatal(err)
	}
	o.Stop()
	o.want(o.uris(), "", "afterwards")
	o.follows.Store(false)
	o.want(o.uris(), "/1000.2240.1?event=modified&amount=10.00", "once it leads again")
}
