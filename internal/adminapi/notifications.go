package adminapi

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// deliveryLine is a delivery as it is listed: one that waits has due.
type deliveryLine struct {
	Update   ledger.UpdateID `json:"update"`
	Action   ledger.ActionID `json:"action"`
	State    string          `json:"state"`
	Attempts int             `json:"attempts"`
	Due      time.Time       `json:"due,omitzero"`
	Last     time.Time       `json:"last,omitzero"`
	Status   int             `json:"status,omitempty"`
	Error    string          `json:"error,omitempty"`
}

func deliveryOf(d store.Delivery) deliveryLine {
	return deliveryLine{d.Update, d.Update.Action, d.State(), d.Attempts, d.Due, d.Last, d.Status, d.Error}
}

// notification answers the account and the notification that the path names.
func notification(o httpapi.Operator) (of, id int64, err error) {
	if of, err = account(o); err != nil {
		return 0, 0, err
	}
	if id, err = refdata.ID(o.Path("id")); err != nil {
		return 0, 0, ledger.ErrNotFound
	}
	return of, id, nil
}

func (d *desk) getDeliveries(o httpapi.Operator) error {
	of, id, err := notification(o)
	if err != nil {
		return err
	}
	q, err := o.Query("before", "limit")
	if err != nil {
		return err
	}
	before, err := number(q, "before", 0, 1<<62)
	if err != nil {
		return err
	}
	limit, err := number(q, "limit", usualPage, mostPage)
	if err != nil {
		return err
	}
	deliveries, err := d.store.Deliveries(o.Context(), of, id, before, int(limit))
	if err != nil {
		return err
	}
	answer := struct {
		Deliveries []deliveryLine `json:"deliveries"`
		Next       string         `json:"next,omitempty"`
	}{Deliveries: make([]deliveryLine, len(deliveries))}
	for i, delivery := range deliveries {
		answer.Deliveries[i] = deliveryOf(delivery)
	}
	if len(deliveries) == int(limit) {
		last := deliveries[len(deliveries)-1].Update.Number
		next := url.Values{"before": {strconv.FormatInt(last, 10)}, "limit": {strconv.FormatInt(limit, 10)}}
		answer.Next = Root + "/accounts/" + strconv.FormatInt(of, 10) + "/notifications/" + strconv.FormatInt(id, 10) +
			"/deliveries?" + next.Encode()
	}
	return o.Answer(http.StatusOK, answer)
}

// postResend sends the delivery of one update again, or all that were given up.
func (d *desk) postResend(o httpapi.Operator) error {
	of, id, err := notification(o)
	if err != nil {
		return err
	}
	var update ledger.UpdateID
	var reason string
	err = body(o, func(e refdata.Entry) {
		update, reason = refdata.May(e, "update", update, updateID), because(e, false)
	})
	if err != nil {
		return err
	}
	n, err := d.store.Resend(o.Context(), of, id, o.Now(), update, o.Does(store.OperationResend, reason))
	if err != nil {
		return err
	}
	return o.Answer(http.StatusOK, map[string]any{"resent": n})
}

func updateID(s string) (ledger.UpdateID, error) {
	id, err := ledger.ParseUpdateID(s)
	if err != nil {
		return id, refdata.Say("Must be the id of an update, as 1000.2240.1.5, as the list has it")
	}
	return id, nil
}
