package adminapi

import (
	"net/http"

	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/store"
)

// postAcceptClock makes the server trust its clock again. If it does already, the request
// changes nothing.
func (h *handler) postAcceptClock(o httpapi.OperatorRequest) error {
	reason, err := readReason(o)
	if err != nil {
		return err
	}
	accepted, err := h.clock.Accept(func(e *clockguard.Error) error {
		event := o.AuditEvent(store.OperationAcceptClock, reason)
		event.At = e.Clock.UTC()
		return h.clock.Log(o.Context(), e.Error(), event)
	})
	if err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, map[string]any{"clock": h.clock.Now().UTC(), "accepted": accepted})
}
