package retention

import (
	"encoding/binary"
	"math"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/archive"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/billing"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/retention"
)

// nextActions returns the next actions that may be removed, in the order of their locking, and
// reports whether more may follow.
func (r *run) nextActions(s *account.Snapshot, days int) (b *batch, more bool, err error) {
	b = &batch{file: archive.File{Account: r.account}, salt: s.Salt, chosen: make(map[int64]bool)}
	year, month, day := r.now.In(r.reference.Zone()).Date()
	until := program.Midnight(year, month, day-days+1, r.reference.Zone())
	found, err := actions.LockedActions(s.Session, r.account, r.locking, r.number, until, maxActions)
	for _, a := range found {
		if b.rows >= maxRows {
			return b, true, nil
		}
		if err := r.addAction(s, b, a, days); err != nil {
			return nil, false, err
		}
		r.locking, r.number = a.LockingDate, a.ID.Number
	}
	return b, len(found) == maxActions, err
}

// addAction adds an action to the batch if it may be removed.
func (r *run) addAction(s *account.Snapshot, b *batch, locked actions.LockedAction, days int) error {
	number := locked.ID.Number
	if r.deliveries[number] || locked.Last.Number > r.delivered || !r.position.Gathers(locked.Action, locked.Accepted) {
		return nil
	}
	// The records of an action are read once its own entry permits it: there are many that wait for
	// their payment.
	g := archive.Group{Action: &locked.Action}
	if due, err := r.isDue(s, g, locked.Accepted, locked.Accepted, days); err != nil || !due {
		return err
	}
	g, kept, last, err := r.group(s, number)
	if err != nil {
		return err
	}
	if last := g.Submissions[len(g.Submissions)-1].Number; last >= r.applied {
		return nil
	}
	if n := len(g.Adjustments); n > 0 && g.Adjustments[n-1].Number > r.delivered {
		return nil
	}
	if due, err := r.isDue(s, g, locked.Accepted, last, days); err != nil || !due {
		return err
	}
	if named, err := r.isNamed(s, b, g); err != nil || named {
		return err
	}
	b.add(g, kept, r.entries(g, locked.Accepted))
	return nil
}

// isDue reports whether the days since an action was settled have passed, as far as the records of
// g show. Accepted is when its conversion was accepted, and last when its last submission was.
func (r *run) isDue(s *account.Snapshot, g archive.Group, accepted, last time.Time, days int) (bool, error) {
	books, err := r.booksOf(s, g.Action.Partner)
	if err != nil {
		return false, err
	}
	candidate := retention.Action{Action: *g.Action, LastAccepted: last, Entries: r.entries(g, accepted)}
	from, settled := retention.From(candidate, books, days, r.reference)
	return settled && !r.now.Before(from), nil
}

// group reads an action with its records. Kept is the number of its submissions that stay, because
// the results of batch files show them. Last is when the last submission was accepted.
func (r *run) group(s *account.Snapshot, number int64) (g archive.Group, kept int64, last time.Time, err error) {
	a, err := actions.Load(s.Session, r.account, number)
	if err != nil {
		return g, 0, last, err
	}
	g.Action = &a
	all, err := submissions.OfAction(s.Session, r.account, number, s.Salt)
	if err != nil {
		return g, 0, last, err
	}
	for _, submission := range all {
		stays := false
		if submission.Outcome.Code != "" {
			if stays, err = column.Exists(s.Session, "SELECT submission FROM file_rows WHERE account = ? AND submission = ? AND submission <> 0 LIMIT 1",
				r.account, submission.Number); err != nil {
				return g, 0, last, err
			}
		}
		if stays {
			kept++
			continue
		}
		g.Submissions = append(g.Submissions, archive.Submission{Submission: submission})
	}
	if g.Updates, err = actions.UpdatesOf(s.Session, r.account, number); err != nil {
		return g, 0, last, err
	}
	if g.Adjustments, err = actions.AdjustmentsOf(s.Session, r.account, number); err != nil {
		return g, 0, last, err
	}
	previous := a.Last.Hash
	for i := range g.Adjustments {
		g.Adjustments[i].Previous, previous = previous, g.Adjustments[i].Hash
	}
	for i := range g.Submissions {
		if n := &g.Submissions[i]; n.Outcome.Changed && n.Number != number {
			amended, err := submissions.AmendmentOf(s.Session, r.account, n.Number)
			if err != nil {
				return g, 0, last, err
			}
			n.Undo = amended.Undo
		}
	}
	return g, kept, all[len(all)-1].Accepted, nil
}

// entries returns the entries of an action and its adjustments.
func (r *run) entries(g archive.Group, accepted time.Time) (all []invoice.Entry) {
	if e, due := g.Action.Entry(accepted, r.reference); due && !e.Date.Before(r.position.Since) {
		all = append(all, e)
	}
	for _, d := range g.Adjustments {
		all = append(all, d.Entry(*g.Action))
	}
	return all
}

// booksOf returns the books of a partner.
func (r *run) booksOf(s *account.Snapshot, partner int64) (b retention.Books, err error) {
	b, read := r.books[partner]
	if read {
		return b, nil
	}
	if b.Settlements, err = (billing.Reader{Snapshot: s, Versions: r.Versions}).Settlements(partner, r.now); err != nil {
		return b, err
	}
	var at time.Time
	err = s.Rows("SELECT instant FROM entries WHERE account = ? AND partner = ? AND instant >= ? AND kind = ? ORDER BY instant",
		[]any{r.account, partner, column.Micros(b.Settlements[len(b.Settlements)-1].Created), string(invoice.KindWriteOff)},
		[]any{(*column.Instant)(&at)}, func() error {
			b.WriteOffs = append(b.WriteOffs, at)
			return nil
		})
	r.books[partner] = b
	return b, err
}

// isNamed reports whether an inquiry or a batch file names the action, or an older action of its
// order stays.
func (r *run) isNamed(s *account.Snapshot, b *batch, g archive.Group) (bool, error) {
	if slices.ContainsFunc(g.Submissions, func(n archive.Submission) bool { return r.lasts[n.Number] }) {
		return true, nil
	}
	if asked, err := r.hasInquiry(s.Session, g.Action.Order); err != nil || asked {
		return asked, err
	}
	older, err := numbers(s.Session, "SELECT number FROM actions WHERE account = ? AND order_id = ? AND event_type = ? AND number < ?",
		r.account, g.Action.Order, g.Action.ID.EventType, g.Action.ID.Number)
	for number := range older {
		if !b.chosen[number] {
			return true, err
		}
	}
	return false, err
}

// hasInquiry reports whether an inquiry names an order.
func (r *run) hasInquiry(s *sqldb.Session, order string) (bool, error) {
	return column.Exists(s, "SELECT number FROM inquiries WHERE account = ? AND order_id = ? LIMIT 1", r.account, order)
}

// isAsked reports whether an inquiry names an order of a batch.
func (r *run) isAsked(s *sqldb.Session, b *batch) (bool, error) {
	for _, t := range b.tombstones {
		if asked, err := r.hasInquiry(s, t.Order); err != nil || asked {
			return asked, err
		}
	}
	return false, nil
}

// window is the number of submissions among which one query looks for those without effect.
const window = 10_000

// nextSubmissions returns the next submissions without effect that may be removed, and reports
// whether more may follow.
func (r *run) nextSubmissions(s *account.Snapshot, days int) (b *batch, more bool, err error) {
	b = &batch{file: archive.File{Account: r.account}, salt: s.Salt}
	before := r.now.AddDate(0, 0, -days)
	var first time.Time
	err = s.Row("SELECT coalesce(min(accepted), ?) FROM (SELECT accepted FROM submissions WHERE account = ? AND number > ? ORDER BY number LIMIT 1) AS matching",
		[]any{int64(math.MaxInt64), r.account, r.number}, (*column.Instant)(&first))
	if err != nil || !first.Before(before) {
		return b, false, err
	}
	last := min(r.number+window, r.applied-1)
	found, err := submissions.WithoutEffect(s.Session, r.account, r.number, last, before, maxRows/2, s.Salt)
	for _, n := range found {
		if c, ok := n.Command.(ledger.Conversion); r.lasts[n.Number] || ok && c.Inquiry != 0 {
			continue
		}
		b.add(archive.Group{Submissions: []archive.Submission{{Submission: n}}}, 0, nil)
	}
	if r.number = last; len(found) == maxRows/2 {
		r.number = found[len(found)-1].Number
	}
	return b, r.number < r.applied-1, err
}

// batch is what one transaction removes.
type batch struct {
	file archive.File
	salt uint32
	// chosen are the numbers of the actions.
	chosen map[int64]bool
	// actions, submissions, updates and adjustments are the numbers of the records to remove.
	actions, submissions, updates, adjustments []int64
	// rows is the number of records, and kept that of the submissions of the actions that stay.
	rows int
	kept int64
	// tombstones are what is kept of the actions.
	tombstones []store.ArchivedAction
	// seals are those of the actions and submissions, which show whether they changed meanwhile.
	seals []int64
	count store.Retained
}

func (b *batch) add(g archive.Group, kept int64, entries []invoice.Entry) {
	b.file.Groups = append(b.file.Groups, g)
	count := store.Retained{Submissions: int64(len(g.Submissions)), Updates: int64(len(g.Updates)), Adjustments: int64(len(g.Adjustments))}
	for _, n := range g.Submissions {
		b.submissions = append(b.submissions, n.Number)
		count.Add(store.Retained{Oldest: n.Accepted, Newest: n.Accepted})
	}
	for _, u := range g.Updates {
		b.updates = append(b.updates, u.Number)
	}
	for _, d := range g.Adjustments {
		b.adjustments = append(b.adjustments, d.Number)
	}
	if a := g.Action; a != nil {
		count.Actions = 1
		b.actions, b.chosen[a.ID.Number] = append(b.actions, a.ID.Number), true
		t := store.ArchivedAction{ID: a.ID, Partner: a.Partner, Order: a.Order, Customer: a.Customer.ID, EventDate: a.EventDate}
		for _, e := range entries {
			digest := e.Digest()
			t.Entries, t.Amount, t.Digest = t.Entries+1, t.Amount+e.Amount, t.Digest+binary.BigEndian.Uint64(digest[:])
		}
		b.tombstones = append(b.tombstones, t)
		b.rows += len(a.Items) + 1
	}
	b.rows += 2*len(g.Submissions) + len(g.Updates) + len(g.Adjustments)
	b.kept += kept
	b.count.Add(count)
}
