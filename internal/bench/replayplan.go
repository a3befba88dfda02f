package bench

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// replayChunk is the number of submissions that are planned and then written at a time.
const replayChunk = 20_000

// commitPart is the part of a commit that belongs to one account.
type commitPart struct {
	// at is the instant of the commit in the run.
	at time.Time
	// accepted are the submissions that the commit accepted, and applied those that it
	// applied. Either can be empty.
	accepted []store.Submission
	applied  sqlstore.AppliedBatch
}

// addTo adds the part to a commit.
func (p commitPart) addTo(c *sqlstore.Commit, account int64) error {
	if len(p.applied.Submissions) > 0 {
		c.AddApplied(account, p.applied)
	}
	if len(p.accepted) == 0 {
		return nil
	}
	return c.AddAccepted(account, p.accepted)
}

// commitPlan plans the parts that an account has in the next commits.
type commitPlan struct {
	from, to store.Reader
	// counters are those of the account in the store to write to.
	counters store.Counters
	// lastUpdate is the number of the last planned update.
	lastUpdate int64
	// replaced holds what the updates that are left to plan replaced, by number.
	replaced map[int64]*ledger.Before
	// updates holds the updates of each submission.
	updates map[int64][]ledger.Update
	// actions holds the actions after the planned commits, and final those in the store
	// from.
	actions, final map[int64]ledger.Action
}

// planParts returns the parts of an account in the next commits, in their original order, and
// the number of the last submission in them. All earlier parts must be written.
func planParts(ctx context.Context, from, to *sqlstore.Store, account int64) (parts []commitPart, last int64, err error) {
	p := commitPlan{replaced: make(map[int64]*ledger.Before)}
	if err := to.Scan(ctx, account, func(c store.Contents) error {
		positions, err := c.Positions()
		p.counters = positions.Counters
		return err
	}); err != nil {
		return nil, 0, err
	}
	if err := from.Scan(ctx, account, func(c store.Contents) error {
		for u, err := range c.Updates() {
			if err != nil {
				return err
			}
			if u.Number > p.counters.LastUpdate {
				p.replaced[u.Number] = u.Before
			}
		}
		return nil
	}); err != nil {
		return nil, 0, err
	}
	err = to.Read(ctx, account, func(r store.Reader) error {
		p.to = r
		return from.Read(ctx, account, func(r store.Reader) error {
			p.from = r
			parts, last, err = p.run()
			return err
		})
	})
	return parts, last, err
}

// run plans the parts of the next chunk of submissions.
func (p *commitPlan) run() (parts []commitPart, last int64, err error) {
	submissions, err := p.submissions()
	if err != nil || len(submissions) == 0 {
		return nil, 0, err
	}
	if err := p.load(submissions); err != nil {
		return nil, 0, err
	}
	for batch := range byInstant(submissions, func(s store.Submission) time.Time { return s.Accepted }) {
		parts = append(parts, commitPart{at: batch[0].Accepted, accepted: batch})
	}
	p.lastUpdate = p.counters.LastUpdate
	for batch := range byInstant(submissions, func(s store.Submission) time.Time { return s.Outcome.Completed }) {
		applied, err := p.apply(batch)
		if err != nil {
			return nil, 0, err
		}
		parts = append(parts, commitPart{at: batch[0].Outcome.Completed, applied: applied})
	}
	return joinParts(parts), submissions[len(submissions)-1].Number, nil
}

// joinParts returns the parts in the order of their instants. It joins a part that accepts
// with one that applies at the same instant.
func joinParts(parts []commitPart) (joined []commitPart) {
	slices.SortStableFunc(parts, func(a, b commitPart) int { return a.at.Compare(b.at) })
	for _, p := range parts {
		if last := len(joined) - 1; last >= 0 && joined[last].at.Equal(p.at) {
			joined[last].applied = p.applied
		} else {
			joined = append(joined, p)
		}
	}
	return joined
}

// submissions returns the next chunk in ascending order.
func (p *commitPlan) submissions() (list []store.Submission, err error) {
	page := search.Page{Size: replayChunk, Above: cmp.Or(p.counters.Applied, -1)}
	_, submissions, err := p.from.Submissions(search.SubmissionFilter{}, page)
	if err != nil {
		return nil, err
	}
	for s, err := range submissions {
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	slices.Reverse(list)
	return list, nil
}

// load reads the updates that the submissions made, and the actions that they changed.
func (p *commitPlan) load(submissions []store.Submission) error {
	p.updates = make(map[int64][]ledger.Update)
	p.actions, p.final = make(map[int64]ledger.Action), make(map[int64]ledger.Action)
	first, last := submissions[0], submissions[len(submissions)-1]
	period := search.TimeRange{Start: first.Outcome.Completed, End: last.Outcome.Completed.Add(time.Microsecond)}
	page := search.Page{Size: 1 << 30, Above: cmp.Or(p.counters.LastUpdate, -1)}
	_, updates, err := p.from.Updates(search.ActionFilter{Updated: period}, page)
	if err != nil {
		return err
	}
	ids := make(map[ids.ActionID]bool)
	for u, err := range updates {
		if err != nil {
			return err
		}
		if first.Number <= u.Submission && u.Submission <= last.Number {
			u.Before = p.replaced[u.Number]
			p.updates[u.Submission] = append(p.updates[u.Submission], u.Update)
			ids[u.Parent.ID] = true
		}
	}
	for _, list := range p.updates {
		slices.Reverse(list) // they are listed newest first
	}
	for id := range ids {
		if p.final[id.Number], err = p.from.Action(id); err == nil && id.Number < first.Number {
			p.actions[id.Number], err = p.to.Action(id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// apply returns the effect of submissions that were applied in one commit. An action that
// several of them changed is written only once.
func (p *commitPlan) apply(batch []store.Submission) (sqlstore.AppliedBatch, error) {
	b := sqlstore.AppliedBatch{Submissions: batch}
	before := make(map[int64]ledger.Action)
	for _, s := range batch {
		updates := p.updates[s.Number]
		if len(updates) == 0 {
			continue
		}
		b.Updates = append(b.Updates, updates...)
		action, last := updates[0].Action.Number, updates[len(updates)-1]
		p.lastUpdate = last.Number
		if action == s.Number {
			created, err := p.final[action].AsTracked(last.ChainPosition)
			if err != nil {
				return sqlstore.AppliedBatch{}, err
			}
			p.actions[action] = created
			b.Created = append(b.Created, created)
			continue
		}
		if _, found := before[action]; !found {
			before[action] = p.actions[action]
		}
		p.actions[action] = p.after(p.actions[action], updates)
	}
	for _, number := range slices.Sorted(maps.Keys(before)) {
		b.Changed = append(b.Changed, sqlstore.ChangedAction{Before: before[number], After: p.actions[number]})
	}
	b.LastUpdate = p.lastUpdate
	return b, nil
}

// after returns an action after the updates of a submission. After its last update, that is
// the action in the store from. Otherwise after derives it from the updates: the row may
// differ from the original one, but has the same size.
func (p *commitPlan) after(a ledger.Action, updates []ledger.Update) ledger.Action {
	last := updates[len(updates)-1]
	if final := p.final[a.ID.Number]; final.Last.Number == last.Number {
		return final
	}
	a.Items = slices.Clone(a.Items)
	a.Delta = ledger.Totals{}
	for _, u := range updates {
		item := &a.Items[u.Item]
		item.Category, item.Quantity, item.Adjusted, item.AdjustmentReason = u.Category, u.Quantity, u.At, u.Disposition
		item.Amount += u.Delta.Amount
		item.Payout += u.Delta.Payout
		a.Delta.Amount += u.Delta.Amount
		a.Delta.Payout += u.Delta.Payout
	}
	a.Amount += a.Delta.Amount
	a.Payout += a.Delta.Payout
	a.Updated, a.Last = last.At, last.ChainPosition
	a.Modifications++
	return a
}

// byInstant yields each run of consecutive submissions with the same instant.
func byInstant(list []store.Submission, instant func(store.Submission) time.Time) func(yield func([]store.Submission) bool) {
	return func(yield func([]store.Submission) bool) {
		begin := 0
		for i := range list {
			if i+1 == len(list) || !instant(list[i+1]).Equal(instant(list[i])) {
				if !yield(list[begin : i+1]) {
					return
				}
				begin = i + 1
			}
		}
	}
}
