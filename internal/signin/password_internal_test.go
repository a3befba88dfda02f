package signin

import (
	"errors"
	"runtime"
	"testing"
)

func TestTheQueueForHashesIsBounded(t *testing.T) {
	h := newHasher()
	if got, most := cap(h.slots), max(1, runtime.GOMAXPROCS(0)/2); got < 1 || got > most {
		t.Errorf("%d hashes run at once, at most %d", got, most)
	}
	var leave func()
	for range maxQueue {
		var err error
		if leave, err = h.enter(); err != nil {
			t.Fatal(err)
		}
	}
	s := &Service{hasher: h} // without a store: nothing is counted
	if _, err := s.SignIn(t.Context(), Attempt{Email: "ann@example.com"}); !errors.Is(err, ErrBusy) {
		t.Errorf("with a full queue: %v", err)
	}
	leave()
	if _, err := h.enter(); err != nil {
		t.Errorf("with a free place: %v", err)
	}
}
