package httpapi_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/store"
)

// heldQueue accepts submissions and applies none until it is released.
type heldQueue struct {
	store.Queue
	now      func() time.Time
	released chan struct{}
}

func (q heldQueue) Commit(ctx context.Context, source store.BatchSource, _ store.Decide) ([]store.Committed, error) {
	return q.Queue.Commit(ctx, source, nil)
}

func (q heldQueue) Apply(ctx context.Context, account int64, _ time.Time, limit int, decide store.Decide) (int, error) {
	<-q.released
	return q.Queue.Apply(ctx, account, q.now(), limit, decide)
}

// TestSection20AnInvoiceWaitsForWhatWasAcceptedBeforeItsEnd accepts a backdated order, which is
// due at once, before the end of a period, and applies it after it.
func TestSection20AnInvoiceWaitsForWhatWasAcceptedBeforeItsEnd(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.lateOrder(t) // so that orders lock after 30 days
	s.clockOffset.Add(int64(200 * 24 * time.Hour))
	s.bill(t)
	open, err := s.store.Bill(t.Context(), demo.Account, s.now())
	if err != nil {
		t.Fatal(err)
	}
	s.setClock(open.End.Add(-time.Hour))
	s.bill(t)

	held := heldQueue{s.store.Queue, s.now, make(chan struct{})}
	release := sync.OnceFunc(func() { close(held.released) })
	defer release()
	s.store.Queue = held
	s.exchange(t, exchange{
		method: "POST", path: "/Conversions", contentType: form, has: []string{`"Status":"QUEUED"`},
		body: "CampaignId=1000&ActionTrackerId=2240&MediaPartnerId=10001&OrderId=EDGE&ItemSku1=A&ItemSubTotal1=100&EventDate=" +
			open.End.AddDate(0, -6, 0).UTC().Format(time.RFC3339),
	})
	s.setClock(open.End.Add(time.Hour))
	s.bill(t)
	issued := "/Invoices?MediaId=10001&StartDate=" + open.End.UTC().Format(time.RFC3339)
	s.exchange(t, exchange{path: issued, has: []string{`"@total":"0"`}})
	s.exchange(t, exchange{path: "/Actions?Oid=EDGE", has: []string{`"@total":"0"`}})

	release()
	s.settle()
	s.bill(t)
	s.exchange(t, exchange{path: "/APISubmissions?OrderId=EDGE", has: []string{`"Status":"Complete"`, `"ErrorReason":""`}})
	s.exchange(t, exchange{path: issued, has: []string{`"@total":"1"`, `"ActionAmount":`}})
	s.exchange(t, exchange{
		path: "/Exports/Entries?ResultFormat=JSONL&MediaPartnerId=10001&StartDate=" + open.End.Add(-2*time.Hour).UTC().Format(time.RFC3339),
		has:  []string{`{"Kind":"ACTION",`, `"InvoiceId":"10001-`}, hasNot: []string{`"InvoiceId":null`},
	})
}
