package adminapi

import (
	"net/http"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

func (d *desk) postCap(o httpapi.Operator) error {
	of, err := account(o)
	if err != nil {
		return err
	}
	id, err := ledger.ParseActionID(o.Path("action"))
	if err != nil {
		return ledger.ErrNotFound
	}
	var limit int
	var reason string
	err = body(o, func(e refdata.Entry) {
		limit, reason = refdata.Need(e, "cap", refdata.Number(1, ledger.MaxModificationLimit)), because(e, true)
	})
	if err != nil {
		return err
	}
	if err := d.store.SetModificationLimit(o.Context(), of, o.Now(), id, limit, o.Does(store.OperationSetLimit, reason)); err != nil {
		return err
	}
	return o.Answer(http.StatusOK, map[string]any{"action": id, "cap": limit})
}

func (d *desk) postPark(o httpapi.Operator) error {
	of, err := account(o)
	if err != nil {
		return err
	}
	var reason string
	if err := body(o, func(e refdata.Entry) { reason = because(e, true) }); err != nil {
		return err
	}
	id := store.SubmissionID(o.Path("submission"))
	if err := d.store.Park(o.Context(), of, o.Now(), id, o.Does(store.OperationPark, reason)); err != nil {
		return err
	}
	return o.Answer(http.StatusOK, map[string]any{"parked": id})
}

func (d *desk) postRetry(o httpapi.Operator) error {
	of, err := account(o)
	if err != nil {
		return err
	}
	var reason string
	if err := body(o, func(e refdata.Entry) { reason = because(e, false) }); err != nil {
		return err
	}
	id := store.SubmissionID(o.Path("submission"))
	again, err := d.store.Retry(o.Context(), of, o.Now(), id, o.Does(store.OperationRetry, reason))
	if err != nil {
		return err
	}
	d.wake(of)
	return o.Answer(http.StatusOK, map[string]any{"retried": id, "BatchId": again.ID})
}
