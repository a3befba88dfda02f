package adminapi

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// deliveryForm is the JSON form of the delivery of an event that was not delivered yet. Due
// is present if another attempt is scheduled.
type deliveryForm struct {
	Update   store.EventID `json:"update"`
	Action   string        `json:"action,omitempty"`
	Invoice  string        `json:"invoice,omitempty"`
	State    string        `json:"state"`
	Attempts int           `json:"attempts"`
	Due      time.Time     `json:"due,omitzero"`
	Last     time.Time     `json:"last,omitzero"`
	Status   int           `json:"status,omitempty"`
	Error    string        `json:"error,omitempty"`
}

func newDeliveryForm(d store.Delivery) deliveryForm {
	return deliveryForm{d.Event, d.Event.Action.String(), d.Event.Invoice.String(), d.State(), d.Attempts, d.Due, d.Last, d.Status, d.Error}
}

func (h *handler) getDeliveries(o httpapi.OperatorRequest, account int64) error {
	id, err := scalar.ID(o.Path("id"))
	if err != nil {
		return ledger.ErrNotFound
	}
	q, err := queryNumbers(o, beforeParameter, limitParameter)
	if err != nil {
		return err
	}
	deliveries, err := h.notifications.Deliveries(o.Context(), account, id, q["before"], int(q["limit"]))
	if err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, newDeliveryPage(account, id, q, deliveries))
}

// deliveryPage is a page of deliveries, newest first. Next is the URL of the next page.
type deliveryPage struct {
	Deliveries []deliveryForm `json:"deliveries"`
	Next       string         `json:"next,omitempty"`
}

func newDeliveryPage(account, notification int64, query map[string]int64, deliveries []store.Delivery) deliveryPage {
	page := deliveryPage{Deliveries: make([]deliveryForm, len(deliveries))}
	for i, d := range deliveries {
		page.Deliveries[i] = newDeliveryForm(d)
	}
	if n := len(deliveries); n > 0 {
		path := fmt.Sprintf("/accounts/%d/notifications/%d/deliveries", account, notification)
		page.Next = nextPage(path, query, n, deliveries[n-1].Event.Number)
	}
	return page
}

// postResend schedules another attempt to deliver the event of one update, or all events
// that were given up.
func (h *handler) postResend(o httpapi.OperatorRequest, account int64) error {
	id, err := scalar.ID(o.Path("id"))
	if err != nil {
		return ledger.ErrNotFound
	}
	var update store.EventID
	var reason string
	err = readBody(o, func(e refdata.Entry) {
		update, reason = refdata.Optional(e, "update", update, eventID), optionalReason(e)
	})
	if err != nil {
		return err
	}
	n, err := h.notifications.Resend(o.Context(), account, id, o.Now(), update, o.AuditEvent(store.OperationResend, reason))
	if errors.Is(err, ledger.ErrNotFound) && update != (store.EventID{}) {
		return &wire.Error{Status: http.StatusNotFound, Message: fmt.Sprintf("Notification %d has no delivery of update %s", id, update)}
	}
	if err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, map[string]any{"resent": n})
}

func eventID(s string) (store.EventID, error) {
	id, err := store.ParseEventID(s)
	if err != nil {
		return id, scalar.Errorf("Must be the id of an update in the list, such as 1000.2240.1.5 or 10001-7.5")
	}
	return id, nil
}

// secretForm is the JSON form of the signing secret of a notification. Secret is present only in
// the response to the request that creates it.
type secretForm struct {
	Signed   bool      `json:"signed"`
	Since    time.Time `json:"since,omitzero"`
	OldUntil time.Time `json:"old_secret_until,omitzero"`
	Secret   string    `json:"secret,omitempty"`
}

// WithoutSecrets implements [httpapi.Redacted].
func (f secretForm) WithoutSecrets() any {
	f.Secret = ""
	return f
}

func newSecretForm(s store.SigningSecret) secretForm {
	return secretForm{Signed: !s.Since.IsZero(), Since: s.Since, OldUntil: s.OldUntil}
}

func (h *handler) getSecret(o httpapi.OperatorRequest, account int64) error {
	id, err := scalar.ID(o.Path("id"))
	if err != nil {
		return ledger.ErrNotFound
	}
	secret, err := h.notifications.SigningSecret(o.Context(), account, id)
	if err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, newSecretForm(secret))
}

// postSecret gives a notification a new signing secret.
func (h *handler) postSecret(o httpapi.OperatorRequest, account int64) error {
	id, err := scalar.ID(o.Path("id"))
	if err != nil {
		return ledger.ErrNotFound
	}
	overlap, reason, err := readRotation(o)
	if err != nil {
		return err
	}
	secret, err := h.notifications.RotateSecret(o.Context(), account, id, o.Now(), overlap, o.AuditEvent(store.OperationRotateSecret, reason))
	if err != nil {
		return err
	}
	form := newSecretForm(secret)
	form.Secret = secret.Current.Reveal()
	return o.WriteJSON(http.StatusOK, form)
}
