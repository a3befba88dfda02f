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

// The accounts that are measured have no cap to speak of: the load modifies few
// actions often.
const (
	campaign   = 1000
	eventType  = 2240
	partner    = 10
	contract   = 1
	actionCap  = trueup.MaxCap
	itemsEach  = 3
	maxTargets = 50_000
)

// Prepare fills an empty store with actions of three items each, over the
// [spreadDays] before now and spread over so many accounts, and answers the items to
// modify and a token for each account.
func Prepare(ctx context.Context, st store.Store, now time.Time, actions, accounts int) (targets []Target, tokens []Account, err error) {
	random := rand.New(rand.NewPCG(3, 0))
	for n := range accounts {
		id := int64(n + 1)
		if _, err := st.Record(ctx, id, now, deed(store.VerbRecord, now), reference(id)); err != nil {
			return nil, nil, err
		}
		secret, hash := store.NewSecret()
		token := store.Token{
			SID: store.NewSID(), Account: id, Name: "bench", Hash: hash, Version: 14,
			Scopes: []store.Scope{store.ScopeAll}, Created: now,
		}
		if err := st.SaveToken(ctx, token, deed(store.VerbCreate, now)); err != nil {
			return nil, nil, err
		}
		tokens = append(tokens, Account{SID: token.SID, Token: secret})
		ids, err := fill(ctx, st, random, id, now, (actions+accounts-1-n)/accounts)
		if err != nil {
			return nil, nil, err
		}
		for _, id := range ids[:min(len(ids), max(maxTargets/accounts, 1))] {
			targets = append(targets, Target{
				Account: n, Action: id.String(), Partner: fmt.Sprint(partner), SKU: sku(random.IntN(itemsEach)),
			})
		}
	}
	return targets, tokens, nil
}

// fill puts so many actions into an account and answers their ids.
func fill(ctx context.Context, st store.Store, random *rand.Rand, account int64, now time.Time, actions int) (ids []trueup.ActionID, err error) {
	for len(ids) < actions {
		batch := make([]store.Submission, min(store.MaxBatch, actions-len(ids)))
		for i := range batch {
			batch[i] = conversion(random, now, len(ids)+i)
		}
		accepted, err := st.Accept(ctx, account, now, batch)
		if err != nil {
			return nil, err
		}
		n, err := st.Apply(ctx, account, now, store.MaxBatch, trueup.Decide)
		if err != nil || n != len(batch) {
			return nil, errors.Join(err, fmt.Errorf("%d of %d conversions were applied", n, len(batch)))
		}
		for _, s := range accepted {
			ids = append(ids, trueup.ActionID{Campaign: campaign, EventType: eventType, Number: s.Number})
		}
	}
	return ids, nil
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

// reference answers what an account has: a campaign, a partner and their terms.
func reference(account int64) store.Revise {
	rate := money.Whole(4)
	start := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	terms := trueup.Terms{
		TermsKey: trueup.TermsKey{TermsOf: trueup.TermsOf{Contract: contract, EventType: eventType}, Version: 1},
		From:     start, Level: trueup.LevelItem, Default: trueup.Payout{Rate: &rate}, Locking: trueup.Locking{Days: 730},
	}
	is := store.ReferenceChange{Reference: trueup.Reference{
		Account:   trueup.Account{ID: account, Name: "Bench", Currency: "USD", Zone: "UTC", Cap: actionCap},
		Campaigns: map[int64]trueup.Campaign{campaign: {ID: campaign, Name: "Bench", State: trueup.StateActive, Pricing: trueup.PricingCurrent}},
		EventTypes: map[int64]trueup.EventType{eventType: {
			ID: eventType, Campaign: campaign, Name: "Sale", State: trueup.StateActive, DuplicateDays: trueup.DefaultDuplicateDays,
		}},
		Partners:  map[int64]trueup.Partner{partner: {ID: partner, Name: "Partner", State: trueup.StateActive, Currency: "USD", Zone: "UTC"}},
		Contracts: map[int64]trueup.Contract{contract: {ID: contract, Campaign: campaign, Partner: partner, Start: start}},
		Terms:     map[trueup.TermsOf][]trueup.Terms{terms.TermsOf: {terms}},
	}}
	return func(*trueup.Reference, time.Time) (store.ReferenceChange, error) { return is, nil }
}
