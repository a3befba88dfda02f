package httpapi

import (
	"context"
	"encoding/json"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// Operator is a call of whoever runs the program, who proved it by a token. Its
// request's id, failures, panics and faults are answered as those of the protocol.
type Operator struct{ call *call }

// OperatorRoute says what answers the operator's calls of a method and a path, which
// is written as [net/http.ServeMux] has it.
type OperatorRoute struct {
	Method, Path string
	Handle       func(Operator) error
}

// ServeHTTP lets the route answer the call that the request belongs to.
func (o OperatorRoute) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	c := r.Context().Value(callKey{}).(*call)
	c.r = r
	c.err = o.Handle(Operator{c})
}

// NewOperator answers a handler of routes that are the operator's alone: tokens of
// accounts open none of them, and no limit on requests holds. All speak JSON.
func NewOperator(st store.Store, routes []OperatorRoute, now func() time.Time, log *slog.Logger) http.Handler {
	a := &API{store: st, now: now, log: log, routes: http.NewServeMux()}
	a.enter = a.serveOperator
	for _, r := range routes {
		a.routes.Handle(r.Method+" "+r.Path, r)
	}
	return a
}

func (a *API) serveOperator(c *call) (err error) {
	c.format = wire.JSON
	if c.token, err = c.prove(); err != nil {
		return err
	}
	if !c.token.Administers() {
		return forbidden("This token is for an account, not for the admin API")
	}
	return a.dispatch(c, c.r.Method, c.path)
}

// Context answers that of the request.
func (o Operator) Context() context.Context { return o.call.r.Context() }

// Now answers the instant of the call.
func (o Operator) Now() time.Time { return o.call.now }

// Does answers a deed of the operator's, for this reason or for none.
func (o Operator) Does(verb, reason string) store.AuditEvent {
	t := o.call.token
	return store.AuditEvent{Actor: store.Actor{Source: store.SourceAdminAPI, ID: t.SID, Name: t.Name}, Operation: verb, Reason: reason, At: o.call.now.UTC()}
}

// Path answers what stands in the path for a wildcard.
func (o Operator) Path(wildcard string) string { return o.call.r.PathValue(wildcard) }

// Query answers the values in the query string. Each must be in known and be there once.
func (o Operator) Query(known ...string) (map[string]string, error) {
	values := make(map[string]string)
	for name, given := range o.call.r.URL.Query() {
		at := -1
		for i, k := range known {
			if k == name {
				at = i
			}
		}
		switch {
		case at < 0:
			return nil, wire.Invalid(wire.Fault{Field: name, Message: "Is no parameter here: there are " + strings.Join(known, ", ")})
		case len(given) > 1:
			return nil, wire.Invalid(wire.Fault{Field: name, Message: "Send it once"})
		}
		values[name] = given[0]
	}
	return values, nil
}

// Body reads a body of JSON with at most so many bytes; an empty one is {}. A browser
// sends no JSON to a server that it was not told to by a page of that server's.
func (o Operator) Body(limit int64) ([]byte, error) {
	kind, _, err := mime.ParseMediaType(o.call.r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return nil, &wire.Error{Status: http.StatusUnsupportedMediaType, Message: "Send JSON, with Content-Type: application/json"}
	}
	body, err := o.call.body(limit)
	switch {
	case err != nil:
		return nil, err
	case len(body) == 0:
		return []byte("{}"), nil
	case !json.Valid(body):
		return nil, &wire.Error{Status: http.StatusBadRequest, Message: "The body is not valid JSON"}
	}
	return body, nil
}

// Params reads a body of JSON as the protocol's parameters, with what decoding needs.
func (o Operator) Params(zone *time.Location) (*wire.Params, wire.Env, error) {
	body, err := o.Body(wire.MaxBody)
	if err != nil {
		return nil, wire.Env{}, err
	}
	p, err := wire.ParseParams("", "application/json", body)
	o.call.params = p
	return p, wire.Env{Now: o.call.now, Zone: zone}, err
}

// Answer answers with a value, as JSON.
func (o Operator) Answer(status int, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	o.call.header(status)
	return o.call.cut(o.call.send(text))
}
