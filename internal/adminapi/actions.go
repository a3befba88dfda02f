package adminapi

import (
	"net/http"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// postCap sets the modification limit of an action.
func (h *handler) postCap(o httpapi.OperatorRequest, account int64) error {
	id, err := ids.ParseActionID(o.Path("action"))
	if err != nil {
		return ledger.ErrNotFound
	}
	var limit int
	var reason string
	err = readBody(o, func(e refdata.Entry) {
		limit, reason = refdata.Required(e, "cap", scalar.Number(1, ledger.MaxModificationLimit)), requiredReason(e)
	})
	if err != nil {
		return err
	}
	event := o.AuditEvent(store.OperationSetLimit, reason)
	if err := h.store.SetModificationLimit(o.Context(), account, o.Now(), id, limit, event); err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, map[string]any{"action": id, "cap": limit})
}

func (h *handler) postPark(o httpapi.OperatorRequest, account int64) error {
	var reason string
	if err := readBody(o, func(e refdata.Entry) { reason = requiredReason(e) }); err != nil {
		return err
	}
	id := store.SubmissionID(o.Path("submission"))
	if err := h.store.Park(o.Context(), account, o.Now(), id, o.AuditEvent(store.OperationPark, reason)); err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, map[string]any{"parked": id})
}

func (h *handler) postRetry(o httpapi.OperatorRequest, account int64) error {
	reason, err := readReason(o)
	if err != nil {
		return err
	}
	id := store.SubmissionID(o.Path("submission"))
	retry, err := h.store.Retry(o.Context(), account, o.Now(), id, o.AuditEvent(store.OperationRetry, reason))
	if err != nil {
		return err
	}
	h.notify(account)
	return o.WriteJSON(http.StatusOK, map[string]any{"retried": id, "BatchId": retry.ID})
}
