package sqlstore

import (
	"context"
	"errors"
	"testing"
)

// TestAnAccountLeavesRoomForOthers has accounts ask for turns that nobody gives back.
func TestAnAccountLeavesRoomForOthers(t *testing.T) {
	tests := map[string]struct {
		asking []int64
		want   map[int64]int
	}{
		"one alone has half":                  {[]int64{1, 1, 1, 1, 1, 1, 1, 1, 1}, map[int64]int{1: 4}},
		"a second has half of what is left":   {[]int64{1, 1, 1, 1, 1, 2, 2, 2, 2}, map[int64]int{1: 4, 2: 2}},
		"a third gets in all the same":        {[]int64{1, 1, 1, 1, 2, 2, 2, 3, 3, 3}, map[int64]int{1: 4, 2: 2, 3: 1}},
		"who comes late is not behind others": {[]int64{1, 1, 1, 1, 1, 1, 1, 1, 2}, map[int64]int{1: 4, 2: 1}},
		"many that ask once have all":         {[]int64{1, 2, 3, 4, 5, 6, 7, 8, 9}, map[int64]int{1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newShares(8)
			var all []*waiter
			for _, account := range test.asking {
				all = append(all, s.enter(account))
			}
			for account := int64(1); account <= 9; account++ {
				if got := s.held[account]; got != test.want[account] {
					t.Errorf("account %d has %d turns, want %d", account, got, test.want[account])
				}
			}
			for _, w := range all {
				s.leave(w)
			}
			if s.free != 8 || len(s.held) != 0 || len(s.waiting) != 0 {
				t.Errorf("in the end %d are free, %v held and %d wait", s.free, s.held, len(s.waiting))
			}
		})
	}
}

// TestSlowReadersOfAnAccountKeepNobodyOut has one account read with more connections
// than there are, and not go on.
func TestSlowReadersOfAnAccountKeepNobodyOut(t *testing.T) {
	st := open(t, t.TempDir())
	slow, cancel := context.WithCancel(t.Context())
	inside, ended := make(chan bool, maxReaders), make(chan error, 2*maxReaders)
	for range 2 * maxReaders {
		go func() {
			ended <- st.read(slow, 1, func(*session) error {
				inside <- true
				<-slow.Done()
				return nil
			})
		}()
	}
	for range maxReaders / 2 {
		<-inside
	}
	if err := st.read(t.Context(), 2, func(*session) error { return nil }); err != nil {
		t.Error(err)
	}
	cancel()
	for range 2 * maxReaders {
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}
