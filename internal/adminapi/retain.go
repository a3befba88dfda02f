package adminapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// retainedForm is the JSON form of removed records.
type retainedForm struct {
	Removed removedForm `json:"removed"`
	// Files are the names of the archives with the records.
	Files []string `json:"files,omitempty"`
	// More reports that the time did not suffice, and Queued that submissions were queued.
	More   bool `json:"more"`
	Queued bool `json:"queued"`
	// Unlimited reports that the account retains everything.
	Unlimited bool `json:"unlimited"`
	DryRun    bool `json:"dry_run"`
}

// removedForm is the JSON form of the numbers of removed records.
type removedForm struct {
	Actions     int64     `json:"actions"`
	Submissions int64     `json:"submissions"`
	Updates     int64     `json:"updates"`
	Adjustments int64     `json:"adjustments"`
	Oldest      time.Time `json:"oldest,omitzero"`
	Newest      time.Time `json:"newest,omitzero"`
	// BridgeOrders is the number of orders of bridges, which are not archived.
	BridgeOrders int64 `json:"bridge_orders,omitzero"`
}

func newRetainedForm(r store.Retained) retainedForm {
	return retainedForm{
		Removed: removedForm{r.Actions, r.Submissions, r.Updates, r.Adjustments, r.Oldest.UTC(), r.Newest.UTC(), r.BridgeOrders},
		Files:   r.Files, Queued: r.Queued,
	}
}

// postRetain archives and removes the records that an account no longer retains. It works in many
// commits, so the request has no idempotency key: a repetition removes what is left.
func (h *handler) postRetain(o httpapi.OperatorRequest, account int64) error {
	var reason string
	var dryRun bool
	err := readBody(o, func(e refdata.Entry) {
		reason, dryRun = requiredReason(e), refdata.Optional(e, "dry_run", false, scalar.Boolean)
	})
	if err != nil {
		return err
	}
	folder := h.customers.Archive
	if dryRun {
		folder = nil
	} else if folder == nil {
		return conflict("The server has no folder of archives: start it with --archive, or use trueup account retain --archive")
	}
	set, err := h.customers.Store.RetentionSet(o.Context(), account)
	if err != nil {
		return err
	}
	if !set {
		return o.WriteJSON(http.StatusOK, retainedForm{Unlimited: true, DryRun: dryRun})
	}
	event := o.AuditEvent(store.OperationRetain, reason)
	event.Key = store.Key{}
	ctx, cancel := h.customers.limit(o.Context(), issueTimeout)
	defer cancel()
	retained, err := h.customers.Store.Retain(ctx, account, o.Now(), folder, event)
	form := newRetainedForm(retained)
	form.DryRun = dryRun
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil && o.Context().Err() == nil {
		if dryRun || len(retained.Files) == 0 && retained.BridgeOrders == 0 {
			return errRetainTimeout
		}
		form.More, err = true, nil
	}
	if err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, form)
}

var errRetainTimeout = &wire.Error{
	Status:  http.StatusServiceUnavailable,
	Message: "To select the records takes longer than a request; use trueup account retain on the machine of the ledger, which has no limit",
}
