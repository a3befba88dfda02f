package adminapi

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// rateTableForm is the JSON form of a table of exchange rates, as in a reference file.
type rateTableForm struct {
	Date  program.Date                  `json:"date"`
	Base  money.Currency                `json:"base"`
	Rates map[money.Currency]money.Rate `json:"rates"`
}

func (h *handler) getRateTables(o httpapi.OperatorRequest, account int64) error {
	values, err := o.Query("first", "last", "limit")
	if err != nil {
		return err
	}
	limit, err := strconv.Atoi(valueOr(values, "limit", strconv.Itoa(defaultPageSize)))
	if err != nil || limit < 1 || limit > maxPageSize {
		return wire.Invalid(wire.FieldError{Field: "limit", Message: fmt.Sprintf("Must be a whole number from 1 to %d", maxPageSize)})
	}
	var days [2]program.Date
	for i, p := range []struct{ name, fallback string }{{"first", "1970-01-01"}, {"last", "2999-12-31"}} {
		if days[i], err = scalar.Date(valueOr(values, p.name, p.fallback)); err != nil {
			return wire.Invalid(wire.FieldError{Field: p.name, Message: err.Error()})
		}
	}
	if _, err := h.store.CurrentReference(o.Context(), account); err != nil {
		return err
	}
	tables, err := h.rates.RateTables(o.Context(), account, days[0], days[1], limit)
	if err != nil {
		return err
	}
	list := make([]rateTableForm, len(tables))
	for i, t := range tables {
		list[i] = rateTableForm(t)
	}
	return o.WriteJSON(http.StatusOK, map[string]any{program.RateTableList: list})
}

// valueOr returns a parameter of a query, or fallback if it was not sent.
func valueOr(values map[string]string, name, fallback string) string {
	if value, sent := values[name]; sent {
		return value
	}
	return fallback
}
