package adminapi

import (
	"net/http"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/store"
)

// deprecatedRoutes returns undocumented routes of version 0.1. Remove them in
// version 0.3.
func (h *handler) deprecatedRoutes() []httpapi.OperatorRoute {
	return []httpapi.OperatorRoute{{Method: http.MethodGet, Path: "/deeds", Handle: h.getDeeds}}
}

// deed is the form that audit events had in version 0.1.
type deed struct {
	Number  int64           `json:"number"`
	At      time.Time       `json:"at"`
	Via     store.Source    `json:"via"`
	By      string          `json:"by"`
	Name    string          `json:"name"`
	Verb    store.Operation `json:"verb"`
	Subject string          `json:"subject"`
	Reason  string          `json:"reason"`
	Detail  string          `json:"detail"`
}

func newDeed(e store.AuditEvent) deed {
	return deed{e.Number, e.At, e.Actor.Source, e.Actor.ID, e.Actor.Name, e.Operation, e.Subject, e.Reason, e.Detail}
}

// getDeeds is an alias of getAuditEvents with the form of version 0.1.
func (h *handler) getDeeds(o httpapi.OperatorRequest) error {
	list, next, err := auditPage(h, o, "/deeds", newDeed)
	if err != nil {
		return err
	}
	o.SetDeprecation(time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC))
	return o.WriteJSON(http.StatusOK, struct {
		Deeds []deed `json:"deeds"`
		Next  string `json:"next,omitempty"`
	}{list, next})
}
