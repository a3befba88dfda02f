package whatif

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/whatif"
	"github.com/trueup-ledger/trueup/money"
)

// Result is an estimate as it is shown. Its JSON form is that of the admin API.
type Result struct {
	Account  int64          `json:"account"`
	Currency money.Currency `json:"currency"`
	Since    time.Time      `json:"since"`
	Until    time.Time      `json:"until,omitzero"`
	Lines    []Line         `json:"lines"`
	Total    Sums           `json:"total"`
	// NotRecorded lists the terms to try, as contract and event type, that the account has no
	// version of. They price no order.
	NotRecorded []string `json:"not_recorded,omitempty"`
	// Failed is the number of orders that the terms to try can't price, First the first of
	// them, and Reason why. The lines don't include them.
	Failed int64  `json:"failed,omitempty"`
	First  string `json:"first_failed,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// Line holds the sums over the orders of a partner and an event type.
type Line struct {
	Partner       int64  `json:"partner"`
	PartnerName   string `json:"partner_name"`
	EventType     int64  `json:"event_type"`
	EventTypeName string `json:"event_type_name"`
	Sums
}

// Sums are sums over orders, in the account's currency.
type Sums struct {
	Orders     int64       `json:"orders"`
	Revenue    json.Number `json:"revenue"`
	Payout     json.Number `json:"payout"`
	Tried      json.Number `json:"new_payout"`
	Difference json.Number `json:"difference"`
}

// Columns are the names of the columns of [Line.Cells].
var Columns = []string{"partner", "event_type", "orders", "revenue", "payout", "new_payout", "difference"}

// Cells returns the line as texts, without names.
func (l Line) Cells() []string {
	return append([]string{strconv.FormatInt(l.Partner, 10), strconv.FormatInt(l.EventType, 10)}, l.Sums.Cells()...)
}

// Cells returns the sums as texts.
func (s Sums) Cells() []string {
	return []string{strconv.FormatInt(s.Orders, 10), string(s.Revenue), string(s.Payout), string(s.Tried), string(s.Difference)}
}

// ErrNotRecorded reports that an account has none of the terms to try.
var ErrNotRecorded = errors.New("the account has recorded none of these terms: check the ids of contracts and event types")

// newResult returns an estimate with the names of the reference data.
func newResult(report *whatif.Report, terms whatif.Terms, r *program.Reference, span search.TimeRange) (Result, error) {
	total, err := report.Total()
	if err != nil {
		return Result{}, err
	}
	currency := r.Account.Currency
	sums := func(l whatif.Line) Sums {
		number := func(a money.Amount) json.Number { return json.Number(currency.Format(a)) }
		return Sums{l.Orders, number(l.Revenue), number(l.Payout), number(l.Tried), number(l.Difference())}
	}
	result := Result{
		Account: r.Account.ID, Currency: currency, Since: span.Start.UTC(), Until: span.End, Lines: []Line{}, Total: sums(total),
		NotRecorded: notRecorded(terms, r), Failed: report.Failed, Reason: report.Reason,
	}
	if report.Failed > 0 {
		result.First = report.First.String()
	}
	for _, l := range report.Lines() {
		result.Lines = append(result.Lines, Line{l.Partner, r.Partners[l.Partner].Name, l.EventType, r.EventTypes[l.EventType].Name, sums(l)})
	}
	return result, nil
}

// notRecorded returns the terms that have no recorded version, in order.
func notRecorded(terms whatif.Terms, r *program.Reference) (names []string) {
	var missing []program.TermsOf
	for of := range terms {
		if len(r.Terms[of]) == 0 {
			missing = append(missing, of)
		}
	}
	slices.SortFunc(missing, func(a, b program.TermsOf) int {
		return cmp.Or(cmp.Compare(a.Contract, b.Contract), cmp.Compare(a.EventType, b.EventType))
	})
	for _, of := range missing {
		names = append(names, fmt.Sprintf("%d/%d", of.Contract, of.EventType))
	}
	return names
}

// ParseSpan returns the range from since until before until, which may be empty. Since is a
// time, or a duration before now, such as 90d. A date stands for its first instant in the zone.
// The error is a [*SpanError].
func ParseSpan(since, until string, now time.Time, zone *time.Location) (span search.TimeRange, err error) {
	if d, err := scalar.Duration(since); err == nil {
		span.Start = now.Add(-d)
	} else if span.Start, err = scalar.Instant(zone)(since); err != nil {
		return span, &SpanError{"since", "Must be a number of days such as 90d, a date such as 2026-10-01, or a timestamp with an offset"}
	}
	if until == "" {
		return span, nil
	}
	if span.End, err = scalar.Instant(zone)(until); err != nil {
		return span, &SpanError{"until", err.Error()}
	}
	if !span.Start.Before(span.End) {
		return span, &SpanError{"until", "Must be after the start, " + span.Start.In(zone).Format(time.RFC3339)}
	}
	return span, nil
}

// SpanError is an invalid bound of a span.
type SpanError struct{ Field, Message string }

func (e *SpanError) Error() string { return e.Field + ": " + e.Message }
