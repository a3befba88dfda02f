package sqlstore

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/ledger"
)

// floorPlan reads a part of what one store has beyond another of an account.
type floorPlan struct {
	here, there *session
	account     int64
	// done and lastUpdate are the applier's here; last is the last submission to write.
	done, lastUpdate, last int64
	// updates are those of each submission, actions as they are so far, and final as
	// they are there.
	updates        map[int64][]ledger.Update
	actions, final map[int64]ledger.Action
}

// run answers the commits in the order in which they were made there.
func (p *floorPlan) run() ([]commit, error) {
	if err := p.here.row("SELECT number, last_update FROM applier WHERE account = ?", []any{p.account}, &p.done, &p.lastUpdate); err != nil {
		return nil, err
	}
	submissions, err := p.there.written(newSubmissions, "account = ? AND number > ? ORDER BY number LIMIT ?", p.account, p.done, int64(floorChunk))
	if err != nil {
		return nil, err
	}
	if len(submissions) == 0 {
		return nil, nil
	}
	p.last = submissions[len(submissions)-1][1].(int64)
	outcomes, err := p.there.written(newOutcomes, "account = ? AND number > ? AND number <= ? ORDER BY number", p.account, p.done, p.last)
	if err != nil {
		return nil, err
	}
	if err := p.load(); err != nil {
		return nil, err
	}
	commits := p.accepts(submissions)
	applies, err := p.applies(outcomes)
	commits = append(commits, applies...)
	// The intake's stand before the applier's of the same instant.
	slices.SortStableFunc(commits, func(a, b commit) int { return cmp.Compare(a.at, b.at) })
	return commits, err
}

// written answers rows, which have no NULL, as they were written.
func (s *session) written(w writing, where string, args ...any) (rows [][]any, err error) {
	numbers, texts := make([]int64, 1+len(w.types)), make([]string, 1+len(w.types))
	dest := []any{&numbers[0]}
	for i, kind := range w.types {
		if kind == "text" {
			dest = append(dest, &texts[i+1])
		} else {
			dest = append(dest, &numbers[i+1])
		}
	}
	err = s.rows("SELECT account, "+strings.Join(w.columns, ", ")+" FROM "+w.table+" WHERE "+where, args, dest, func() error {
		row := []any{numbers[0]}
		for i, kind := range w.types {
			if kind == "text" {
				row = append(row, texts[i+1])
			} else {
				row = append(row, numbers[i+1])
			}
		}
		rows = append(rows, row)
		return nil
	})
	return rows, err
}

// load reads the updates and the actions that they are of.
func (p *floorPlan) load() error {
	p.updates = make(map[int64][]ledger.Update)
	p.actions, p.final = make(map[int64]ledger.Action), make(map[int64]ledger.Action)
	var u ledger.Update
	numbers := make(map[int64]bool)
	err := p.there.rows("SELECT "+updateColumns+updatesWithActions+
		"WHERE u.account = ? AND u.number > ? AND u.submission <= ? ORDER BY u.number",
		[]any{p.account, p.lastUpdate, p.last}, updateRow(&u), func() error {
			p.updates[u.Submission] = append(p.updates[u.Submission], u)
			numbers[u.Action.Number] = true
			return nil
		})
	for number := range numbers {
		if err != nil {
			return err
		}
		if p.final[number], err = p.there.action(p.account, number); err == nil && number <= p.done {
			p.actions[number], err = p.here.action(p.account, number)
		}
	}
	return err
}

// accepts answers the intake's commits: submissions of one instant share one.
func (p *floorPlan) accepts(rows [][]any) (commits []commit) {
	for _, batch := range byInstant(rows) {
		commits = append(commits, commit{account: p.account, at: batch[0][2].(int64), accepted: batch})
	}
	return commits
}

// byInstant cuts rows where their third column, an instant, changes.
func byInstant(rows [][]any) (batches [][][]any) {
	from := 0
	for i := range rows {
		if i+1 == len(rows) || rows[i+1][2] != rows[i][2] {
			batches = append(batches, rows[from:i+1])
			from = i + 1
		}
	}
	return batches
}

// applies answers the applier's commits.
func (p *floorPlan) applies(rows [][]any) (commits []commit, err error) {
	for _, batch := range byInstant(rows) {
		c := commit{account: p.account, at: batch[0][2].(int64), completes: int64(len(batch))}
		was := make(map[int64]ledger.Action)
		for _, row := range batch {
			if err := p.outcome(&c, row, was); err != nil {
				return nil, err
			}
		}
		for _, number := range slices.Sorted(maps.Keys(was)) {
			c.changed.change(p.here.dialect, p.account, was[number], p.actions[number])
		}
		c.number, c.update = batch[len(batch)-1][1].(int64), p.lastUpdate
		commits = append(commits, c)
	}
	return commits, nil
}

// outcome adds what one submission wrote. An action that it changes is noted as it
// was before the commit: it is written once, at the commit's end.
func (p *floorPlan) outcome(c *commit, row []any, was map[int64]ledger.Action) error {
	number := row[1].(int64)
	c.fresh.outcomes = append(c.fresh.outcomes, row)
	updates := p.updates[number]
	if len(updates) == 0 {
		return nil
	}
	c.fresh.trace(p.account, updates)
	action, last := updates[0].Action.Number, updates[len(updates)-1]
	p.lastUpdate = last.Number
	if action == number {
		created, err := p.final[number].AsTracked(last.ChainPosition)
		if err != nil {
			return err
		}
		p.actions[number] = created
		return c.fresh.create(p.here.dialect, p.account, created)
	}
	before := p.actions[action]
	if _, noted := was[action]; !noted {
		was[action] = before
	}
	p.actions[action] = p.after(before, updates)
	return nil
}

// after answers an action after a submission's updates: as it is there if they are
// its last, else with what the updates tell, which is a row of the same size.
func (p *floorPlan) after(a ledger.Action, updates []ledger.Update) ledger.Action {
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
