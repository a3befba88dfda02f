package adminapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/whatif"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// estimateTimeout bounds the time of an estimate, during which it keeps a snapshot of the
// database open.
const estimateTimeout = 45 * time.Second

// postWhatIf responds with what past orders would have paid under the terms in the body, which
// has the form of the account. It changes nothing. One estimate runs at a time.
func (h *handler) postWhatIf(o httpapi.OperatorRequest, account int64) error {
	query, err := o.Query("since", "until")
	if err != nil {
		return err
	}
	text, err := o.Body(refdata.MaxSize)
	if err != nil {
		return err
	}
	file, err := refdata.ParseAccount(account, text)
	if err != nil {
		return err
	}
	reference, err := h.store.CurrentReference(o.Context(), account)
	if err != nil {
		return err
	}
	span, err := whatif.ParseSpan(query["since"], query["until"], o.Now(), reference.Zone())
	if invalid := (*whatif.SpanError)(nil); errors.As(err, &invalid) {
		return wire.Invalid(wire.FieldError{Field: invalid.Field, Message: invalid.Message})
	}
	terms := file.Terms()[account]
	if len(terms) == 0 {
		return wire.Invalid(wire.FieldError{Field: "contracts", Message: "Send at least one contract with terms"})
	}
	ctx, cancel := h.customers.limit(o.Context(), estimateTimeout)
	defer cancel()
	select {
	case h.estimating <- struct{}{}:
		defer func() { <-h.estimating }()
	case <-ctx.Done():
		return errEstimateTimeout
	}
	result, err := whatif.Estimate(ctx, h.customers.Store, account, span, terms)
	switch {
	case errors.Is(err, whatif.ErrNotRecorded):
		return wire.Invalid(wire.FieldError{Field: "contracts", Message: "The account has recorded none of these terms; check the ids of contracts and event types"})
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil && o.Context().Err() == nil:
		return errEstimateTimeout
	case err != nil:
		return err
	}
	return o.WriteJSON(http.StatusOK, result)
}

var errEstimateTimeout = &wire.Error{
	Status:  http.StatusServiceUnavailable,
	Message: "The estimate takes too long; send a later since, or use trueup whatif on the machine of the ledger, which has no limit",
}
