package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// The accounts that are measured have no cap to speak of: a load may modify few
// actions often.
const (
	name       = "Bench"
	campaign   = 1000
	eventType  = 2240
	partner    = 10
	contract   = 1
	actionCap  = ledger.MaxModificationLimit
	itemsEach  = 3
	maxTargets = 1_000_000
)

// Stock is what a store has before the load.
type Stock struct {
	// Actions are spread over so many Accounts.
	Actions, Accounts int
	// Newest is how many of an account's newest actions are changed, 0 for all.
	Newest int
	// Filled says that an earlier run has put them there.
	Filled bool
}

// actions answers how many an account has.
func (s Stock) actions(account int) int { return (s.Actions + s.Accounts - 1 - account) / s.Accounts }

// Prepare fills an empty store with actions of three items each, over the
// [spreadDays] before now, and answers the items to modify, which are of all actions
// or of a part that is spread evenly over them, and a token for each account.
func Prepare(ctx context.Context, st store.Store, now time.Time, s Stock) (targets []Target, tokens []Account, err error) {
	random := rand.New(rand.NewPCG(3, 0))
	for n := range s.Accounts {
		id := int64(n + 1)
		provide := fill
		if s.Filled {
			provide = find
		}
		if err := provide(ctx, st, random, id, now, s.actions(n)); err != nil {
			return nil, nil, err
		}
		secret, hash := store.NewSecret()
		token := store.Token{
			SID: store.NewSID(), Account: id, Name: "bench", Hash: hash, Version: 14,
			Scopes: []store.Scope{store.ScopeAll}, Created: now,
		}
		if err := st.SaveToken(ctx, token, deed(store.OperationCreateToken, now)); err != nil {
			return nil, nil, err
		}
		tokens = append(tokens, Account{SID: token.SID, Token: secret})
		targets = append(targets, s.targets(n, random)...)
	}
	return targets, tokens, nil
}

// targets answers an item each of some actions of an account, spread evenly over those
// that may be changed: those that [fill] made have the numbers from 1.
func (s Stock) targets(account int, random *rand.Rand) []Target {
	actions := s.actions(account)
	among := min(actions, cmp.Or(s.Newest, actions))
	targets := make([]Target, min(among, max(maxTargets/s.Accounts, 1)))
	for i := range targets {
		id := actionID(int64(actions) - int64(i)*int64(among)/int64(len(targets)))
		targets[i] = Target{Account: account, Action: id.String(), Partner: strconv.Itoa(partner), SKU: sku(random.IntN(itemsEach))}
	}
	return targets
}

// fill puts so many actions into an account that is not there yet.
func fill(ctx context.Context, st store.Store, random *rand.Rand, account int64, now time.Time, actions int) error {
	if _, err := st.Record(ctx, account, now, deed(store.OperationRecord, now), reference(account)); err != nil {
		return err
	}
	for made := 0; made < actions; {
		batch := make([]store.Submission, min(store.MaxBatch, actions-made))
		for i := range batch {
			batch[i] = conversion(random, now, made+i)
		}
		if _, err := st.Accept(ctx, account, now, batch); err != nil {
			return err
		}
		n, err := st.Apply(ctx, account, now, store.MaxBatch, ledger.Decide)
		if err != nil || n != len(batch) {
			return errors.Join(err, fmt.Errorf("%d of %d conversions were applied", n, len(batch)))
		}
		made += n
	}
	return nil
}

// find makes sure that an account is one that [fill] made, with so many actions: the
// load would spoil any other.
func find(ctx context.Context, st store.Store, _ *rand.Rand, account int64, now time.Time, actions int) error {
	ref, err := st.Reference(ctx, account, now)
	if err != nil {
		return err
	}
	if ref.Account.Name != name || ref.Campaigns[campaign].Name != name {
		return fmt.Errorf("account %d is none that was filled by trueup bench", account)
	}
	err = st.Read(ctx, account, func(r store.Reader) error {
		_, err := r.Action(actionID(int64(actions)))
		return err
	})
	if err != nil {
		return fmt.Errorf("account %d was filled with fewer actions than %d: %w", account, actions, err)
	}
	return nil
}

func deed(verb string, at time.Time) store.AuditEvent {
	return store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "bench"}, Operation: verb, At: at}
}

func actionID(number int64) ledger.ActionID {
	return ledger.ActionID{Campaign: campaign, EventType: eventType, Number: number}
}

func sku(i int) string { return fmt.Sprintf("SKU-%05d", i) }

func conversion(random *rand.Rand, now time.Time, n int) store.Submission {
	c := ledger.Conversion{
		Campaign: campaign, EventType: eventType, Partner: partner, Order: fmt.Sprintf("BENCH-%d", n),
		EventDate: now.Add(-time.Duration(random.Int64N(int64(spreadDays * 24 * time.Hour)))).Truncate(time.Second),
		Customer:  fmt.Sprintf("customer-%d", n%1000),
	}
	for i := range itemsEach {
		price, quantity := money.Decimal(10_000+random.Int64N(1_000_000)), 1+random.Int64N(5)
		c.Lines = append(c.Lines, ledger.ConversionLine{
			Number: i + 1, SKU: sku(i), Category: "Bench", Price: &price, Quantity: &quantity,
		})
	}
	return store.Submission{Submission: ledger.Submission{Command: c}, Payload: "OrderId=" + c.Order}
}

// reference answers what an account has: a campaign, a partner and their terms.
func reference(account int64) store.AmendReference {
	rate := money.Whole(4)
	start := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	terms := ledger.Terms{
		TermsKey: ledger.TermsKey{TermsOf: ledger.TermsOf{Contract: contract, EventType: eventType}, Version: 1},
		From:     start, Level: ledger.LevelItem, Default: ledger.Payout{Rate: &rate}, Locking: ledger.Locking{Days: 730},
	}
	is := store.ReferenceChange{Reference: ledger.Reference{
		Account:   ledger.Account{ID: account, Name: name, Currency: "USD", Zone: "UTC", ModificationLimit: actionCap},
		Campaigns: map[int64]ledger.Campaign{campaign: {ID: campaign, Name: name, State: ledger.StateActive, Pricing: ledger.PricingCurrent}},
		EventTypes: map[int64]ledger.EventType{eventType: {
			ID: eventType, Campaign: campaign, Name: "Sale", State: ledger.StateActive, DuplicateDays: ledger.DefaultDuplicateDays,
		}},
		Partners:  map[int64]ledger.Partner{partner: {ID: partner, Name: "Partner", State: ledger.StateActive, Currency: "USD", Zone: "UTC"}},
		Contracts: map[int64]ledger.Contract{contract: {ID: contract, Campaign: campaign, Partner: partner, Start: start}},
		Terms:     map[ledger.TermsOf][]ledger.Terms{terms.TermsOf: {terms}},
	}}
	return func(*ledger.Reference, time.Time) (store.ReferenceChange, error) { return is, nil }
}
