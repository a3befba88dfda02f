// Package adminapi serves the operator: accounts with their reference data, tokens,
// single actions and submissions, inquiries, and the record of who did what. An entry
// of reference data is written and read as it stands in a file of package refdata.
package adminapi

import (
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// Root is the path below which everything is.
const Root = "/admin/v1"

// maxBody bounds the bodies of calls, but for a whole account's: that of a file.
const maxBody = wire.MaxBody

// desk is where the operator's calls come in.
type desk struct {
	store store.Store
	// wake has an account's queue applied.
	wake func(account int64)
}

// New answers the handler of everything below [Root]; more are routes of others, with
// paths below it too.
func New(st store.Store, wake func(account int64), now func() time.Time, log *slog.Logger, more ...httpapi.OperatorRoute) http.Handler {
	d := &desk{store: st, wake: wake}
	routes := append(d.routes(), more...)
	for i := range routes {
		routes[i].Path = Root + routes[i].Path
		routes[i].Handle = telling(routes[i].Handle)
	}
	return httpapi.NewOperator(st, routes, now, log)
}

// routes are all there are, below [Root].
func (d *desk) routes() []httpapi.OperatorRoute {
	const account = "/accounts/{account}"
	routes := []httpapi.OperatorRoute{
		{Method: http.MethodGet, Path: "/accounts", Handle: d.getAccounts},
		{Method: http.MethodGet, Path: account, Handle: d.get(refdata.Accounts)},
		{Method: http.MethodPut, Path: account, Handle: d.put(refdata.Accounts)},

		{Method: http.MethodPost, Path: account + "/actions/{action}/cap", Handle: d.postCap},
		{Method: http.MethodPost, Path: account + "/submissions/{submission}/park", Handle: d.postPark},
		{Method: http.MethodPost, Path: account + "/submissions/{submission}/retry", Handle: d.postRetry},
		{Method: http.MethodPost, Path: account + "/inquiries", Handle: d.postInquiry},
		{Method: http.MethodGet, Path: account + "/inquiries", Handle: d.getInquiries},
		{Method: http.MethodGet, Path: account + "/inquiries/{inquiry}", Handle: d.getInquiry},

		{Method: http.MethodGet, Path: account + "/notifications/{id}/deliveries", Handle: d.getDeliveries},
		{Method: http.MethodPost, Path: account + "/notifications/{id}/resend", Handle: d.postResend},

		{Method: http.MethodGet, Path: "/tokens", Handle: d.getTokens},
		{Method: http.MethodPost, Path: "/tokens", Handle: d.postToken},
		{Method: http.MethodPost, Path: "/tokens/{sid}/rotate", Handle: d.postRotate},
		{Method: http.MethodPost, Path: "/tokens/{sid}/disable", Handle: d.postDisable},

		{Method: http.MethodGet, Path: "/deeds", Handle: d.getDeeds},
	}
	for _, list := range []refdata.List{refdata.Campaigns, refdata.EventTypes, refdata.Partners, refdata.PromoCodes, refdata.Contracts, refdata.Notifications} {
		path := account + "/" + string(list) + "/{" + strings.Join(list.Keys(), "}/{") + "}"
		routes = append(routes,
			httpapi.OperatorRoute{Method: http.MethodGet, Path: path, Handle: d.get(list)},
			httpapi.OperatorRoute{Method: http.MethodPut, Path: path, Handle: d.put(list)},
			httpapi.OperatorRoute{Method: http.MethodPost, Path: path + "/end", Handle: d.postEnd(list)})
	}
	return append(routes, httpapi.OperatorRoute{Method: http.MethodPut, Path: account + "/clicks/{id}", Handle: d.put(refdata.Clicks)})
}

// telling answers a handler whose errors that are for the operator's eyes have a
// status and words.
func telling(handle func(httpapi.Operator) error) func(httpapi.Operator) error {
	return func(o httpapi.Operator) error { return told(handle(o)) }
}

func told(err error) error {
	var faults *refdata.Faults
	var refusal *ledger.Rejection
	var retried *store.RetriedError
	switch {
	case errors.As(err, &faults):
		return invalid(faults)
	case errors.As(err, &refusal):
		return wire.Invalid(wire.Fault{Field: refusal.Field, Message: refusal.Message})
	case errors.As(err, &retried):
		return conflict("It was submitted again as " + string(retried.As) + "; if that failed too, retry that one")
	case errors.Is(err, store.ErrTokenDisabled):
		return conflict("The token is disabled: create another")
	case errors.Is(err, store.ErrTokenExpired):
		return conflict("The token has expired: set another date with trueup token expire")
	case errors.Is(err, store.ErrComplete):
		return conflict("The submission is complete: it took effect or failed already")
	case errors.Is(err, store.ErrAnsweredAnew):
		return conflict("The inquiry was answered again since: answer it VALID instead")
	case errors.Is(err, store.ErrEnded):
		return conflict("The notification is not ACTIVE: put it so first")
	case errors.Is(err, store.ErrNotFailed):
		return conflict("The submission did not fail: it is queued, or took effect")
	}
	return err
}

func conflict(message string) error {
	return &wire.Error{Status: http.StatusConflict, Message: message}
}

// invalid answers the faults of a body with their places.
func invalid(faults *refdata.Faults) error {
	list := make([]wire.Fault, 0, len(faults.List)+1)
	for _, f := range faults.List {
		list = append(list, wire.Fault{
			Field: f.Key, Message: f.Message + " (line " + strconv.Itoa(f.Line) + ", column " + strconv.Itoa(f.Column) + ")",
		})
	}
	if faults.More > 0 {
		list = append(list, wire.Fault{Message: "And " + strconv.Itoa(faults.More) + " more"})
	}
	return wire.Invalid(list...)
}

// account answers the one that the path names; what is no id names none.
func account(o httpapi.Operator) (int64, error) {
	id, err := refdata.ID(o.Path("account"))
	if err != nil {
		return 0, ledger.ErrNotFound
	}
	return id, nil
}

// body reads the keys of a body by read.
func body(o httpapi.Operator, read func(refdata.Entry)) error {
	text, err := o.Body(maxBody)
	if err != nil {
		return err
	}
	return refdata.ParseEntry("", text, read)
}

// because reads the reason of what is done: one that must be given, or may be.
func because(e refdata.Entry, required bool) string {
	reason := refdata.May(e, "reason", "", refdata.Text(store.MaxReason))
	if fault := store.CheckReason(reason); required && fault != "" {
		e.Fault("reason", "%s", fault)
	}
	return reason
}

// Routes answers what is served, as "GET /admin/v1/accounts".
func Routes() []string {
	routes := (&desk{}).routes()
	served := make([]string, 0, len(routes))
	for _, r := range routes {
		served = append(served, r.Method+" "+Root+r.Path)
	}
	return served
}
