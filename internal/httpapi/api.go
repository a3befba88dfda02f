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
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/fair"
	"github.com/trueup-ledger/trueup/internal/inquiry"
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
	// replays bounds the requests that replay the history of an action.
	replays fair.Scheduler
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
		uploads:    uploads{byAccount: make(map[int64]int), memory: fair.NewPool(maxUploads)},
		checkClock: func() error { return nil },
		replays:    fair.NewPool(maxReplays()), now: now, log: log, routes: http.NewServeMux(),
	}
	for _, r := range routes {
		a.routes.Handle(r.method+" "+root+r.path, r)
		a.paths = append(a.paths, root+r.path)
	}
	a.handle, a.respond = a.serve, a.dispatch
	return a
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
	path, found := brandPath(c.r.URL)
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
		return a.pathNotFound(path)
	}
	if err != nil {
		return err
	}
	return a.respond(c, method, path)
}

// brandPath returns the escaped path with its first segment in the spelling of the routes. If
// the first segment is not brand, it returns the path unchanged and false.
func brandPath(u *url.URL) (path string, found bool) {
	first, rest, _ := strings.Cut(strings.TrimPrefix(u.EscapedPath(), "/"), "/")
	if !strings.EqualFold(first, brand) && !strings.EqualFold(first, "Advertiser") {
		return u.EscapedPath(), false
	}
	return "/" + brand + "/" + rest, true
}

// dispatch calls the handler of the route for the method and the path.
func (a *API) dispatch(c *call, method, path string) error {
	r, allowed, err := a.match(c.r.Clone(context.WithValue(c.r.Context(), callKey{}, c)), method, path)
	if err != nil {
		return err
	}
	if allowed != "" {
		c.w.Header().Set("Allow", allowed)
		return &wire.Error{Status: http.StatusMethodNotAllowed, Message: "Use " + allowed}
	}
	a.routes.ServeHTTP(c.w, r)
	return c.err
}

// match returns r with the method and the path, for the mux. If the path has no route, match
// returns the error of an unknown path. If it has routes for other methods only, allowed lists these.
func (a *API) match(r *http.Request, method, path string) (matched *http.Request, allowed string, err error) {
	plain, err := url.PathUnescape(path)
	if err != nil || slices.ContainsFunc(strings.Split(path[1:], "/"), isUncleanSegment) {
		return nil, "", a.pathNotFound(path)
	}
	r.Method, r.URL.Path, r.URL.RawPath = method, plain, path
	handler, pattern := a.routes.Handler(r)
	if pattern != "" {
		return r, "", nil
	}
	response := headerRecorder{header: make(http.Header)} // the mux itself responds: unknown path or method
	if handler.ServeHTTP(&response, r); response.status != http.StatusMethodNotAllowed {
		return nil, "", a.pathNotFound(path)
	}
	return r, response.header.Get("Allow"), nil
}

// unknown reports whether the path has no route of any method. A path that doesn't exist is
// a 404, whatever else is wrong with the request.
func (a *API) unknown(r *http.Request, path string) bool {
	_, _, err := a.match(r.Clone(r.Context()), r.Method, path)
	return err != nil
}

// isUncleanSegment reports whether a path segment is empty, "." or "..". The mux would
// redirect such a path to a clean one.
func isUncleanSegment(segment string) bool { return segment == "" || segment == "." || segment == ".." }

// headerRecorder is a ResponseWriter that records the status and header and discards the
// body.
type headerRecorder struct {
	header http.Header
	status int
}

func (h *headerRecorder) Header() http.Header         { return h.header }
func (h *headerRecorder) Write(b []byte) (int, error) { return len(b), nil }
func (h *headerRecorder) WriteHeader(status int)      { h.status = status }

// callKey is the key of the call in a request's context.
type callKey struct{}
