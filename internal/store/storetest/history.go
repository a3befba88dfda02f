package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

var historyGuarantees = []guarantee{
	{"ActionAsOf returns the action as it was, at 1,000 random times", historyAsOf},
	{"an action is not found as of a time before it was created", func(f *fixture) {
		f.accept(f.order("a"))
		f.apply()
		tracked := f.action(1)
		for before, want := range map[time.Time]error{
			tracked.Created:                       ledger.ErrNotFound,
			tracked.Created.Add(time.Microsecond): nil,
			f.now.AddDate(1, 0, 0):                nil,
		} {
			err := f.Read(f.Context(), account, func(r store.Reader) error {
				_, err := r.ActionAsOf(idOf(1), before)
				return err
			})
			wantError(f, want, err)
		}
	}},
	{"a preview equals the effect of the same command", previewEqualsEffect},
	{"a preview stores nothing and counts the queued submissions", func(f *fixture) {
		f.accept(f.order("a"))
		f.apply()
		original := f.action(1)
		f.accept(setQuantity("a", "67890", 0))
		p := must(f.Preview(f.Context(), account, f.now, setQuantity("a", "12345", 1), ledger.Decide))(f)
		same(f, []int64{2, 1}, []int64{p.Accepted, p.Applied}, "accepted and applied")
		same(f, []any{original, ledger.Totals{Amount: 1236, Payout: 50}}, []any{p.Before, p.After.Totals}, "before and after")
		same(f, original, f.action(1), "the action")
		same(f, int64(3), f.accept(f.order("b"))[0].Number, "the next number")
	}},
	{"a preview uses the account's newest time if the clock went back", func(f *fixture) {
		begin, later := f.now, f.now.Add(time.Hour)
		f.accept(f.order("a"))
		f.now = later
		f.apply()
		f.now = begin
		p := must(f.Preview(f.Context(), account, f.now, setQuantity("a", "12345", 1), ledger.Decide))(f)
		same(f, later, p.At, "when it would be applied")
		f.now = begin.AddDate(0, 2, 0) // order "a" is locked then
		f.accept(f.order("b"))
		f.now = begin
		p = must(f.Preview(f.Context(), account, f.now, setQuantity("a", "12345", 1), ledger.Decide))(f)
		if p.Rejection == nil || p.Rejection.Code != rejection.CodeActionLocked {
			f.Errorf("rejection is %v, want that of a locked action", p.Rejection)
		}
	}},
	{"the previews of a batch equal the effects of the same commands", batchPreviewEqualsEffects},
	{"a preview of a batch ends when its caller ends it", func(f *fixture) {
		calls := 0
		err := f.PreviewBatch(f.Context(), account, f.now, []ledger.Command{f.order("a"), f.order("b")}, ledger.Decide, func(store.Preview) bool {
			calls++
			return false
		})
		same(f, []any{1, error(nil)}, []any{calls, err}, "calls and error")
	}},
	{"a preview returns errors of decide and of unknown accounts", func(f *fixture) {
		_, err := f.Preview(f.Context(), account, f.now, f.order("a"), f.failing(1, errBug))
		wantError(f, errBug, err)
		_, err = f.Preview(context.Background(), 99, f.now, f.order("a"), ledger.Decide)
		wantError(f, ledger.ErrNotFound, err)
	}},
}

// randomCommand returns a random command for a random one of the orders. Most commands are
// not rejected. The parameter submissions is the number of accepted submissions.
func (f *fixture) randomCommand(random *rand.Rand, orders int, submissions int64) ledger.Command {
	number := random.IntN(orders)
	order := fmt.Sprintf("o%d", number)
	currency := []money.Currency{"", "", "JPY", "GBP"}[number%4]
	change := func(m ledger.Modification) ledger.Modification {
		if number%8 > 3 {
			m.Currency = currency
		}
		return m
	}
	sku := []string{"12345", "67890"}[random.IntN(2)]
	whole := func(reason string) ledger.Modification {
		return ledger.Modification{Address: ledger.Address{EventType: locksByDay, Order: order}, Reason: reason}
	}
	switch random.IntN(10) {
	case 0:
		return f.orderIn(order, currency) // most are duplicates
	case 1:
		return reverse(order)
	case 2:
		return whole(ledger.ReasonReset)
	case 3, 4:
		return ledger.Undo{Submission: 1 + random.Int64N(submissions+1)}
	case 5:
		m := whole("OTHER")
		m.Amount = ptr(money.Whole(random.Int64N(40)))
		return change(m)
	case 6:
		m := whole("OTHER")
		m.CustomerStatus = ptr([]string{"NEW", "OLD", "?"}[random.IntN(3)])
		return m
	case 7:
		m := setQuantity(order, sku, 0)
		m.Items[0].Quantity, m.Items[0].AmountDelta = nil, ptr(money.Whole(random.Int64N(20)-10))
		return change(m)
	default:
		return setQuantity(order, sku, random.Int64N(4))
	}
}

// snapshot is the state of an action from a time on.
type snapshot struct {
	at time.Time
	ledger.Action
}

// applyRandomCommands applies random commands and returns the snapshots of each action.
func (f *fixture) applyRandomCommands(random *rand.Rand) map[int64][]snapshot {
	const orders, batches, each = 20, 60, 15
	histories := make(map[int64][]snapshot)
	last := int64(0)
	recordingDecide := func(l ledger.Lookup, s ledger.Submission, actx ledger.ApplyContext) (ledger.Change, error) {
		c, err := ledger.Decide(l, s, actx)
		if len(c.Updates) > 0 && s.Number > last { // an undo decides earlier submissions again
			last = s.Number
			histories[c.Action.ID.Number] = append(histories[c.Action.ID.Number], snapshot{actx.At, c.Action})
		}
		return c, err
	}
	count := int64(0)
	for range batches {
		commands := make([]ledger.Command, each)
		for i := range commands {
			commands[i] = f.randomCommand(random, orders, count)
			count++
		}
		f.accept(commands...)
		same(f, each, must(f.Apply(f.Context(), account, f.now, each, recordingDecide))(f), "completed")
		f.now = f.now.Add(time.Duration(random.Int64N(int64(3 * time.Second))).Truncate(time.Microsecond))
	}
	return histories
}

// withoutHash returns the action without the hash of its last update, which an action as of
// an earlier time doesn't have.
func withoutHash(a ledger.Action) ledger.Action {
	a.Last.Hash = ids.Hash{}
	return a
}

func historyAsOf(f *fixture) {
	const samples = 1000
	random := rand.New(rand.NewPCG(22, 0))
	begin := f.now
	histories := f.applyRandomCommands(random)
	numbers := slices.Collect(maps.Keys(histories))
	changes := 0
	for range samples {
		number := numbers[random.IntN(len(numbers))]
		before := begin.Add(time.Duration(random.Int64N(int64(f.now.Sub(begin) + time.Second))))
		if random.IntN(3) == 0 { // at or just after the time of a change
			at := histories[number][random.IntN(len(histories[number]))].at
			before = at.Add(time.Duration(random.IntN(2)) * time.Microsecond)
		}
		want, exists := ledger.Action{}, false
		for _, h := range histories[number] {
			if h.at.Before(before) {
				want, exists = h.Action, true
				changes++
			}
		}
		err := f.Read(f.Context(), account, func(r store.Reader) error {
			got, err := r.ActionAsOf(idOf(number), before)
			if exists || !errors.Is(err, ledger.ErrNotFound) {
				wantError(f, nil, err)
				same(f, withoutHash(want), withoutHash(got), fmt.Sprintf("action %d before %s", number, before))
			}
			return nil
		})
		wantError(f, nil, err)
	}
	if changes < samples {
		f.Errorf("%d changes before %d samples: too few for this test", changes, samples)
	}
}

func previewEqualsEffect(f *fixture) {
	const orders, commands = 8, 300
	random := rand.New(rand.NewPCG(23, 0))
	limited := reference(account)
	limited.Account.ModificationLimit = 12
	f.record(account, limited)
	rejected, changed := map[rejection.Code]int{}, 0
	for i := range int64(commands) {
		c := f.randomCommand(random, orders, i)
		if random.IntN(commands/orders*2) == 0 {
			c = ledger.Modification{Address: ledger.Address{EventType: locksByDay, Order: fmt.Sprintf("o%d", i%orders)}, Reason: "checked"}
		}
		p := must(f.Preview(f.Context(), account, f.now, c, ledger.Decide))(f)
		accepted := f.accept(c)[0]
		f.apply()
		o := f.submission(accepted).Outcome
		code := rejection.Code("")
		if p.Rejection != nil {
			code = p.Rejection.Code
			rejected[code]++
		}
		same(f, []any{o.Code, o.Changed}, []any{code, p.Rejection == nil && p.After.Last != p.Before.Last}, fmt.Sprintf("%T %+v", c, c))
		if o.Changed {
			changed++
		}
		if o.Action != (ids.ActionID{}) {
			same(f, f.action(o.Action.Number), p.After, "the action")
		}
		f.now = f.now.Add(time.Second)
	}
	for _, code := range []rejection.Code{
		rejection.CodeActionLocked, rejection.CodeActionReversed, rejection.CodeLimitReached, rejection.CodeStaleAction,
		rejection.CodeConversionDuplicate, rejection.CodeActionNotFound,
	} {
		if rejected[code] == 0 {
			f.Errorf("no command was rejected with %s: %v", code, rejected)
		}
	}
	if changed < commands/5 {
		f.Errorf("%d of %d commands changed an action: too few for this test", changed, commands)
	}
}

// batchPreviewEqualsEffects previews commands that depend on each other, and then applies
// them.
func batchPreviewEqualsEffects(f *fixture) {
	f.accept(f.order("a"))
	f.apply()
	buyer := f.order("b")
	buyer.Customer = "C-1"
	again := f.order("c")
	again.Partner, again.PromoCode, again.Customer = 0, "", "C-1" // the action of "b" is the referral
	commands := []ledger.Command{
		setQuantity("a", "12345", 1), setQuantity("a", "12345", 0), f.order("a"), buyer, again, f.order("b"),
		setQuantity("b", "12345", 1), setQuantity("c", "67890", 0), setQuantity("none", "12345", 1),
	}
	var previews []store.Preview
	err := f.PreviewBatch(f.Context(), account, f.now, commands, ledger.Decide, func(p store.Preview) bool {
		previews = append(previews, p)
		return true
	})
	same(f, nil, err, "the error")
	same(f, 1, f.submissions(search.SubmissionFilter{}, everything).Total, "submissions after the preview")
	for i, command := range commands {
		f.accept(command)
		f.apply()
		o := f.numbered(int64(i + 2)).Outcome
		p := previews[i]
		if p.Rejection != nil {
			same(f, o.Code, p.Rejection.Code, fmt.Sprintf("the code of command %d", i))
			continue
		}
		same(f, "", string(o.Code), fmt.Sprintf("the code of command %d", i))
		same(f, f.action(o.Action.Number), p.After, fmt.Sprintf("the action after command %d", i))
	}
}
