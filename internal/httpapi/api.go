// Package httpapi serves the protocol of package wire over HTTP. Handlers decode the
// request, call the store or the ingest and encode the result; all decisions are made by
// package ledger.
package httpapi

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"runtime/debug"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/fair"
	"github.com/trueup-ledger/trueup/internal/httpapi/notfound"
	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/invoicefile"
	"github.com/trueup-ledger/trueup/internal/ratelimit"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Accepter accepts submissions.
type Accepter interface {
	// Accept stores a submission durably and returns it with its number and id. If the
	// submission's key was used before, Accept returns the first submission with the key,
	// or store.ErrKeyReused if that was another request.
	Accept(ctx context.Context, account int64, s store.Submission) (store.Accepted, error)
	// Notify schedules the account's queue after a submission was added without Accept.
	Notify(account int64)
}

// Store is the part of a store that the API needs.
type Store interface {
	store.TokenFinder
	store.Keys
	store.Exports
	CurrentReference(ctx context.Context, account int64) (*program.Reference, error)
	Click(ctx context.Context, account int64, id string) (program.Click, error)
	RecordRequest(ctx context.Context, account int64, now time.Time, e store.AuditEvent, key store.Key, amend store.AmendReference) (store.RecordResult, error)
	HashKey(ctx context.Context, account int64) ([]byte, error)
	Read(ctx context.Context, account int64, f func(store.Reader) error) error
	Preview(ctx context.Context, account int64, now time.Time, command ledger.Command, decide store.Decide) (store.Preview, error)
	ResolveInquiry(ctx context.Context, account int64, now time.Time, a store.InquiryAnswer) (store.InquiryResult, error)
	PreviewInquiry(ctx context.Context, account int64, now time.Time, a store.InquiryAnswer) (inquiry.ResolveResult, error)
}

// API is the handler of all paths below /Advertisers. [New] creates one.
type API struct {
	store  Store
	tokens store.TokenFinder
	// operatorKeys are the keys of operators. They are nil outside of the admin API.
	operatorKeys store.Keys
	ingest       Accepter
	waiter       Waiter
	inbox        Inbox
	uploads      uploads
	// invoiceFont is the font for characters that the embedded fonts lack, or nil.
	invoiceFont []byte
	missing     invoicefile.MissingLog
	// processors bounds the requests that keep a processor busy.
	processors fair.Scheduler
	// exports bounds the exports that run at the same time.
	exports fair.Scheduler
	now     func() time.Time
	log     *slog.Logger
	routes  *http.ServeMux
	// paths holds the paths of all routes.
	paths []string

	// handle is serve, or serveOperator for the admin API.
	handle func(c *call) error
	// respond is dispatch, or a function that injects faults in emulation mode.
	respond func(c *call, method, path string) error
	// checkClock returns an error while writes are refused.
	checkClock func() error
	// actor, unless it is zero, is the actor of all changes.
	actor store.Actor
	// observe is called after each request, unless it is nil.
	observe Observer
	// documentedLimits is the value of wire.Env.DocumentedLimits.
	documentedLimits bool

	// limit is the number of requests an hour for tokens without a limit of their own;
	// 0 means unlimited. It is set in emulation mode only.
	limit   int
	limiter ratelimit.Limiter
}

// New returns a handler that reads the time of requests from now.
func New(st Store, accepter Accepter, waiter Waiter, inbox Inbox, now func() time.Time, log *slog.Logger) *API {
	a := &API{
		store: st, tokens: st, ingest: accepter, waiter: waiter, inbox: inbox,
		uploads:    uploads{quota: fair.Quota{Each: maxUploadsEach}, memory: fair.NewPool(maxUploads)},
		checkClock: func() error { return nil },
		processors: fair.NewPool(maxProcessors()), exports: fair.NewPool(maxExports), now: now, log: log, routes: http.NewServeMux(),
	}
	for _, r := range routes {
		a.routes.Handle(r.method+" "+root+r.path, r)
		a.paths = append(a.paths, root+r.path)
	}
	a.handle, a.respond = a.serve, a.dispatch
	return a
}

// Observer is called after a request, with its context and the time at which it was read. The
// pattern is that of its route, such as "PUT /Advertisers/{sid}/Actions", or "" if the request was
// refused before it had one. The status is 0 if the connection was closed without a response.
type Observer func(ctx context.Context, pattern string, status int, begun time.Time)

// Observe makes the API call f after each request. It must be called before the first request.
func (a *API) Observe(f Observer) { a.observe = f }

// ActAs makes actor the actor of all changes in the audit log, in place of the tokens. It must be called
// before the first request.
func (a *API) ActAs(actor store.Actor) { a.actor = actor }

// GuardWrites makes the API refuse writes while check returns an error, usually a
// [*clockguard.Error]. It must be called before the first request.
func (a *API) GuardWrites(check func() error) { a.checkClock = check }

// checkClock returns an error if the request is a write and writes are refused.
func (c *call) checkClock() error {
	if safe(c.r.Method) {
		return nil
	}
	return c.api.checkClock()
}

const (
	// brand is the first segment of all paths. Callers may write it in any case and in the
	// singular.
	brand = "Advertisers"
	// root is the pattern of an account.
	root = "/" + brand + "/{sid}"
)

// ServeHTTP serves a request. Internal errors and panics are logged with the request id
// that the response contains.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{api: a, w: w, r: r, path: r.URL.EscapedPath(), id: rand.Text()[:16], format: wire.XML, version: wire.CurrentVersion}
	w.Header().Set("X-Request-Id", c.id)
	if a.observe != nil {
		begun := time.Now()
		defer func() { a.observe(r.Context(), c.pattern, c.status, begun) }()
	}
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			panic(p) // net/http closes the connection
		default:
			a.log.Error("panic", "request", c.id, "method", r.Method, "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
			c.writeInternalError(http.StatusInternalServerError)
		}
	}()
	if err := a.handle(c); err != nil {
		c.handleError(err)
	}
}

// serve negotiates the format, authorizes the caller, decodes the request and calls the
// route's handler.
func (a *API) serve(c *call) error {
	path, found := brandPath(c.path)
	path = c.negotiate(path)
	if !found {
		return errNoPath
	}
	c.conversions = c.r.Method == http.MethodPost && strings.HasSuffix(path, "/Conversions")
	if err := c.authorize(path); err != nil {
		return err
	}
	if err := c.checkClock(); err != nil {
		return err
	}
	if c.isUpload(path) {
		return c.serveUpload(func() error { return a.decodeAndRespond(c, path) })
	}
	return a.decodeAndRespond(c, path)
}

// decodeAndRespond decodes the request and calls the route's handler.
func (a *API) decodeAndRespond(c *call, path string) error {
	method, err := c.decode()
	if err != nil && a.unknown(c.r, path) {
		return notfound.Path(path, a.paths)
	}
	if err != nil {
		return err
	}
	return a.respond(c, method, path)
}

// brandPath returns an escaped path with its first segment in the spelling of the routes. If
// the first segment is not brand, it returns the path unchanged and false.
func brandPath(sent string) (path string, found bool) {
	first, rest, _ := strings.Cut(strings.TrimPrefix(sent, "/"), "/")
	if !strings.EqualFold(first, brand) && !strings.EqualFold(first, "Advertiser") {
		return sent, false
	}
	return "/" + brand + "/" + rest, true
}

// dispatch calls the handler of the route for the method and the path.
func (a *API) dispatch(c *call, method, path string) error {
	switch h := a.route(c, c.r, method, path); h.status {
	case 0:
		return c.err
	case http.StatusMethodNotAllowed:
		allowed := h.header.Get("Allow")
		c.w.Header().Set("Allow", allowed)
		return &wire.Error{Status: http.StatusMethodNotAllowed, Message: "Use " + allowed}
	default:
		return notfound.Path(path, a.paths)
	}
}

// unknown reports whether the path has no route of any method. A path that doesn't exist is
// a 404, whatever else is wrong with the request.
func (a *API) unknown(r *http.Request, path string) bool {
	return a.route(nil, r, r.Method, path).status == http.StatusNotFound
}

// route calls the route for the method and the escaped path of a request with the call, or
// does nothing if c is nil. If there is no route, or the mux would redirect the path to a
// clean one, it returns the status and the header with which the mux responds.
func (a *API) route(c *call, r *http.Request, method, escaped string) headerRecorder {
	h := headerRecorder{call: c, header: make(http.Header)}
	plain, err := url.PathUnescape(escaped)
	if err != nil || path.Clean(escaped) != escaped {
		h.status = http.StatusNotFound
		return h
	}
	target := *r.URL
	target.Path, target.RawPath = plain, escaped
	r = r.WithContext(r.Context())
	r.Method, r.URL = method, &target
	a.routes.ServeHTTP(&h, r)
	return h
}

// headerRecorder is a ResponseWriter that records the status and header and discards the
// body. The mux calls routes with one, from which they take the call. It writes to it only
// if it has no route.
type headerRecorder struct {
	call   *call
	header http.Header
	status int
}

func (h *headerRecorder) Header() http.Header         { return h.header }
func (h *headerRecorder) Write(b []byte) (int, error) { return len(b), nil }
func (h *headerRecorder) WriteHeader(status int)      { h.status = status }
