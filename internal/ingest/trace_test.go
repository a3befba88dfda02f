package ingest_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/ingest"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// contextStore records the contexts of its commits.
type contextStore struct {
	store.Store
	contexts []context.Context
}

func (s *contextStore) Commit(ctx context.Context, source store.BatchSource, decide store.Decide) ([]store.Committed, error) {
	s.contexts = append(s.contexts, ctx)
	return s.Store.Commit(ctx, source, decide)
}

type contextKey string

func TestACommitIsTracedWithItsCallers(t *testing.T) {
	st := &contextStore{Store: open(t)}
	var traced []context.Context
	in := ingest.New(st, ingest.Config{
		Decide: ledger.Decide, Now: time.Now, Queued: func(int64) {}, Applied: func(int64) {}, Log: slog.New(slog.DiscardHandler),
		Trace: func(ctx context.Context) (context.Context, func([]context.Context)) {
			return context.WithValue(ctx, contextKey("commit"), "span"), func(callers []context.Context) { traced = append(traced, callers...) }
		},
	})
	caller := context.WithValue(t.Context(), contextKey("caller"), "request")
	if _, err := in.Accept(caller, account, reversal(1)); err != nil {
		t.Fatal(err)
	}
	in.Stop(t.Context())
	if len(st.contexts) != 1 || st.contexts[0].Value(contextKey("commit")) != "span" {
		t.Errorf("the commits have the contexts %v", st.contexts)
	}
	if len(traced) != 1 || traced[0].Value(contextKey("caller")) != "request" {
		t.Errorf("the callers are %v", traced)
	}
}
