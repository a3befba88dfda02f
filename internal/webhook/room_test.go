package webhook

import (
	"testing"
	"testing/synctest"

	"github.com/trueup-ledger/trueup/internal/store"
)

// TestAReceiverThatHangsHoldsLittleRoom counts who is let in when all ask at once.
func TestAReceiverThatHangsHoldsLittleRoom(t *testing.T) {
	for name, c := range map[string]struct {
		// notifications ask in each of accounts, each for so many after those outcomes.
		accounts, notifications, requests int
		outcomes                          []bool
		want                              int
	}{
		"one that never acknowledged":                {1, 1, 32, nil, 1},
		"one that acknowledges":                      {1, 1, 32, []bool{true}, 8},
		"one that failed a few times":                {1, 1, 32, []bool{true, false, false, false, false, false, false, false}, 8},
		"one that failed as often as it can at once": {1, 1, 32, []bool{true, false, false, false, false, false, false, false, false}, 1},
		"one that acknowledges again":                {1, 1, 32, []bool{false, false, false, false, false, false, false, false, true}, 8},
		"twenty that hang":                           {1, 20, 32, nil, 20},
		"an account has its share":                   {1, 20, 32, []bool{true}, 64},
		"several have theirs":                        {3, 20, 32, []bool{true}, 192},
		"all together have an end":                   {9, 20, 32, []bool{true}, 256},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				all, entered, leave := newRooms(), make(chan struct{}, 9*20*32), make(chan struct{})
				var rooms []room
				for i := range c.accounts * c.notifications {
					rooms = append(rooms, all.of(store.Notifying{Account: int64(i / c.notifications), Notification: int64(i)}))
					for _, acknowledged := range c.outcomes {
						rooms[i].enter()
						rooms[i].leave(acknowledged)
					}
				}
				for i := range len(rooms) * c.requests {
					go func() {
						room := rooms[i/c.requests]
						room.enter()
						entered <- struct{}{}
						<-leave
						room.leave(false)
					}()
				}
				synctest.Wait()
				if got := len(entered); got != c.want {
					t.Errorf("%d are under way, want %d", got, c.want)
				}
				close(leave)
				synctest.Wait()
				if got, want := len(entered), c.accounts*c.notifications*c.requests; got != want {
					t.Errorf("%d were let in, want %d", got, want)
				}
			})
		})
	}
}
