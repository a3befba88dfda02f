package tracing

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/webhook"
)

var now = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

// recorder returns a tracer, and a function that returns the spans that have ended, by name.
func recorder() (*Tracer, func() map[string]tracetest.SpanStub) {
	exporter := tracetest.NewInMemoryExporter()
	return newTracer(sdk.WithSyncer(exporter)), func() map[string]tracetest.SpanStub {
		spans := make(map[string]tracetest.SpanStub)
		for _, span := range exporter.GetSpans() {
			spans[span.Name] = span
		}
		return spans
	}
}

func has(span tracetest.SpanStub, want attribute.KeyValue) bool {
	for _, a := range span.Attributes {
		if a == want {
			return true
		}
	}
	return false
}

// acceptor accepts every submission in a commit of its own.
type acceptor struct{ tracer *Tracer }

func (acceptor) Notify(int64) {}

func (a acceptor) Accept(ctx context.Context, _ int64, s store.Submission) (store.Accepted, error) {
	commit, end := a.tracer.Commit(context.Background())
	a.tracer.Committed(commit, store.Transaction{Accepted: 1, Applied: 1, Begun: now, Stored: now.Add(1), Decided: now.Add(2), Ended: now.Add(3)})
	end([]context.Context{ctx})
	s.ID, s.Number = "A-1", 7
	return store.Accepted{Submission: s}, nil
}

func TestARequestIsTracedToItsCommit(t *testing.T) {
	tracer, spans := recorder()
	accepter := tracer.Accepter(acceptor{tracer})
	handler := tracer.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "id")
		if _, err := accepter.Accept(r.Context(), 1, store.Submission{}); err != nil {
			t.Error(err)
		}
		tracer.Served(r.Context(), "PUT /Advertisers/{sid}/Actions", 200)
	}))
	r := httptest.NewRequest(http.MethodPut, "/Advertisers/x/Actions", nil)
	r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	handler.ServeHTTP(httptest.NewRecorder(), r)
	got := spans()
	served, accept, commit := got["PUT /Advertisers/{sid}/Actions"], got["accept"], got["commit"]
	if served.Parent.SpanID().String() != "b7ad6b7169203331" || accept.SpanContext.TraceID().String() != "0af7651916cd43dd8448eb211c80319c" {
		t.Errorf("the request is not in the trace of its caller: %+v", served)
	}
	if accept.Parent.SpanID() != served.SpanContext.SpanID() {
		t.Error("accept is not below the request")
	}
	if len(commit.Links) != 1 || commit.Links[0].SpanContext.SpanID() != accept.SpanContext.SpanID() {
		t.Errorf("the commit has the links %+v", commit.Links)
	}
	for _, name := range []string{"store submissions", "decide", "store changes"} {
		if stage := got[name]; stage.Parent.SpanID() != commit.SpanContext.SpanID() || stage.EndTime.Sub(stage.StartTime) != 1 {
			t.Errorf("stage %s is %+v", name, stage)
		}
	}
	for name, ok := range map[string]bool{
		"the route":  has(served, route.String("/Advertisers/{sid}/Actions")),
		"the id":     has(served, request.String("id")),
		"the number": has(accept, submission.Int64(7)),
		"the status": has(served, status.Int(200)),
	} {
		if !ok {
			t.Errorf("a span lacks %s", name)
		}
	}
}

func TestFailuresMarkTheirSpans(t *testing.T) {
	tracer, spans := recorder()
	tracer.Applied(t.Context(), store.Transaction{Account: 3, Begun: now, Ended: now.Add(time.Second), Err: errors.New("disk full")})
	tracer.Attempted(webhook.Attempt{
		NotificationKey: store.NotificationKey{Account: 3, Notification: 5},
		Delivery:        store.Delivery{Submission: 7, Status: 503, Error: "response status 503", Attempts: 2}, Begun: now, Ended: now.Add(time.Second),
	})
	got := spans()
	apply, deliver := got["apply"], got["deliver"]
	if apply.Status.Code != codes.Error || apply.Status.Description != "disk full" || apply.EndTime.Sub(apply.StartTime) != time.Second {
		t.Errorf("apply is %+v", apply)
	}
	if _, decided := got["decide"]; decided {
		t.Error("a transaction that failed before has a stage")
	}
	if deliver.Status.Code != codes.Error || !has(deliver, submission.Int64(7)) || !has(deliver, attempt.Int(2)) {
		t.Errorf("deliver is %+v", deliver)
	}
}

func TestTracingNeedsACollector(t *testing.T) {
	for _, name := range []string{"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"} {
		t.Setenv(name, "")
	}
	if Enabled() {
		t.Error("tracing is enabled without a collector")
	}
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:4318")
	if !Enabled() {
		t.Error("a collector doesn't enable tracing")
	}
}
