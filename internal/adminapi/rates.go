package adminapi

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/ratefile"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
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
	tables, err := h.references.RateTables(o.Context(), account, days[0], days[1], limit)
	if err != nil {
		return err
	}
	list := make([]rateTableForm, len(tables))
	for i, t := range tables {
		list[i] = rateTableForm(t)
	}
	return o.WriteJSON(http.StatusOK, map[string]any{program.RateTableList: list})
}

// postRates records the rates of a CSV file.
func (h *handler) postRates(o httpapi.OperatorRequest, account int64) error {
	return h.importFile(o, account, refdata.MaxSize, func(text []byte) error {
		var options ratefile.Options
		var content, reason string
		var dryRun bool
		err := refdata.ParseEntry("", text, func(e refdata.Entry) {
			content = refdata.Required(e, "content", fileContent(refdata.MaxSize))
			options.Base = money.Currency(refdata.Optional(e, "base", "", scalar.Currency))
			options.PerBase = refdata.Optional(e, "per_base", false, scalar.Boolean)
			dryRun, reason = refdata.Optional(e, "dry_run", false, scalar.Boolean), optionalReason(e)
		})
		if err != nil {
			return err
		}
		imported, err := ratefile.Import(o.Context(), h.references, account, "content", []byte(content), options, o.AuditEvent(store.OperationRecord, reason), dryRun)
		if err != nil {
			return err
		}
		return o.WriteJSON(http.StatusOK, newImportedRatesForm(imported, dryRun))
	})
}

// importedRatesForm is the JSON form of the result of an import of rates.
type importedRatesForm struct {
	Rates   int          `json:"rates"`
	Days    int          `json:"days"`
	New     int          `json:"new"`
	Changed int          `json:"changed"`
	Last    lastRateForm `json:"last"`
	Ignored []string     `json:"ignored,omitempty"`
	Changes []string     `json:"changes,omitempty"`
	DryRun  bool         `json:"dry_run"`
}

// lastRateForm is the JSON form of a rate of the last day.
type lastRateForm struct {
	Date     program.Date   `json:"date"`
	Base     money.Currency `json:"base"`
	Currency money.Currency `json:"currency"`
	Rate     money.Rate     `json:"rate"`
}

func newImportedRatesForm(i ratefile.Imported, dryRun bool) importedRatesForm {
	last, quoted := i.Last()
	return importedRatesForm{
		Rates: i.Rates, Days: i.Days(), New: i.Added, Changed: i.Changed, Last: lastRateForm{last.Date, last.Base, quoted, last.Rates[quoted]},
		Ignored: i.Unknown, Changes: i.Examples, DryRun: dryRun,
	}
}

// valueOr returns a parameter of a query, or fallback if it was not sent.
func valueOr(values map[string]string, name, fallback string) string {
	if value, sent := values[name]; sent {
		return value
	}
	return fallback
}
