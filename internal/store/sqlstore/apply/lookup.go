package apply

import (
	"cmp"
	"errors"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/billing"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/reference"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// Lookup implements [ledger.Lookup] in one transaction of one account. It loads each
// action once and caches it. Changes are made in the cache, and flush writes them
// together.
type Lookup struct {
	*sqldb.Session
	versions *reference.Versions
	account  int64
	// accepted is the instant of the submission that is being decided.
	accepted time.Time

	version reference.Version
	actions map[int64]*cachedAction
	// items counts the items of actions.
	items int
	// newest caches the results of [actions.NewestOf].
	newest map[actions.Order]int64
	// adjusted caches what the adjustments of locked actions begin from.
	adjusted map[int64]adjusted
	// missing holds the numbers of actions that were looked up together with others and don't
	// exist.
	missing map[int64]bool
	// upcoming are the numbers of the actions that later submissions name, in the order
	// of those.
	upcoming []int64

	// rows collects the rows to write.
	rows *rows
	// preview is not nil if changes are only previewed.
	preview *previewChanges
	// failure is the first error of the store in a lookup. It is no fault of the
	// submission that is being decided, so it must not count as an attempt.
	failure error
}

// cachedAction is an action as it is stored and as it is now.
type cachedAction struct{ stored, current ledger.Action }

// NewLookup returns a lookup that only reads.
func NewLookup(s *sqldb.Session, versions *reference.Versions, account int64) *Lookup {
	return new(newLookup(s, versions, account, new(rows)))
}

func newLookup(s *sqldb.Session, versions *reference.Versions, account int64, collect *rows) Lookup {
	return Lookup{
		Session: s, versions: versions, account: account, rows: collect,
		actions: make(map[int64]*cachedAction), missing: make(map[int64]bool), newest: make(map[actions.Order]int64),
	}
}

// recordFailure records err as the failure, unless it is nil or no failure of the store, and
// returns it.
func (l *Lookup) recordFailure(err error) error {
	if err != nil && !errors.Is(err, ledger.ErrNotFound) && !errors.Is(err, ledger.ErrNoHistory) {
		l.failure = cmp.Or(l.failure, err)
	}
	return err
}

// Reference implements [ledger.Lookup].
func (l *Lookup) Reference(at time.Time) (*program.Reference, error) {
	if !l.version.Covers(at) {
		v, err := l.versions.At(l.Session, l.account, at)
		if err != nil {
			return nil, l.recordFailure(err)
		}
		l.version = v
	}
	return l.version.Data, nil
}

// Action implements [ledger.Lookup].
func (l *Lookup) Action(number int64) (ledger.Action, error) {
	if c, found := l.actions[number]; found {
		return c.current, nil
	}
	if l.missing[number] {
		return ledger.Action{}, ledger.ErrNotFound
	}
	if l.Dialect().Arrays {
		if err := l.loadWithUpcoming(number); err != nil {
			return ledger.Action{}, l.recordFailure(err)
		}
		if c, found := l.actions[number]; found {
			return c.current, nil
		}
		return ledger.Action{}, ledger.ErrNotFound
	}
	a, err := actions.Load(l.Session, l.account, number)
	if err != nil {
		return ledger.Action{}, l.recordFailure(err)
	}
	l.cache(a)
	return a, nil
}

func (l *Lookup) cache(a ledger.Action) *cachedAction {
	c := &cachedAction{stored: a, current: a}
	l.actions[a.ID.Number] = c
	l.items += len(a.Items)
	return c
}

// ActionOfOrder implements [ledger.Lookup].
func (l *Lookup) ActionOfOrder(eventType int64, order string) (ledger.Action, error) {
	number, err := l.newestOf(actions.Order{EventType: eventType, ID: order})
	if err == nil && number <= 0 {
		err = ledger.ErrNotFound
	}
	if err != nil {
		return ledger.Action{}, err
	}
	return l.Action(number)
}

// newestOf is [actions.NewestOf] with a cache.
func (l *Lookup) newestOf(o actions.Order) (int64, error) {
	number, cached := l.newest[o]
	if !cached {
		var err error
		if number, err = actions.NewestOf(l.Session, l.account, o); err != nil {
			return 0, l.recordFailure(err)
		}
		l.newest[o] = number
	}
	return number, nil
}

// OrderBetween implements [ledger.Lookup].
func (l *Lookup) OrderBetween(eventType int64, order string, after, before time.Time) (bool, error) {
	o := actions.Order{EventType: eventType, ID: order}
	number, err := l.newestOf(o)
	if err == nil && number == 0 {
		return false, nil
	}
	if l.createdBetween(o, after, before) {
		return true, nil
	}
	if err == nil {
		err = l.writeInserts()
	}
	if err != nil {
		return false, l.recordFailure(err)
	}
	_, err = actions.NewestBetween(l.Session, l.account, o, math.MaxInt64, after, before)
	if errors.Is(err, ledger.ErrNotFound) {
		return false, nil
	}
	return err == nil, l.recordFailure(err)
}

// Click implements [ledger.Lookup].
func (l *Lookup) Click(id string) (program.Click, error) {
	c, err := reference.Click(l.Session, l.account, id, l.accepted)
	return c, l.recordFailure(err)
}

// ClickBy implements [ledger.Lookup].
func (l *Lookup) ClickBy(campaign int64, key program.ClickKey, value string) (program.Click, error) {
	c, err := reference.ClickBy(l.Session, l.account, campaign, key, value, l.accepted)
	return c, l.recordFailure(err)
}

// Referral implements [ledger.Lookup].
func (l *Lookup) Referral(campaign int64, customer string) (program.Click, error) {
	if err := l.writeInserts(); err != nil {
		return program.Click{}, l.recordFailure(err)
	}
	c, err := reference.Referral(l.Session, l.account, campaign, customer,
		ledger.Submission{Number: math.MaxInt64, Accepted: l.accepted})
	c, err = l.latestReferral(c, err, campaign, customer)
	return c, l.recordFailure(err)
}

// RateTables implements [ledger.Lookup].
func (l *Lookup) RateTables(first, last program.Date, visit func(program.RateTable) bool) error {
	return l.recordFailure(reference.RateTables(l.Session, l.account, first, last, l.accepted, visit))
}

// named returns the action that a command names, or the zero action if there is no such
// action. The command is nil if it couldn't be decoded.
func (l *Lookup) named(command ledger.Command) (a ledger.Action, err error) {
	err = ledger.ErrNotFound
	switch c := command.(type) {
	case ledger.Modification:
		a, err = c.Find(l)
	case ledger.Reversal:
		a, err = c.Find(l)
	case ledger.Undo:
		var m submissions.Amendment
		if m, err = l.amendment(c.Submission); err == nil {
			a, err = l.Action(m.Action)
		}
	}
	if errors.Is(err, ledger.ErrNotFound) {
		return ledger.Action{}, nil
	}
	return a, err
}

// addChange adds the change of a submission to the cache, where later lookups find it,
// and to the rows to write.
func (l *Lookup) addChange(submission int64, c ledger.Change) {
	if cached, found := l.actions[c.Action.ID.Number]; found {
		cached.current = c.Action
	} else {
		l.newest[actions.Order{EventType: c.Action.ID.EventType, ID: c.Action.Order}] = c.Action.ID.Number
		delete(l.missing, c.Action.ID.Number)
		l.rows.inserts.AddAction(l.account, &l.cache(c.Action).stored)
		if l.preview != nil {
			l.preview.created = append(l.preview.created, c.Action.ID.Number)
			l.cacheAdjusted(c.Action.ID.Number, adjusted{pricing: c.Basis.Terms, accepted: l.accepted})
		}
	}
	l.rows.inserts.AddUpdates(l.account, &c.Action, l.accepted, c.Updates)
	l.addAdjustments(c)
	if c.Undone != 0 {
		l.rows.inserts.AddUndone(l.account, c.Undone, submission)
	}
}

// writeInserts writes the new rows. Lookups by anything but an action's number call it
// first: the cache finds actions by number only, so they must query the database. In a
// preview it discards them.
func (l *Lookup) writeInserts() error {
	if l.preview != nil {
		*l.rows = rows{}
	}
	return l.rows.writeInserts(l.Session)
}

// collectChanges collects the rows of changed actions, and empties the cache of actions.
func (l *Lookup) collectChanges() {
	for _, number := range slices.Sorted(maps.Keys(l.actions)) {
		if c := l.actions[number]; c.current.Last != c.stored.Last {
			l.rows.changes.Add(l.account, &c.stored, &c.current)
		}
	}
	clear(l.actions)
	clear(l.adjusted)
	l.items = 0
}

// flush writes new rows and changed actions, and empties the cache of actions.
func (l *Lookup) flush() error {
	l.collectChanges()
	return l.rows.write(l.Session)
}

// rows collects the rows that a transaction writes for the submissions that it applied, of
// any accounts, to be written together.
type rows struct {
	inserts actions.Inserts
	// entries are rows of [billing.InsertEntry].
	outcomes, entries [][]any
	changes           actions.Changes
	// appliers are rows of [UpdateApplier].
	appliers [][]any
	// rejected are the codes of the submissions that were rejected or parked.
	rejected []rejection.Code
}

// writeInserts writes the new rows.
func (r *rows) writeInserts(s *sqldb.Session) error {
	inserts, outcomes, entries := r.inserts, r.outcomes, r.entries
	r.inserts, r.outcomes, r.entries = actions.Inserts{}, nil, nil
	return errors.Join(inserts.Write(s), s.WriteRows(submissions.InsertOutcomes, outcomes), s.WriteRows(billing.InsertEntry, entries))
}

// write writes all rows.
func (r *rows) write(s *sqldb.Session) error {
	if err := r.writeInserts(s); err != nil {
		return err
	}
	changes, appliers := r.changes, r.appliers
	r.changes, r.appliers = actions.Changes{}, nil
	return errors.Join(changes.Write(s), s.WriteRows(UpdateApplier, appliers))
}

// UpdateApplier is the statement that writes rows of [ApplierRow].
var UpdateApplier = sqldb.BulkUpdate("applier", 0, "number", "instant", "last_update", "attempts")

// ApplierRow returns a row for the position of an account's applier: the number and the
// instant of the last completed submission, the number of the last update, and the failed
// attempts at the next submission.
func ApplierRow(account, number int64, instant time.Time, lastUpdate int64, attempts int) []any {
	return []any{account, number, column.Micros(instant), lastUpdate, int64(attempts)}
}
