package webhook

import (
	"testing"
	"testing/synctest"

	"github.com/trueup-ledger/trueup/internal/store"
)

// TestLimitsBoundRequestsInFlight counts the requests in flight when all are sent at once.
func TestLimitsBoundRequestsInFlight(t *testing.T) {
	for name, c := range map[string]struct {
		// Each of the notifications of each of the accounts sends the requests, after
		// earlier ones with the outcomes.
		accounts, notifications, requests int
		outcomes                          []bool
		want                              int
	}{
		"a receiver that never acknowledged": {1, 1, 32, nil, 1},
		"a receiver that acknowledges":       {1, 1, 32, []bool{true}, 8},
		"a receiver with seven failures":     {1, 1, 32, []bool{true, false, false, false, false, false, false, false}, 8},
		"a receiver with eight failures":     {1, 1, 32, []bool{true, false, false, false, false, false, false, false, false}, 1},
		"a receiver that has recovered":      {1, 1, 32, []bool{false, false, false, false, false, false, false, false, true}, 8},
		"twenty receivers that hang":         {1, 20, 32, nil, 20},
		"the limit of an account":            {1, 20, 32, []bool{true}, 64},
		"the limits of several accounts":     {3, 20, 32, []bool{true}, 192},
		"the total limit":                    {9, 20, 32, []bool{true}, 256},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				limits, acquired, release := newLimits(), make(chan struct{}, 9*20*32), make(chan struct{})
				var all []slots
				for i := range c.accounts * c.notifications {
					all = append(all, limits.slots(store.NotificationKey{Account: int64(i / c.notifications), Notification: int64(i)}))
					for _, acknowledged := range c.outcomes {
						all[i].acquire()
						all[i].release(acknowledged)
					}
				}
				for i := range len(all) * c.requests {
					go func() {
						slots := all[i/c.requests]
						slots.acquire()
						acquired <- struct{}{}
						<-release
						slots.release(false)
					}()
				}
				synctest.Wait()
				if got := len(acquired); got != c.want {
					t.Errorf("%d requests in flight, want %d", got, c.want)
				}
				close(release)
				synctest.Wait()
				if got, want := len(acquired), c.accounts*c.notifications*c.requests; got != want {
					t.Errorf("%d requests sent, want %d", got, want)
				}
			})
		})
	}
}
