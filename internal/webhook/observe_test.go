package webhook_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/webhook"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestTheObserverGetsEachAttempt(t *testing.T) {
	h := newHarness(t)
	var mu sync.Mutex
	var got []string
	h.Observe(func(a webhook.Attempt) {
		mu.Lock()
		defer mu.Unlock()
		result := "acknowledged"
		if !a.Delivery.Acknowledged {
			result = a.Delivery.State()
		}
		if a.NotificationKey != first || a.Delivery.Submission != 1 || a.Begun.After(a.Ended) {
			t.Errorf("the attempt is %+v", a)
		}
		got = append(got, result)
	})
	h.notify(program.Notification{})
	h.respond(always(503))
	h.apply(order("O"))
	for range webhook.Attempts {
		h.deliver()
		h.advance(webhook.Backoff(webhook.Attempts - 1))
	}
	want := []string{"WAITING", "WAITING", "WAITING"}
	if len(got) != webhook.Attempts || !cmp.Equal(want, got[:len(want)]) || got[len(got)-1] != "GIVEN UP" {
		t.Errorf("attempts %q", got)
	}
}
