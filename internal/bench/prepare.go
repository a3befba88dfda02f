package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	trueup "github.com/trueup-ledger/trueup"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/money"
)

// The account that is measured has no cap to speak of: the load modifies few
// actions often.
const (
	account    = 1
	campaign   = 1000
	eventType  = 2240
	partner    = 10
	contract   = 1
	actionCap  = 1 << 30
	itemsEach  = 3
	maxTargets = 50_000
)

// Prepare fills an empty store with actions of three items each, over the
// [spreadDays] before now, and answers the items to modify and a token.
func Prepare(ctx context.Context, st store.Store, now time.Time, actions int) (targets []Target, sid, secret string, err error) {
	if _, err := st.Record(ctx, account, now, deed(store.VerbRecord, now), reference); err != nil {
		return nil, "", "", err
	}
	secret, hash := store.NewSecret()
	token := store.Token{
		SID: store.NewSID(), Account: account, Name: "bench", Hash: hash, Version: 14,
		Scopes: []store.Scope{store.ScopeAll}, Created: now,
	}
	if err := st.SaveToken(ctx, token, deed(store.VerbCreate, now)); err != nil {
		return nil, "", "", err
	}
	random := rand.New(rand.NewPCG(3, 0))
	for done := 0; done < actions; {
		batch := make([]store.Submission, min(store.MaxBatch, actions-done))
		for i := range batch {
			batch[i] = conversion(random, now, done+i)
		}
		accepted, err := st.Accept(ctx, account, now, batch)
		if err != nil {
			return nil, "", "", err
		}
		n, err := st.Apply(ctx, account, now, store.MaxBatch, trueup.Decide)
		if err != nil || n != len(batch) {
			return nil, "", "", errors.Join(err, fmt.Errorf("%d of %d conversions were applied", n, len(batch)))
		}
		for _, s := range accepted {
			if len(targets) == maxTargets {
				break
			}
			id := trueup.ActionID{Campaign: campaign, EventType: eventType, Number: s.Number}
			targets = append(targets, Target{Action: id.String(), SKU: sku(random.IntN(itemsEach))})
		}
		done += len(batch)
	}
	return targets, token.SID, secret, nil
}

func deed(verb string, at time.Time) store.Deed {
	return store.Deed{By: store.Actor{Via: store.DoorProgram, ID: "bench"}, Verb: verb, At: at}
}

func sku(i int) string { return fmt.Sprintf("SKU-%05d", i) }

func conversion(random *rand.Rand, now time.Time, n int) store.Submission {
	c := trueup.Conversion{
		Campaign: campaign, EventType: eventType, Partner: partner, Order: fmt.Sprintf("BENCH-%d", n),
		EventDate: now.Add(-time.Duration(random.Int64N(int64(spreadDays * 24 * time.Hour)))).Truncate(time.Second),
		Customer:  fmt.Sprintf("customer-%d", n%1000),
	}
	for i := range itemsEach {
		price, quantity := money.Decimal(10_000+random.Int64N(1_000_000)), 1+random.Int64N(5)
		c.Lines = append(c.Lines, trueup.ConversionLine{
			Number: i + 1, SKU: sku(i), Category: "Bench", Price: &price, Quantity: &quantity,
		})
	}
	return store.Submission{Submission: trueup.Submission{Command: c}, Payload: "OrderId=" + c.Order}
}

func reference(_ *trueup.Reference, _ time.Time) (store.ReferenceChange, error) {
	rate := money.Whole(4)
	start := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	terms := trueup.Terms{
		TermsKey: trueup.TermsKey{TermsOf: trueup.TermsOf{Contract: contract, EventType: eventType}, Version: 1},
		From:     start, Level: trueup.LevelItem, Default: trueup.Payout{Rate: &rate}, Locking: trueup.Locking{Days: 730},
	}
	return store.ReferenceChange{Reference: trueup.Reference{
		Account:   trueup.Account{ID: account, Name: "Bench", Currency: "USD", Zone: "UTC", Cap: actionCap},
		Campaigns: map[int64]trueup.Campaign{campaign: {ID: campaign, Name: "Bench", State: trueup.StateActive, Pricing: trueup.PricingCurrent}},
		EventTypes: map[int64]trueup.EventType{eventType: {
			ID: eventType, Campaign: campaign, Name: "Sale", State: trueup.StateActive, DuplicateDays: trueup.DefaultDuplicateDays,
		}},
		Partners:  map[int64]trueup.Partner{partner: {ID: partner, Name: "Partner", State: trueup.StateActive, Currency: "USD", Zone: "UTC"}},
		Contracts: map[int64]trueup.Contract{contract: {ID: contract, Campaign: campaign, Partner: partner, Start: start}},
		Terms:     map[trueup.TermsOf][]trueup.Terms{terms.TermsOf: {terms}},
	}}, nil
}
