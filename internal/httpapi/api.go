// Package httpapi serves the protocol of package wire over HTTP: it decodes,
// hands over and answers, and decides nothing.
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

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// Accepter puts a submission on disk and answers it with its number and id, or the
// one that its key was first given to, or store.ErrKeyReused.
type Accepter interface {
	Accept(ctx context.Context, account int64, s store.Submission) (store.Accepted, error)
	// Wake has what was put into an account's queue by another way applied.
	Wake(account int64)
}

// API is the handler of everything below /Advertisers. Use [New].
type API struct {
	store   store.Store
	intake  Accepter
	waiter  Waiter
	inbox   Inbox
	uploads uploads
	now     func() time.Time
	log     *slog.Logger
	routes  *http.ServeMux

	// enter is serve, but for the operator's calls.
	enter func(c *call) error
	// answer is dispatch, unless the original is emulated.
	answer func(c *call, method, path string) error
	// documented is wire.Env's.
	documented bool

	// limit is how many requests an hour accounts may make with tokens that have no
	// limit of their own; 0 is none, unless the original is emulated.
	limit   int
	limiter limiter
}

// New answers the handler.
func New(st store.Store, intake Accepter, waiter Waiter, inbox Inbox, now func() time.Time, log *slog.Logger) *API {
	a := &API{
		store: st, intake: intake, waiter: waiter, inbox: inbox,
		now: now, log: log, routes: http.NewServeMux(),
	}
	for _, r := range routes {
		a.routes.Handle(r.method+" "+root+r.path, r)
	}
	a.enter, a.answer = a.serve, a.dispatch
	return a
}

// root is the path of an account's resources, and brand its first segment, which
// callers may spell in any case and in the singular.
const (
	brand = "Advertisers"
	root  = "/" + brand + "/{sid}"
)

// ServeHTTP answers a request. What goes wrong inside is logged with the id that
// the caller is told.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{api: a, w: w, r: r, path: r.URL.EscapedPath(), id: rand.Text()[:16], format: wire.XML, version: wire.CurrentVersion}
	w.Header().Set("X-Request-Id", c.id)
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			panic(p) // ends the connection: the answer was cut short
		default:
			a.log.Error("panic", "request", c.id, "method", r.Method, "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
			c.internal(http.StatusInternalServerError)
		}
	}()
	if err := a.enter(c); err != nil {
		c.fail(err)
	}
}

// serve finds out who asks for what in which format, and lets the route answer.
func (a *API) serve(c *call) error {
	path, found := brandPath(c.r.URL)
	if path, found = c.negotiate(path, found); !found {
		return errNoResource
	}
	c.conversions = c.r.Method == http.MethodPost && strings.HasSuffix(path, "/Conversions")
	if err := c.authenticate(path); err != nil {
		return err
	}
	if c.isUpload(path) {
		release, err := c.admitUpload()
		if err != nil {
			return err
		}
		defer release()
		c.file = true
	}
	method, err := c.read()
	if err != nil {
		return err
	}
	return a.answer(c, method, path)
}

// brandPath answers the escaped path with its first segment in the one spelling
// that routes have.
func brandPath(u *url.URL) (path string, found bool) {
	first, rest, _ := strings.Cut(strings.TrimPrefix(u.EscapedPath(), "/"), "/")
	if !strings.EqualFold(first, brand) && !strings.EqualFold(first, "Advertiser") {
		return u.EscapedPath(), false
	}
	return "/" + brand + "/" + rest, true
}

// dispatch lets the route answer that has the method and the path.
func (a *API) dispatch(c *call, method, path string) error {
	r := c.r.Clone(context.WithValue(c.r.Context(), callKey{}, c))
	plain, err := url.PathUnescape(path)
	if err != nil || slices.ContainsFunc(strings.Split(path[1:], "/"), isStep) {
		return errNoResource
	}
	r.Method, r.URL.Path, r.URL.RawPath = method, plain, path
	handler, pattern := a.routes.Handler(r)
	if pattern == "" { // the mux has an answer of its own: no such path, or another method
		refusal := headerOnly{header: make(http.Header)}
		handler.ServeHTTP(&refusal, r)
		if refusal.status == http.StatusMethodNotAllowed {
			c.w.Header().Set("Allow", refusal.header.Get("Allow"))
			return &wire.Error{Status: refusal.status, Message: "Use " + refusal.header.Get("Allow")}
		}
		return errNoResource
	}
	a.routes.ServeHTTP(c.w, r)
	return c.err
}

// isStep reports whether a segment of a path is none of a resource's: the mux
// would answer with a redirect.
func isStep(segment string) bool { return segment == "" || segment == "." || segment == ".." }

// headerOnly takes an answer and keeps its status and header.
type headerOnly struct {
	header http.Header
	status int
}

func (h *headerOnly) Header() http.Header         { return h.header }
func (h *headerOnly) Write(b []byte) (int, error) { return len(b), nil }
func (h *headerOnly) WriteHeader(status int)      { h.status = status }

// callKey finds the call in a request's context.
type callKey struct{}
