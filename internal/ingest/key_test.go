package ingest_test

import (
	"errors"
	"runtime"
	"sync"
	"testing"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

func TestAReusedKeyFailsOnlyItsOwnCall(t *testing.T) {
	st := newBlockingStore(t)
	in := newIngest(st, func(int64) {})
	type result struct {
		accepted store.Accepted
		err      error
	}
	results := make([]result, 4)
	var group sync.WaitGroup
	send := func(i int, key string, request byte) {
		s := reversal(i)
		s.Key = store.Key{Text: key, Request: ids.Hash{request}}
		group.Go(func() {
			accepted, err := in.Accept(t.Context(), account, s)
			results[i] = result{accepted, err}
		})
	}
	send(0, "k", 1)
	<-st.started // the first commit blocks, so that the others share the second
	send(1, "k", 1)
	send(2, "k", 2)
	send(3, "", 0)
	for in.Waiting(account) < 3 {
		runtime.Gosched()
	}
	st.proceed <- struct{}{}
	if n := <-st.started; n != 3 {
		t.Errorf("the second commit has %d submissions", n)
	}
	st.proceed <- struct{}{}
	group.Wait()
	in.Stop(t.Context())
	first := results[0].accepted
	if results[0].err != nil || first.Replayed {
		t.Errorf("the first call returned %+v", results[0])
	}
	if again := results[1]; again.err != nil || !again.accepted.Replayed || again.accepted.ID != first.ID {
		t.Errorf("the retry returned %+v", again)
	}
	if !errors.Is(results[2].err, store.ErrKeyReused) {
		t.Errorf("the other request returned %+v", results[2])
	}
	if last := results[3]; last.err != nil || last.accepted.Number != first.Number+1 {
		t.Errorf("the call without a key returned %+v", last)
	}
}
