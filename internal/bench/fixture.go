package bench

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Reference data of the accounts. The modification limit is the maximum, because a load may
// modify an action often.
const (
	name              = "Bench"
	campaign          = 1000
	eventType         = 2240
	partner           = 10
	contract          = 1
	modificationLimit = ledger.MaxModificationLimit
	maxTargets        = 1_000_000
)

// Fixture describes the contents of a store before the load.
type Fixture struct {
	// Actions is the number of actions, spread over Accounts.
	Actions, Accounts int
	// Items is the number of items of each action. 0 means 3.
	Items int
	// Newest restricts the targets to the newest actions of each account. 0 means all.
	Newest int
	// Reuse reports whether an earlier run has created the actions.
	Reuse bool
}

// actions returns the number of actions of an account.
func (f Fixture) actions(account int) int { return (f.Actions + f.Accounts - 1 - account) / f.Accounts }

// Store is the part of a store that Prepare fills.
type Store interface {
	Record(ctx context.Context, account int64, now time.Time, e store.AuditEvent, amend store.AmendReference) (int, error)
	Reference(ctx context.Context, account int64, at time.Time) (*program.Reference, error)
	Commit(ctx context.Context, source store.BatchSource, decide store.Decide) ([]store.Committed, error)
	Apply(ctx context.Context, account int64, now time.Time, limit int, decide store.Decide) (int, error)
	CommitLimits() (commits, accounts int)
	Read(ctx context.Context, account int64, f func(store.Reader) error) error
	SaveToken(ctx context.Context, t store.Token, e store.AuditEvent) error
}

// fillers is the number of accounts that Prepare creates concurrently.
const fillers = 8

// Prepare fills an empty store with actions, spread over the last 60 days. It returns the
// items to modify and the credentials of each account.
func Prepare(ctx context.Context, st Store, now time.Time, f Fixture) (targets []Target, accounts []Account, err error) {
	f.Items = cmp.Or(f.Items, 3)
	accounts = make([]Account, f.Accounts)
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(fillers)
	for n := range f.Accounts {
		targets = append(targets, f.targets(n, rand.New(rand.NewPCG(2, uint64(n))))...)
		group.Go(func() (err error) {
			accounts[n], err = f.prepare(groupCtx, st, now, n)
			return err
		})
	}
	if err := group.Wait(); err != nil || f.Reuse {
		return targets, accounts, err
	}
	return targets, accounts, f.fill(ctx, st, now)
}

// prepare creates an account, unless an earlier run has, and a token for it.
func (f Fixture) prepare(ctx context.Context, st Store, now time.Time, n int) (a Account, err error) {
	id := int64(n + 1)
	if f.Reuse {
		err = checkFilled(ctx, st, id, now, f.actions(n))
	} else {
		_, err = st.Record(ctx, id, now, auditEvent(store.OperationRecord, now), reference(id))
	}
	if err != nil {
		return a, err
	}
	secret, hash := store.NewSecret()
	token := store.Token{
		SID: store.NewSID(), Account: id, Name: "bench", Hash: hash, Version: 14,
		Scopes: []store.Scope{store.ScopeAll}, Created: now,
	}
	return Account{SID: token.SID, Token: secret}, st.SaveToken(ctx, token, auditEvent(store.OperationCreateToken, now))
}

// targets returns at most maxTargets/Accounts items of an account, each of another action,
// spread evenly over the actions that may be modified. fill numbers the actions from 1.
func (f Fixture) targets(account int, random *rand.Rand) []Target {
	actions := f.actions(account)
	eligible := min(actions, cmp.Or(f.Newest, actions))
	targets := make([]Target, min(eligible, max(maxTargets/f.Accounts, 1)))
	for i := range targets {
		id := actionID(int64(actions) - int64(i)*int64(eligible)/int64(len(targets)))
		targets[i] = Target{Account: account, Action: id.String(), Partner: strconv.Itoa(partner), SKU: sku(random.IntN(f.Items))}
	}
	return targets
}

// fill stores the actions, in commits of as many submissions and accounts as possible.
func (f Fixture) fill(ctx context.Context, st Store, now time.Time) error {
	_, accounts := st.CommitLimits()
	var batches []store.Batch
	size := 0
	commit := func() error {
		_, err := applied(ctx, st, now, batches...)
		batches, size = nil, 0
		return err
	}
	for n := range f.Accounts {
		random := rand.New(rand.NewPCG(3, uint64(n)))
		for created := 0; created < f.actions(n); {
			batch := make([]store.Submission, min(store.MaxBatch-size, f.actions(n)-created))
			for i := range batch {
				batch[i] = conversion(random, now, created+i, f.Items)
			}
			created, size = created+len(batch), size+len(batch)
			batches = append(batches, store.Batch{Account: int64(n + 1), Submissions: batch})
			if size == store.MaxBatch || len(batches) == accounts {
				if err := commit(); err != nil {
					return err
				}
			}
		}
	}
	return commit()
}

// batchSource supplies batches for one commit.
type batchSource struct {
	now     time.Time
	batches []store.Batch
}

// Accounts implements [store.BatchSource].
func (b batchSource) Accounts() (accounts []int64, wait bool) {
	for _, batch := range b.batches {
		accounts = append(accounts, batch.Account)
	}
	return accounts, true
}

// Take implements [store.BatchSource].
func (b batchSource) Take([]int64) (now time.Time, batches []store.Batch) { return b.now, b.batches }

// applied accepts batches in one commit and applies them, there or from the queue.
func applied(ctx context.Context, st Store, now time.Time, batches ...store.Batch) ([]store.Committed, error) {
	results, err := st.Commit(ctx, batchSource{now, batches}, ledger.Decide)
	for _, r := range results {
		for queued := r.Queued; err == nil && queued; {
			var n int
			n, err = st.Apply(ctx, r.Account, now, store.MaxBatch, ledger.Decide)
			queued = n > 0
		}
	}
	return results, err
}

// checkFilled returns an error unless an earlier run has created the account with at least the
// given number of actions. The load would corrupt the data of any other account.
func checkFilled(ctx context.Context, st Store, account int64, now time.Time, actions int) error {
	ref, err := st.Reference(ctx, account, now)
	if err != nil {
		return err
	}
	if ref.Account.Name != name || ref.Campaigns[campaign].Name != name {
		return fmt.Errorf("account %d was not filled by trueup bench", account)
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

func auditEvent(operation store.Operation, at time.Time) store.AuditEvent {
	return store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "bench"}, Operation: operation, At: at}
}

func actionID(number int64) ids.ActionID {
	return ids.ActionID{Campaign: campaign, EventType: eventType, Number: number}
}

func sku(i int) string { return fmt.Sprintf("SKU-%05d", i) }

// conversion returns the submission of the conversion with the number n, from 0, of an order
// with the given number of items.
func conversion(random *rand.Rand, now time.Time, n, items int) store.Submission {
	c := ledger.Conversion{
		Campaign: campaign, EventType: eventType, Partner: partner, Order: fmt.Sprintf("BENCH-%d", n),
		EventDate: now.Add(-time.Duration(random.Int64N(int64(spreadDays * 24 * time.Hour)))).Truncate(time.Second),
		Customer:  fmt.Sprintf("customer-%d", n%1000),
	}
	for i := range items {
		price, quantity := money.Decimal(10_000+random.Int64N(1_000_000)), 1+random.Int64N(5)
		c.Lines = append(c.Lines, ledger.ConversionLine{
			Number: i + 1, SKU: sku(i), Category: "Bench", Price: &price, Quantity: &quantity,
		})
	}
	return store.Submission{Submission: ledger.Submission{Command: c}, Payload: "OrderId=" + c.Order}
}

// reference returns the reference data of an account: a campaign, a partner and terms.
func reference(account int64) store.AmendReference {
	rate := money.Whole(4)
	start := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	terms := program.Terms{
		TermsKey: program.TermsKey{TermsOf: program.TermsOf{Contract: contract, EventType: eventType}, Version: 1},
		From:     start, Level: program.LevelItem, Default: program.Payout{Rate: &rate}, Locking: program.Locking{Days: 730},
	}
	change := store.ReferenceChange{Reference: program.Reference{
		Account:   program.Account{ID: account, Name: name, Currency: "USD", Zone: "UTC", ModificationLimit: modificationLimit},
		Campaigns: map[int64]program.Campaign{campaign: {ID: campaign, Name: name, State: program.StateActive, Pricing: program.PricingCurrent}},
		EventTypes: map[int64]program.EventType{eventType: {
			ID: eventType, Campaign: campaign, Name: "Sale", State: program.StateActive, DuplicateDays: program.DefaultDuplicateDays,
		}},
		Partners:  map[int64]program.Partner{partner: {ID: partner, Name: "Partner", State: program.StateActive, Currency: "USD", Zone: "UTC"}},
		Contracts: map[int64]program.Contract{contract: {ID: contract, Campaign: campaign, Partner: partner, Start: start}},
		Terms:     map[program.TermsOf][]program.Terms{terms.TermsOf: {terms}},
	}}
	return func(*program.Reference, time.Time) (store.ReferenceChange, error) { return change, nil }
}
