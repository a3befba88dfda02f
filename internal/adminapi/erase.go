package adminapi

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// postErase erases the personal data of a customer.
func (h *handler) postErase(o httpapi.OperatorRequest, account int64) error {
	var customer, reason string
	var dryRun bool
	err := readBody(o, func(e refdata.Entry) {
		customer, reason = refdata.Required(e, "customer", scalar.Text(store.MaxCustomer)), requiredReason(e)
		dryRun = refdata.Optional(e, "dry_run", false, scalar.Boolean)
		if customer != "" && strings.Contains(reason, customer) {
			e.Errorf("reason", "Must not contain the id of the customer")
		}
	})
	if err != nil {
		return err
	}
	ctx, cancel := h.customers.limit(o.Context(), estimateTimeout)
	defer cancel()
	erased, err := h.customers.Store.Erase(ctx, account, o.Now(), customer, dryRun, h.customers.Archive, ledger.Decide, o.AuditEvent(store.OperationErase, reason))
	switch {
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil && o.Context().Err() == nil:
		return errEraseTimeout
	case err != nil:
		return err
	}
	return o.WriteJSON(http.StatusOK, map[string]any{"erased": erased, "dry_run": dryRun})
}

var errEraseTimeout = &wire.Error{
	Status:  http.StatusServiceUnavailable,
	Message: "The erasure takes longer than a request; repeat it with trueup erase on the machine of the ledger, which has no limit",
}
