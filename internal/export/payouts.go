package export

import (
	"cmp"
	"errors"
	"iter"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
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

// sums are the sums of payouts.
type sums struct {
	*encode.Encoder
	all map[sumKey]*encode.PartnerMonth
}

// payouts returns the sums of the actions that match and of the bonuses, ordered by month and
// partner. The month of an action is that of its event date in the account's time zone.
func payouts(r store.ExportReader, e *encode.Encoder, f search.ActionFilter) iter.Seq2[encode.PartnerMonth, error] {
	return func(yield func(encode.PartnerMonth, error) bool) {
		s := sums{e, make(map[sumKey]*encode.PartnerMonth)}
		err := s.addActions(r, f)
		if err == nil {
			err = s.addBonuses(r, f)
		}
		if err != nil {
			yield(encode.PartnerMonth{}, err)
			return
		}
		ordered := slices.SortedFunc(maps.Values(s.all), func(a, b *encode.PartnerMonth) int {
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

// addActions adds the actions that match, with their adjustments.
func (s sums) addActions(r store.ExportReader, f search.ActionFilter) error {
	for a, err := range r.ExportAdjusted(f) {
		if err != nil {
			return err
		}
		sum, err := s.of(a.EventDate, a.Partner, a.Currency, a.State(s.Now))
		if err != nil {
			return err
		}
		sum.Actions++
		err = errors.Join(add(&sum.Amount, a.Amount), add(&sum.Payout, a.Payout), add(&sum.ClientCost, a.ClientCost),
			add(&sum.DeltaAmount, a.DeltaAmount), add(&sum.DeltaPayout, a.DeltaPayout))
		if err != nil {
			return err
		}
	}
	return nil
}

// addBonuses adds the bonuses that match. A bonus has no action, and is due at once: it has the
// state of actions that are due, and its date in place of the event date. A filter by what only
// actions have selects none.
func (s sums) addBonuses(r store.ExportReader, f search.ActionFilter) error {
	common := search.ActionFilter{Campaign: f.Campaign, Partner: f.Partner, State: f.State, Now: f.Now, EventDate: f.EventDate}
	if f != common || f.State != "" && f.State != ledger.Approved {
		return nil
	}
	selected := search.EntryFilter{Partner: f.Partner, Campaign: f.Campaign, Kind: invoice.KindBonus, Date: f.EventDate}
	for bonus, err := range r.Statements().Entries(selected) {
		if err != nil {
			return err
		}
		sum, err := s.of(bonus.Date, bonus.Partner, s.Reference.Account.Currency, ledger.Approved)
		if err == nil {
			err = add(&sum.Bonus, bonus.Amount)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// of returns the sum that something belongs to.
func (s sums) of(date time.Time, partner int64, currency money.Currency, state ledger.State) (*encode.PartnerMonth, error) {
	key := sumKey{program.MonthOf(date, s.Reference.Zone()), partner, currency, state}
	sum := s.all[key]
	if sum == nil {
		if len(s.all) == maxSums {
			return nil, errTooManySums
		}
		sum = &encode.PartnerMonth{Month: key.month, Partner: partner, Currency: currency, State: state}
		s.all[key] = sum
	}
	return sum, nil
}

// add adds an amount to a sum.
func add(sum *money.Amount, a money.Amount) (err error) {
	*sum, err = sum.Plus(a)
	return err
}
