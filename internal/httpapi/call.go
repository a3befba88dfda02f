package httpapi

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/paced"
	"github.com/trueup-ledger/trueup/internal/principal"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/negotiate"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// documentedLimit is the Brand API's limit in requests per hour and account.
const documentedLimit = 1000

var errRateLimited = &wire.Error{Status: http.StatusTooManyRequests, Message: "The rate limit is exceeded; wait for the seconds in Retry-After"}

// call is a request being served.
type call struct {
	api *API
	w   http.ResponseWriter
	r   *http.Request
	// id is the request id in the response and the log.
	id  string
	now time.Time
	// pattern is the pattern of the route, or "" before it is known.
	pattern string
	// path is the escaped path as it was sent.
	path string
	// conversions reports whether error responses have the form of POST /Conversions.
	conversions bool

	token     store.Token
	reference *program.Reference
	params    *wire.Params
	// dryRun reports whether a write is a preview only.
	dryRun  bool
	format  wire.Format
	version int
	// mediaType is that of the response, if it isn't in the format.
	mediaType string
	// key is the idempotency key of a write; its text is empty if the caller sent none.
	key store.Key
	// form is the body if it is a form with a batch file; upload is the file.
	form   io.Reader
	upload store.NewFile
	// ignoredColumns are those of the file.
	ignoredColumns []string

	// deadline is the time by which the caller must have read the response.
	deadline time.Time
	// started reports whether the header was written, with status. Then no other response is
	// possible.
	started bool
	status  int
	// err is the result of the route's handler, or of a failed negotiation.
	err error
}

// negotiate sets the format from the path's suffix, or else from the Accept header, and
// returns the path without the suffix. An error is stored in c.err.
func (c *call) negotiate(path string) string {
	if rest, format, suffixed := wire.CutFormatSuffix(path); suffixed {
		c.format = format
		return rest
	}
	format, err := negotiate.Format(strings.Join(c.r.Header.Values("Accept"), ","))
	if err != nil && !strings.Contains(path, exportsPath) && !strings.HasSuffix(path, downloadPath) { // these have formats of their own
		c.err = err
	}
	c.format = format
	return path
}

// authorize authenticates the caller, applies the rate limit and checks that the token
// belongs to the AccountSID in the path. The response doesn't reveal which SIDs exist.
func (c *call) authorize(path string) error {
	token, err := c.authenticate()
	if err != nil {
		return err
	}
	if token.Account == store.Operator {
		return forbidden("This token is for the admin API alone")
	}
	c.token = token
	if err := c.rateLimit(); err != nil {
		return err
	}
	if owner, _, _ := strings.Cut(strings.TrimPrefix(path, "/"+brand+"/"), "/"); owner != token.SID {
		return forbidden("This token is not for the AccountSID in the path")
	}
	c.reference, err = c.api.store.CurrentReference(c.r.Context(), token.Account)
	return err
}

// authenticate returns the token of the caller.
func (c *call) authenticate() (store.Token, error) {
	c.now = c.api.now()
	return principal.Authenticate(c.w, c.r, c.api.tokens, c.now, c.api.operatorKeys != nil)
}

// rateLimit counts the request against the token's own limit, or else the account's, and sets
// the rate limit headers. It returns errRateLimited if the limit is exceeded.
func (c *call) rateLimit() error {
	limit := c.token.Limit
	if limit == 0 {
		limit = c.api.limit
	}
	if _, internal := principal.From(c.r.Context()); internal {
		return nil
	}
	left, remaining, ok := c.api.limiter.Take(c.token, limit, c.now)
	if limit == 0 {
		return nil
	}
	seconds := strconv.Itoa(int((remaining + time.Second - 1) / time.Second))
	header := c.w.Header()
	header.Set("X-RateLimit-Limit", strconv.Itoa(limit))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(left))
	header.Set("X-RateLimit-Reset", seconds)
	if ok {
		return nil
	}
	header.Set("Retry-After", seconds)
	return errRateLimited
}

// forbidden returns the error for an authenticated caller without permission.
func forbidden(message string) *wire.Error {
	return &wire.Error{Status: http.StatusForbidden, Message: message}
}

// decode reads the parameters from the query string and the body. It returns the method,
// which a parameter may override, and sets the protocol version.
func (c *call) decode() (method string, err error) {
	if c.err != nil { // negotiate found no acceptable format
		return "", c.err
	}
	if c.form != nil {
		err = c.readUpload()
	} else {
		err = c.readBody()
	}
	if err != nil {
		return "", err
	}
	if c.version, err = wire.Version(c.params, c.versionHeader(), c.token.Version); err != nil {
		c.version = wire.CurrentVersion
		return "", err
	}
	return wire.Method(c.r.Method, c.params)
}

// versionHeader returns the value of the first version header that is present, or "".
func (c *call) versionHeader() string {
	for _, name := range wire.VersionHeaders {
		if value := c.r.Header.Get(name); value != "" {
			return value
		}
	}
	return ""
}

// readBody reads the parameters from the query string and the body.
func (c *call) readBody() error {
	body, err := c.readAll(wire.MaxBody)
	if err != nil {
		return err
	}
	c.params, err = wire.ParseParams(c.r.URL.RawQuery, c.r.Header.Get("Content-Type"), body)
	return err
}

// readAll reads the request's body of at most limit bytes.
func (c *call) readAll(limit int64) ([]byte, error) {
	body, err := io.ReadAll(c.paced(http.MaxBytesReader(c.w, c.r.Body, limit), bodyLimits))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, &wire.Error{
			Status:  http.StatusRequestEntityTooLarge,
			Message: fmt.Sprintf("Send at most %d MiB; split the request", limit>>20),
		}
	}
	if errors.Is(err, paced.ErrTooSlow) {
		return nil, c.bodyTooSlow()
	}
	if err != nil {
		return nil, &wire.Error{Status: http.StatusBadRequest, Message: "The request's body is incomplete"}
	}
	return body, nil
}

// env returns the environment for decoding the parameters.
func (c *call) env() wire.Env {
	_, internal := principal.From(c.r.Context())
	return wire.Env{
		Now: c.now, Zone: c.reference.Zone(), NewOrderID: rand.Text, Uncounted: internal,
		AllowDryRun: true, DocumentedLimits: c.api.documentedLimits && !internal, Strict: c.token.Strict,
	}
}

// auditEvent returns an audit event of the caller.
func (c *call) auditEvent(operation store.Operation) store.AuditEvent {
	return store.AuditEvent{Actor: c.actor(store.SourceAPI), Operation: operation}
}

// actor returns the author of the caller's changes: the person, the actor of ActAs, or the token.
func (c *call) actor(source store.Source) store.Actor {
	if p, internal := principal.From(c.r.Context()); internal {
		return p.Actor
	}
	return cmp.Or(c.api.actor, store.Actor{Source: source, ID: c.token.SID, Name: c.token.Name})
}

// readStore calls f with a snapshot of the account.
func (c *call) readStore(f func(store.Reader) error) error {
	return c.api.store.Read(c.r.Context(), c.token.Account, f)
}

// writeHeader writes the status and the headers that all responses have.
func (c *call) writeHeader(status int) {
	if c.params != nil {
		if ignored := c.params.Ignored(c.ignoredColumns...); ignored != "" {
			c.w.Header().Set(wire.IgnoredParametersHeader, ignored)
		}
	}
	c.w.Header().Set("Content-Type", cmp.Or(c.mediaType, c.format.ContentType()))
	c.w.Header().Set("Cache-Control", "no-store")
	c.w.Header().Set("X-Content-Type-Options", "nosniff")
	c.started, c.status = true, status
	c.w.WriteHeader(status)
}

// writeBody writes a response with status 200.
func (c *call) writeBody(body []byte) error {
	c.writeHeader(http.StatusOK)
	return c.abort(c.writeChunk(body))
}

// abort returns err if the response was not started yet. Afterwards, an error closes the
// connection, so that the caller doesn't mistake the response for a complete one.
func (c *call) abort(err error) error {
	if err == nil || !c.started {
		return err
	}
	if !errors.Is(err, context.Canceled) {
		c.api.log.Warn("response aborted", "request", c.id, "path", c.r.URL.Path, "error", err)
	}
	panic(http.ErrAbortHandler)
}
