package oracle

import (
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// History is an account's reference data over time, oldest first. It has at least
// one version.
type History []Version

// Version is the reference data from an instant on.
type Version struct {
	From      time.Time
	Reference *program.Reference
	// Rates are the tables of exchange rates, newest day first.
	Rates []program.RateTable
}

// At returns the reference data in force at an instant.
func (h History) At(instant time.Time) *program.Reference { return h.version(instant).Reference }

func (h History) version(instant time.Time) Version {
	found := h[0]
	for _, v := range h[1:] {
		if !instant.Before(v.From) {
			found = v
		}
	}
	return found
}

// RatesAt returns the rates that were recorded by an instant.
func (h History) RatesAt(instant time.Time) program.RateLookup {
	return rateTables(h.version(instant).Rates)
}

// rateTables implements [program.RateLookup]. The newest day comes first.
type rateTables []program.RateTable

func (l rateTables) RateTables(first, last program.Date, visit func(program.RateTable) bool) error {
	for _, t := range l {
		if t.Date >= first && t.Date <= last && !visit(t) {
			break
		}
	}
	return nil
}

// Memory is an account in memory, with the real rules. Its lookups return the stored
// values without a copy, so that tests notice a decision that modifies its input.
type Memory struct {
	// Actions are in the order in which they were tracked.
	Actions []ledger.Action
	// Updates are the updates of each action, by its number.
	Updates map[int64][]ledger.Update
	// LastUpdate is the number of the newest update.
	LastUpdate int64

	history History
	clicks  []program.Click
	changes map[int64]change
	// adjusted holds the last adjustment of each action, and pricing the terms that gave it its
	// payouts, by its number. Accepted are the instants of all submissions.
	adjusted map[int64]ledger.Adjustment
	pricing  map[int64]program.TermsKey
	accepted map[int64]time.Time
	// decidedAt is the acceptance of the submission that is being decided.
	decidedAt time.Time
}

// change is the action before and after a submission.
type change struct {
	before, after ledger.Action
	updates       []ledger.Update
	adjustments   []ledger.Adjustment
	// undo is the number of the submission that undid it, or 0.
	undo int64
}

// NewMemory returns an account without actions.
func NewMemory(h History, clicks []program.Click) *Memory {
	return &Memory{
		history: h, clicks: clicks, Updates: make(map[int64][]ledger.Update), changes: make(map[int64]change),
		adjusted: make(map[int64]ledger.Adjustment), pricing: make(map[int64]program.TermsKey), accepted: make(map[int64]time.Time),
	}
}

// SetRates sets the tables of exchange rates, newest day first, of all versions.
func (m *Memory) SetRates(tables ...program.RateTable) {
	for i := range m.history {
		m.history[i].Rates = tables
	}
}

// Apply decides the submission as of the instant at and stores the change.
func (m *Memory) Apply(s ledger.Submission, at time.Time) (ledger.Change, error) {
	m.decidedAt = s.Accepted
	c, err := ledger.Decide(m, s, ledger.ApplyContext{At: at, Update: m.LastUpdate + 1})
	if err != nil {
		return c, err
	}
	after := c.Action
	m.accepted[s.Number] = s.Accepted
	m.pricing[after.ID.Number] = c.PricedBy(m.pricing[after.ID.Number], s)
	if n := len(c.Adjustments); n > 0 {
		m.adjusted[after.ID.Number] = c.Adjustments[n-1]
	}
	if s.Command.Kind() == ledger.KindConversion {
		m.Actions = append(m.Actions, after)
	} else {
		i := m.Index(after.ID.Number)
		before := m.Actions[i]
		if len(c.Updates) > 0 {
			m.Actions[i] = after
		}
		m.changes[s.Number] = change{before: before, after: m.Actions[i], updates: c.Updates, adjustments: c.Adjustments}
	}
	if undone := m.changes[c.Undone]; c.Undone != 0 && undone.undo == 0 {
		undone.undo = s.Number
		m.changes[c.Undone] = undone
	}
	m.Updates[after.ID.Number] = append(m.Updates[after.ID.Number], c.Updates...)
	m.LastUpdate += c.Numbers()
	return c, nil
}

// Index returns the index in Actions of the action with the number, or -1.
func (m *Memory) Index(number int64) int {
	return slices.IndexFunc(m.Actions, func(a ledger.Action) bool { return a.ID.Number == number })
}

// Newest returns the action that was tracked last, or false if there is none.
func (m *Memory) Newest() (ledger.Action, bool) {
	if len(m.Actions) == 0 {
		return ledger.Action{}, false
	}
	return m.Actions[len(m.Actions)-1], true
}

// Reference implements [ledger.Lookup].
func (m *Memory) Reference(at time.Time) (*program.Reference, error) { return m.history.At(at), nil }

// Action implements [ledger.Lookup].
func (m *Memory) Action(number int64) (ledger.Action, error) {
	i := m.Index(number)
	if i < 0 {
		return ledger.Action{}, ledger.ErrNotFound
	}
	return m.Actions[i], nil
}

// ActionOfOrder implements [ledger.Lookup].
func (m *Memory) ActionOfOrder(eventType int64, order string) (ledger.Action, error) {
	for _, a := range slices.Backward(m.Actions) {
		if a.ID.EventType == eventType && a.Order == order {
			return a, nil
		}
	}
	return ledger.Action{}, ledger.ErrNotFound
}

// OrderBetween implements [ledger.Lookup].
func (m *Memory) OrderBetween(eventType int64, order string, after, before time.Time) (bool, error) {
	for _, a := range m.Actions {
		if a.ID.EventType == eventType && a.Order == order && a.EventDate.After(after) && a.EventDate.Before(before) {
			return true, nil
		}
	}
	return false, nil
}

// Click implements [ledger.Lookup].
func (m *Memory) Click(id string) (program.Click, error) {
	for _, c := range m.clicks {
		if c.ID == id {
			return c, nil
		}
	}
	return program.Click{}, ledger.ErrNotFound
}

// ClickBy implements [ledger.Lookup].
func (m *Memory) ClickBy(campaign int64, key program.ClickKey, value string) (program.Click, error) {
	var newest program.Click
	for _, c := range m.clicks {
		if c.Campaign == campaign && *key.Field(&c) == value && c.At.After(newest.At) {
			newest = c
		}
	}
	if newest.At.IsZero() {
		return program.Click{}, ledger.ErrNotFound
	}
	return newest, nil
}

// Referral implements [ledger.Lookup].
func (m *Memory) Referral(campaign int64, customer string) (program.Click, error) {
	var newest program.Click
	consider := func(c program.Click) {
		if c.Campaign == campaign && c.Customer == customer && c.At.After(newest.At) {
			newest = c
		}
	}
	for _, c := range m.clicks {
		consider(c)
	}
	for _, a := range m.Actions {
		consider(program.Click{Campaign: a.ID.Campaign, Partner: a.Partner, Customer: a.Customer.ID, At: a.EventDate})
	}
	if newest.At.IsZero() {
		return program.Click{}, ledger.ErrNotFound
	}
	return newest, nil
}

// RateTables implements [ledger.Lookup].
func (m *Memory) RateTables(first, last program.Date, visit func(program.RateTable) bool) error {
	return m.history.RatesAt(m.decidedAt).RateTables(first, last, visit)
}

// Change implements [ledger.Lookup].
func (m *Memory) Change(submission int64) (before, after ledger.Action, err error) {
	c, ok := m.changes[submission]
	if !ok {
		return ledger.Action{}, ledger.Action{}, ledger.ErrNotFound
	}
	return c.before, c.after, nil
}

// Amendment implements [ledger.Lookup].
func (m *Memory) Amendment(submission int64) (action, undo int64, err error) {
	c, ok := m.changes[submission]
	if !ok {
		return 0, 0, ledger.ErrNotFound
	}
	return c.after.ID.Number, c.undo, nil
}

// Replaced implements [ledger.Lookup].
func (m *Memory) Replaced(submission int64, visit func(item int, b ledger.Before) bool) error {
	ledger.VisitReplaced(m.changes[submission].updates, m.changes[submission].adjustments, visit)
	return nil
}

// Effective implements [ledger.Lookup]. It derives the action from the last adjustment.
func (m *Memory) Effective(locked ledger.Action) (ledger.Effective, error) {
	number := locked.ID.Number
	e := ledger.Effective{Action: locked, Pricing: m.pricing[number], Accepted: m.accepted[number]}
	last, adjusted := m.adjusted[number]
	if !adjusted {
		return e, nil
	}
	var err error
	e.First = last.State.First
	e.Action, err = locked.WithAdjustments(*last.State, last.ChainPosition)
	return e, err
}
