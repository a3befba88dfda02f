package ttlcache_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trueup-ledger/trueup/internal/ttlcache"
)

func TestAValueIsLoadedOncePerTTL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c ttlcache.Cache[string, int]
		loads := 0
		load := func() (int, error) { loads++; return loads, nil }
		for _, want := range []int{1, 1} {
			if got, err := c.Get("a", load); got != want || err != nil {
				t.Errorf("got %d, error %v, want %d", got, err, want)
			}
		}
		<-time.After(ttlcache.TTL)
		if got, err := c.Get("a", load); got != 2 || err != nil {
			t.Errorf("got %d, error %v after the TTL, want 2", got, err)
		}
	})
}

func TestAnErrorIsNotCached(t *testing.T) {
	var c ttlcache.Cache[string, int]
	failure := errors.New("failure")
	if _, err := c.Get("a", func() (int, error) { return 0, failure }); !errors.Is(err, failure) {
		t.Errorf("error is %v, want %v", err, failure)
	}
	if got, err := c.Get("a", func() (int, error) { return 1, nil }); got != 1 || err != nil {
		t.Errorf("got %d, error %v, want 1", got, err)
	}
}

func TestAValueLoadedBeforeClearIsNotCached(t *testing.T) {
	var c ttlcache.Cache[string, int]
	if _, err := c.Get("a", func() (int, error) { c.Clear(); return 1, nil }); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Get("a", func() (int, error) { return 2, nil }); got != 2 || err != nil {
		t.Errorf("got %d, error %v, want 2", got, err)
	}
}
