package export

import (
	"cmp"
	"errors"
	"iter"
	"net/http"
	"slices"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// maxSums is the maximum number of sums, which are in memory.
const maxSums = 100_000

var errTooManySums = &wire.Error{
	Status: http.StatusBadRequest, Message: "The export has more than 100000 rows; select a shorter range of event dates",
}

// sumKey identifies a sum.
type sumKey struct {
	month    program.Month
	partner  int64
	currency money.Currency
	state    ledger.State
}

// payouts returns the sums of the actions that match, ordered by month and partner. A month is
// that of the event date in the account's time zone.
func payouts(r store.ExportReader, e *encode.Encoder, f search.ActionFilter) iter.Seq2[encode.PartnerMonth, error] {
	return func(yield func(encode.PartnerMonth, error) bool) {
		sums := make(map[sumKey]*encode.PartnerMonth)
		for a, err := range r.ExportActions(f, false) {
			if err == nil {
				err = addTo(sums, e, a)
			}
			if err != nil {
				yield(encode.PartnerMonth{}, err)
				return
			}
		}
		ordered := make([]*encode.PartnerMonth, 0, len(sums))
		for _, sum := range sums {
			ordered = append(ordered, sum)
		}
		slices.SortFunc(ordered, func(a, b *encode.PartnerMonth) int {
			return cmp.Or(a.Month.Compare(b.Month), cmp.Compare(a.Partner, b.Partner),
				cmp.Compare(a.Currency, b.Currency), cmp.Compare(a.State, b.State))
		})
		for _, sum := range ordered {
			if !yield(*sum, nil) {
				return
			}
		}
	}
}

// addTo adds an action to its sum.
func addTo(sums map[sumKey]*encode.PartnerMonth, e *encode.Encoder, a ledger.Action) (err error) {
	key := sumKey{program.MonthOf(a.EventDate, e.Reference.Zone()), a.Partner, a.Currency, a.State(e.Now)}
	sum := sums[key]
	if sum == nil {
		if len(sums) == maxSums {
			return errTooManySums
		}
		sum = &encode.PartnerMonth{Month: key.month, Partner: a.Partner, Currency: a.Currency, State: key.state}
		sums[key] = sum
	}
	sum.Actions++
	var errs [3]error
	sum.Amount, errs[0] = sum.Amount.Plus(a.Amount)
	sum.Payout, errs[1] = sum.Payout.Plus(a.Payout)
	sum.ClientCost, errs[2] = sum.ClientCost.Plus(a.ClientCost)
	return errors.Join(errs[:]...)
}
