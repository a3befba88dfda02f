package adminapi

import (
	"net/http"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/store"
)

// auditEventForm is the JSON form of an audit event.
type auditEventForm struct {
	Number    int64           `json:"number"`
	At        time.Time       `json:"at"`
	Source    store.Source    `json:"source"`
	Actor     string          `json:"actor"`
	Name      string          `json:"name"`
	Operation store.Operation `json:"operation"`
	Subject   string          `json:"subject"`
	Reason    string          `json:"reason"`
	Detail    string          `json:"detail"`
}

func newAuditEventForm(e store.AuditEvent) auditEventForm {
	return auditEventForm{e.Number, e.At, e.Actor.Source, e.Actor.ID, e.Actor.Name, e.Operation, e.Subject, e.Reason, e.Detail}
}

func (h *handler) getAuditEvents(o httpapi.OperatorRequest) error {
	list, next, err := auditPage(h, o, "/audit", newAuditEventForm)
	if err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, struct {
		Events []auditEventForm `json:"events"`
		Next   string           `json:"next,omitempty"`
	}{list, next})
}

// auditPage returns a page of the audit log, newest event first, and the URL of the next
// page. form returns the JSON form of an event.
func auditPage[T any](h *handler, o httpapi.OperatorRequest, path string, form func(store.AuditEvent) T) (page []T, next string, err error) {
	q, err := queryNumbers(o, accountParameter, beforeParameter, limitParameter)
	if err != nil {
		return nil, "", err
	}
	events, err := h.store.AuditEvents(o.Context(), q["account"], q["before"], int(q["limit"]))
	if err != nil {
		return nil, "", err
	}
	page = make([]T, len(events))
	for i, e := range events {
		page[i] = form(e)
	}
	if n := len(events); n > 0 && events[n-1].Number > 1 {
		next = nextPage(path, q, n, events[n-1].Number)
	}
	return page, next, nil
}
