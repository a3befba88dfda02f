package faultinject

import (
	"log/slog"
	"net/http"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
)

// Routes returns the routes of the admin API that read, replace and delete the rules.
// Changing rules doesn't change the ledger: it is logged, but not in the audit log.
func (in *Injector) Routes(log *slog.Logger) []httpapi.OperatorRoute {
	const path = "/faults"
	set := func(o httpapi.OperatorRequest, rules []Rule) error {
		in.Set(rules)
		by := o.AuditEvent("", "").Actor
		log.Info("fault rules replaced", "rules", len(rules), "by", by.ID, "name", by.Name)
		return in.writeRules(o)
	}
	return []httpapi.OperatorRoute{
		{Method: http.MethodGet, Path: path, Handle: in.writeRules},
		{Method: http.MethodDelete, Path: path, Handle: func(o httpapi.OperatorRequest) error { return set(o, nil) }},
		{Method: http.MethodPut, Path: path, Handle: func(o httpapi.OperatorRequest) error {
			text, err := o.Body(refdata.MaxSize)
			if err != nil {
				return err
			}
			rules, err := Parse("", text)
			if err != nil {
				return err
			}
			return set(o, rules)
		}},
	}
}

// writeRules responds with the rules, in the form that PUT accepts.
func (in *Injector) writeRules(o httpapi.OperatorRequest) error {
	return o.WriteJSON(http.StatusOK, map[string][]Rule{"faults": in.Rules()})
}
