package submissions

import (
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// page returns the numbers of the submissions on a page. Submissions are numbered from
// 1 and complete in that order, and archives count those that were removed, so the counters give
// the total unless f has a condition other than f.Complete.
func page(r *account.Snapshot, f search.SubmissionFilter, p search.Page) (search.PageInfo, []int64, error) {
	c, err := r.Counters()
	if err != nil {
		return search.PageInfo{}, nil, err
	}
	total := listing.UnknownTotal
	if len(f.Kinds) == 0 && f.Order == "" && f.Action == (ids.ActionID{}) && f.Accepted == (search.TimeRange{}) && f.Failed == nil {
		var removed int64
		if err := r.Row("SELECT coalesce(max(removed), 0) FROM (SELECT removed FROM archives WHERE account = ? ORDER BY number DESC LIMIT 1) AS matching",
			[]any{r.Account}, &removed); err != nil {
			return search.PageInfo{}, nil, err
		}
		switch {
		case f.Complete == nil:
			total = int(c.Accepted - removed)
		case *f.Complete:
			total = int(c.Applied - removed)
		default:
			total = int(c.Accepted - c.Applied)
		}
	}
	l := list(r, f, c.Applied)
	if f.Accepted != (search.TimeRange{}) {
		if err := l.NumberedWithin(l.Key(), "SELECT number, accepted FROM submissions", c.Accepted, f.Accepted); err != nil {
			return search.PageInfo{}, nil, err
		}
	}
	return l.Page(p, total)
}

// list returns the listing of the submissions that match f, except for f.Accepted. Applied
// is the number of the last completed submission.
func list(r *account.Snapshot, f search.SubmissionFilter, applied int64) *listing.Listing {
	l := listing.New(r, "submissions s", "s")
	if f.Order != "" {
		ofOrder(l, r.Account, f.Order)
	}
	if f.Action != (ids.ActionID{}) {
		ofAction(l, r.Account, f.Action, applied)
	}
	if len(f.Kinds) > 0 {
		var stored []any
		for _, kind := range f.Kinds { // an older program stored it as it is
			stored = append(stored, string(kind), kinds.Shorten(string(kind)))
		}
		l.And("s.kind IN ("+listing.Marks(len(stored))+")", stored...)
	}
	if f.Complete != nil && *f.Complete {
		l.And(l.Key()+" <= ?", applied)
	} else if f.Complete != nil {
		l.And(l.Key()+" > ?", applied)
	}
	if f.Failed != nil {
		condition := "EXISTS (SELECT 1 FROM outcomes o WHERE o.account = ? AND o.number = s.number AND o.error_type <> '')"
		if !*f.Failed {
			condition = "NOT " + condition
		}
		l.And(condition, r.Account)
	}
	return l
}

// ofOrder adds the condition that a submission names the order, or completed on an action
// of the order.
func ofOrder(l *listing.Listing, account int64, order string) {
	l.AndIndexed(`s.number IN (SELECT number FROM submissions WHERE account = ? AND order_id = ? AND order_id <> ''
		UNION SELECT o.number FROM actions a JOIN outcomes o ON o.account = a.account AND o.action = a.number
		AND o.action <> 0 AND o.first_update = 0 WHERE a.account = ? AND a.order_id = ?
		UNION SELECT u.submission FROM actions a JOIN updates u ON u.account = a.account AND u.action = a.number AND u.submission <> u.action
		WHERE a.account = ? AND a.order_id = ?
		UNION SELECT d.submission FROM actions a JOIN adjustments d ON d.account = a.account AND d.action = a.number
		WHERE a.account = ? AND a.order_id = ?)`, account, order, account, order, account, order, account, order)
}

// ofAction adds the condition that a submission completed on the action, or that it
// is queued and names it.
func ofAction(l *listing.Listing, account int64, id ids.ActionID, applied int64) {
	l.AndIndexed(`s.number IN (SELECT number FROM outcomes WHERE account = ? AND action = ? AND action <> 0 AND first_update = 0
		UNION SELECT submission FROM updates WHERE account = ? AND action = ? AND submission <> action
		UNION SELECT submission FROM adjustments WHERE account = ? AND action = ?
		UNION SELECT number FROM actions WHERE account = ? AND number = ?
		UNION SELECT number FROM submissions WHERE account = ? AND number > ? AND action = ?)`,
		account, id.Number, account, id.Number, account, id.Number, account, id.Number, account, applied, id.Number)
	l.And("EXISTS (SELECT 1 FROM actions a WHERE a.account = ? AND a.number = ? AND a.campaign = ? AND a.event_type = ?)",
		account, id.Number, id.Campaign, id.EventType)
}
