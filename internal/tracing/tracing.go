// Package tracing sends OpenTelemetry traces of requests, commits and deliveries to a collector.
// Other packages don't know it: they call functions of a [Tracer] around their work.
package tracing

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/webhook"
)

// Attributes of spans. Submissions of one id or number belong together, in whichever trace
// they are.
const (
	account      = attribute.Key("trueup.account")
	submissionID = attribute.Key("trueup.submission.id")
	submission   = attribute.Key("trueup.submission.number")
	request      = attribute.Key("trueup.request")
	accepted     = attribute.Key("trueup.accepted")
	applied      = attribute.Key("trueup.applied")
	rejectedBy   = attribute.Key("trueup.rejection")
	rejections   = attribute.Key("trueup.rejections")
	event        = attribute.Key("trueup.event")
	notification = attribute.Key("trueup.notification")
	attempt      = attribute.Key("trueup.attempt")
	route        = attribute.Key("http.route")
	method       = attribute.Key("http.request.method")
	status       = attribute.Key("http.response.status_code")
)

// maxLinks is the largest number of callers that the span of a commit links to.
const maxLinks = 128

// Tracer creates spans. Create it with [Start].
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
	parent   propagation.TraceContext
}

// Enabled reports whether the environment names a collector, by OTEL_EXPORTER_OTLP_ENDPOINT or
// OTEL_EXPORTER_OTLP_TRACES_ENDPOINT.
func Enabled() bool {
	return os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != ""
}

// Start returns a tracer that sends spans to the collector that the environment names, by OTLP
// over HTTP. It doesn't wait for the collector, and logs when spans are lost.
func Start(ctx context.Context, log *slog.Logger) (*Tracer, error) {
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("sending traces failed", "error", err) }))
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, err
	}
	described, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "trueup")), resource.WithFromEnv(), resource.WithHost())
	if err != nil {
		return nil, err
	}
	return newTracer(sdk.WithBatcher(exporter), sdk.WithResource(described)), nil
}

func newTracer(options ...sdk.TracerProviderOption) *Tracer {
	provider := sdk.NewTracerProvider(options...)
	return &Tracer{provider: provider, tracer: provider.Tracer("github.com/trueup-ledger/trueup")}
}

// Stop sends the remaining spans.
func (t *Tracer) Stop(ctx context.Context) error { return t.provider.Shutdown(ctx) }

// Handler returns a handler that serves like next, with a span for each request. The span
// belongs to the trace of the caller's header traceparent, if there is one. [Tracer.Served] names
// it.
func (t *Tracer) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := t.parent.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		ctx, span := t.tracer.Start(ctx, "HTTP", trace.WithSpanKind(trace.SpanKindServer))
		defer span.End()
		defer func() { span.SetAttributes(request.String(w.Header().Get("X-Request-Id"))) }()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// Served describes a request to the route with a pattern in the span of its context. See
// [httpapi.Observer].
func (t *Tracer) Served(ctx context.Context, pattern string, code int) {
	span := trace.SpanFromContext(ctx)
	if verb, path, found := strings.Cut(pattern, " "); found {
		span.SetName(pattern)
		span.SetAttributes(method.String(verb), route.String(path))
	}
	span.SetAttributes(status.Int(code))
	if code == 0 || code >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, "")
	}
}

// Accepter returns an accepter that accepts like next, with a span for the time in which a caller
// waits for the commit of its submission.
func (t *Tracer) Accepter(next httpapi.Accepter) httpapi.Accepter { return accepter{next, t} }

type accepter struct {
	httpapi.Accepter
	*Tracer
}

// Accept implements [httpapi.Accepter].
func (a accepter) Accept(ctx context.Context, id int64, s store.Submission) (store.Accepted, error) {
	ctx, span := a.tracer.Start(ctx, "accept", trace.WithAttributes(account.Int64(id)))
	defer span.End()
	result, err := a.Accepter.Accept(ctx, id, s)
	if err != nil {
		fail(span, err)
		return result, err
	}
	span.SetAttributes(submissionID.String(string(result.ID)), submission.Int64(result.Number), applied.Bool(!result.Outcome.Completed.IsZero()))
	if code := result.Outcome.Code; code != "" {
		span.SetAttributes(rejectedBy.String(string(code)))
	}
	return result, nil
}

// Commit begins the span of a group commit. The returned function ends it and links it to the
// spans of its callers.
func (t *Tracer) Commit(ctx context.Context) (context.Context, func(callers []context.Context)) {
	ctx, span := t.tracer.Start(ctx, "commit")    //nolint:spancheck // the returned function ends it
	return ctx, func(callers []context.Context) { //nolint:spancheck // see above
		for _, caller := range callers[:min(len(callers), maxLinks)] {
			span.AddLink(trace.LinkFromContext(caller))
		}
		span.End()
	}
}

// Committed describes a group commit in the span of ctx, and adds its stages.
func (t *Tracer) Committed(ctx context.Context, tx store.Transaction) {
	span := trace.SpanFromContext(ctx)
	describe(span, tx)
	t.stage(ctx, "store submissions", tx.Begun, tx.Stored)
	t.stage(ctx, "decide", tx.Stored, tx.Decided)
	if !tx.Decided.IsZero() {
		t.stage(ctx, "store changes", tx.Decided, tx.Ended)
	}
}

// Applied adds the span of a transaction that applied queued submissions.
func (t *Tracer) Applied(ctx context.Context, tx store.Transaction) {
	ctx, span := t.tracer.Start(ctx, "apply", trace.WithTimestamp(tx.Begun), trace.WithAttributes(account.Int64(tx.Account)))
	describe(span, tx)
	t.stage(ctx, "decide", tx.Begun, tx.Decided)
	if !tx.Decided.IsZero() {
		t.stage(ctx, "store changes", tx.Decided, tx.Ended)
	}
	span.End(trace.WithTimestamp(tx.Ended))
}

// describe adds the attributes of a transaction to its span.
func describe(span trace.Span, tx store.Transaction) {
	span.SetAttributes(accepted.Int(tx.Accepted), applied.Int(tx.Applied), rejections.Int(len(tx.Rejected)))
	fail(span, tx.Err)
}

// stage adds a span below that of ctx, unless the stage wasn't finished.
func (t *Tracer) stage(ctx context.Context, name string, begun, ended time.Time) {
	if begun.IsZero() || ended.IsZero() {
		return
	}
	_, span := t.tracer.Start(ctx, name, trace.WithTimestamp(begun))
	span.End(trace.WithTimestamp(ended))
}

// Attempted adds the span of an attempt to deliver an event.
func (t *Tracer) Attempted(a webhook.Attempt) {
	_, span := t.tracer.Start(context.Background(), "deliver", trace.WithSpanKind(trace.SpanKindClient), trace.WithTimestamp(a.Begun), trace.WithAttributes(
		account.Int64(a.Account), notification.Int64(a.Notification), event.String(a.Delivery.Event.String()),
		submission.Int64(a.Delivery.Submission), status.Int(a.Delivery.Status), attempt.Int(a.Delivery.Attempts),
	))
	if !a.Delivery.Acknowledged {
		span.SetStatus(codes.Error, a.Delivery.Error)
	}
	span.End(trace.WithTimestamp(a.Ended))
}

// fail records an error, unless it is nil.
func fail(span trace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, err.Error())
	}
}
