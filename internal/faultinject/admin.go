package faultinject

import (
	"log/slog"
	"net/http"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
)

// Routes are the admin API's for the rules in force: read, replaced as a whole, and
// taken away. They are no deed of the ledger's: who set them is in the log.
func (f *Faults) Routes(log *slog.Logger) []httpapi.OperatorRoute {
	const path = "/faults"
	set := func(o httpapi.Operator, rules []Rule) error {
		f.Set(rules)
		by := o.Does("", "").Actor
		log.Info("faults are set", "rules", len(rules), "by", by.ID, "name", by.Name)
		return f.tell(o)
	}
	return []httpapi.OperatorRoute{
		{Method: http.MethodGet, Path: path, Handle: f.tell},
		{Method: http.MethodDelete, Path: path, Handle: func(o httpapi.Operator) error { return set(o, nil) }},
		{Method: http.MethodPut, Path: path, Handle: func(o httpapi.Operator) error {
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

// tell answers the rules in the form in which they can be put back.
func (f *Faults) tell(o httpapi.Operator) error {
	return o.Answer(http.StatusOK, map[string][]Rule{"faults": f.Rules()})
}
