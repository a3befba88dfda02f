package httpapi

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/principal"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// OperatorRequest is a request to the admin API that was authenticated by an admin token.
// Errors and panics of its handler are handled like those of the protocol.
type OperatorRequest struct{ call *call }

// OperatorRoute is a route of the admin API. Path is a pattern of [net/http.ServeMux].
type OperatorRoute struct {
	Method, Path string
	Handle       func(OperatorRequest) error
	// AnyClock serves the route even while writes are refused because of the clock.
	AnyClock bool
	Access   principal.Access // what the route requires of people
}

// ServeHTTP calls Handle. Only the handler returned by [NewOperatorHandler] may call it.
func (o OperatorRoute) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := w.(*headerRecorder).call
	if c == nil {
		return
	}
	c.r, c.pattern = r, r.Pattern
	if c.err = o.Access.Check(r); c.err == nil && !o.AnyClock {
		c.err = c.checkClock()
	}
	if c.err == nil {
		c.err = c.idempotentOperation(func() error { return o.Handle(OperatorRequest{c}) })
	}
}

// NewOperatorHandler returns a handler for routes that require an admin token. It rejects
// tokens of accounts and has no rate limit. All routes use JSON. Writes are refused while the
// clock is not trusted.
func NewOperatorHandler(
	tokens store.TokenFinder, keys store.Keys, routes []OperatorRoute, clock *clockguard.Guard, log *slog.Logger,
) *API {
	a := &API{tokens: tokens, operatorKeys: keys, now: clock.Now, checkClock: clock.Check, log: log, routes: http.NewServeMux()}
	a.handle = a.serveOperator
	for _, r := range routes {
		a.routes.Handle(r.Method+" "+r.Path, r)
		a.paths = append(a.paths, r.Path)
	}
	return a
}

func (a *API) serveOperator(c *call) (err error) {
	c.format = wire.JSON
	if c.token, err = c.authenticate(); err != nil {
		return err
	}
	if !c.token.IsAdmin() {
		return forbidden("This token is for an account, not for the admin API")
	}
	return a.dispatch(c, c.r.Method, c.path)
}

// Context returns the context of the request.
func (o OperatorRequest) Context() context.Context { return o.call.r.Context() }

// Now returns the time of the request.
func (o OperatorRequest) Now() time.Time { return o.call.now }

// AuditEvent returns an audit event of the operator. The reason may be empty.
func (o OperatorRequest) AuditEvent(operation store.Operation, reason string) store.AuditEvent {
	return store.AuditEvent{
		Actor: o.call.actor(store.SourceAdminAPI), Operation: operation, Reason: reason, At: o.call.now.UTC(), Key: o.call.key,
	}
}

// SetDeprecation sets the Deprecation header of the response (RFC 9745) to the time since
// which the route is deprecated.
func (o OperatorRequest) SetDeprecation(since time.Time) {
	o.call.w.Header().Set("Deprecation", "@"+strconv.FormatInt(since.Unix(), 10))
}

// Path returns the value of a wildcard in the route's pattern.
func (o OperatorRequest) Path(wildcard string) string { return o.call.r.PathValue(wildcard) }

// Query returns the parameters in the query string by name. It returns an error for a
// repeated parameter and for one that is not in known.
func (o OperatorRequest) Query(known ...string) (map[string]string, error) {
	values := make(map[string]string)
	for name, sent := range o.call.r.URL.Query() {
		switch {
		case !slices.Contains(known, name):
			return nil, wire.Invalid(wire.FieldError{Field: name, Message: "Unknown parameter: the parameters are " + strings.Join(known, ", ")})
		case len(sent) > 1:
			return nil, wire.Invalid(wire.FieldError{Field: name, Message: "Send it once"})
		}
		values[name] = sent[0]
	}
	return values, nil
}

// Body returns the JSON body, which has at most limit bytes, or {} if the body is empty. It
// requires the content type of JSON as a protection against cross-site requests: a browser
// sends JSON only to the origin of the page.
func (o OperatorRequest) Body(limit int64) ([]byte, error) {
	kind, _, err := mime.ParseMediaType(o.call.r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return nil, &wire.Error{Status: http.StatusUnsupportedMediaType, Message: "Send JSON, with Content-Type: application/json"}
	}
	body, err := o.call.readAll(limit)
	if err == nil {
		err = o.call.checkKey(body)
	}
	switch {
	case err != nil:
		return nil, err
	case len(body) == 0:
		return []byte("{}"), nil
	}
	return body, wire.CheckJSON(string(body))
}

// Params reads a JSON body as parameters of the protocol and returns them with the
// environment for decoding them in the given zone.
func (o OperatorRequest) Params(zone *time.Location) (*wire.Params, wire.Env, error) {
	body, err := o.Body(wire.MaxBody)
	if err != nil {
		return nil, wire.Env{}, err
	}
	p, err := wire.ParseParams("", "application/json", body)
	o.call.params = p
	return p, wire.Env{Now: o.call.now, Zone: zone}, err
}

// WriteJSON writes a response with the JSON form of value. If the request has an
// idempotency key, it keeps the response for a retry, without secrets.
func (o OperatorRequest) WriteJSON(status int, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	o.call.keepResponse(status, value, text)
	o.call.writeHeader(status)
	return o.call.abort(o.call.writeChunk(text))
}

// WriteFile writes a response with a file that write writes in pieces. An error before the first
// piece is the response; a later one closes the connection.
func (o OperatorRequest) WriteFile(mediaType, name string, write func(io.Writer) error) error {
	return o.call.abort(write(fileWriter{o.call, mediaType, name}))
}
