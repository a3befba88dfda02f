package actions

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

type adjustmentColumns = []column.Column[ledger.Adjustment]

// adjustmentTable declares the columns of an adjustment that lists show.
var adjustmentTable = column.Table[ledger.Adjustment]{
	Name: "adjustments",
	Key:  adjustmentColumns{column.Int("number", func(d *ledger.Adjustment) *int64 { return &d.Number })},
	Columns: adjustmentColumns{
		column.Int("action", func(d *ledger.Adjustment) *int64 { return &d.Action.Number }),
		column.Int("submission", func(d *ledger.Adjustment) *int64 { return &d.Submission }),
		column.Time("instant", func(d *ledger.Adjustment) *time.Time { return &d.At }),
		column.Int("item", func(d *ledger.Adjustment) *int { return &d.Item }),
		column.String("reason", func(d *ledger.Adjustment) *string { return &d.Reason }),
		column.Int("from_quantity", func(d *ledger.Adjustment) *int64 { return &d.From.Quantity }),
		column.Int("from_amount", func(d *ledger.Adjustment) *money.Amount { return &d.From.Amount }),
		column.Int("to_quantity", func(d *ledger.Adjustment) *int64 { return &d.To.Quantity }),
		column.Int("to_amount", func(d *ledger.Adjustment) *money.Amount { return &d.To.Amount }),
		column.Int("payout", func(d *ledger.Adjustment) *money.Amount { return &d.Payout }),
		column.Time("effective", func(d *ledger.Adjustment) *time.Time { return &d.Effective }),
		column.Int("terms_contract", func(d *ledger.Adjustment) *int64 { return &d.Terms.Contract }),
		column.Int("terms_event_type", func(d *ledger.Adjustment) *int64 { return &d.Terms.EventType }),
		column.Int("terms_version", func(d *ledger.Adjustment) *int { return &d.Terms.Version }),
		column.Int("terms_group", func(d *ledger.Adjustment) *int64 { return &d.Group }),
		column.Hash("hash", func(d *ledger.Adjustment) *ids.Hash { return &d.Hash }),
		column.Int("hash_version", func(d *ledger.Adjustment) *int { return &d.Version }),
	},
	Joined: adjustmentColumns{
		column.Int("coalesce(a.campaign, 0)", func(d *ledger.Adjustment) *int64 { return &d.Action.Campaign }),
		column.Int("coalesce(a.event_type, 0)", func(d *ledger.Adjustment) *int64 { return &d.Action.EventType }),
		column.String("coalesce(a.currency, '')", func(d *ledger.Adjustment) *money.Currency { return &d.Currency }),
		column.String("coalesce(i.sku, '')", func(d *ledger.Adjustment) *string { return &d.SKU }),
	},
}

// wholeAdjustments is [adjustmentTable] with what the submission replaced and the state after it.
var wholeAdjustments = column.Table[ledger.Adjustment]{
	Name: adjustmentTable.Name, Key: adjustmentTable.Key, Joined: adjustmentTable.Joined,
	Columns: append(slices.Clone(adjustmentTable.Columns),
		column.OptionalJSON("replaced", func(d *ledger.Adjustment) **ledger.Before { return &d.Before }, slices.Concat(itemBefore, actionBefore)...),
		column.Encoded("state", func(d *ledger.Adjustment) **ledger.AdjustedState { return &d.State }),
	),
}

const fromAdjustments = ` FROM adjustments d LEFT JOIN actions a ON a.account = d.account AND a.number = d.action
	LEFT JOIN items i ON i.account = d.account AND i.action = d.action AND i.position = d.item `

var (
	insertAdjustment = wholeAdjustments.Insert()
	selectWhole      = "SELECT " + wholeAdjustments.List("d") + fromAdjustments + "WHERE d.account = ? "
)

// AddAdjustments adds new adjustments.
func (in *Inserts) AddAdjustments(account int64, adjustments []ledger.Adjustment) {
	for i := range adjustments {
		in.adjustments = append(in.adjustments, insertAdjustment.Row(&adjustments[i], account))
	}
}

// ReplacedByAdjustments is [Replaced] for a submission that made adjustments.
func ReplacedByAdjustments(s *sqldb.Session, account, submission, first int64, visit func(item int, b ledger.Before) bool) error {
	var d ledger.Adjustment
	return s.Rows(selectWhole+"AND d.number >= ? AND d.number <= ? AND d.submission = ? ORDER BY d.number",
		[]any{account, first, first + 2*ledger.MaxItems, submission}, wholeAdjustments.Dest(&d), func() error {
			switch {
			case d.Before == nil:
				return fmt.Errorf("submission %d: %w", submission, ledger.ErrNoHistory)
			case !visit(d.Item, *d.Before):
				return sqldb.ErrStop
			}
			return nil
		})
}

// LoadAdjustment returns the adjustment with the number.
func LoadAdjustment(s *sqldb.Session, account, number int64) (d ledger.Adjustment, err error) {
	err = column.QueryRow(s, selectWhole+"AND d.number = ?", []any{account, number}, wholeAdjustments.Dest(&d)...)
	return d, err
}

// LastAdjustment returns the last adjustment of an action.
func LastAdjustment(s *sqldb.Session, account, action int64) (d ledger.Adjustment, err error) {
	err = column.QueryRow(s, selectWhole+"AND d.action = ? ORDER BY d.number DESC LIMIT 1", []any{account, action}, wholeAdjustments.Dest(&d)...)
	return d, err
}

// AdjustmentsOf returns the adjustments of an action by number, with what they replaced.
func AdjustmentsOf(s *sqldb.Session, account, action int64) ([]ledger.Adjustment, error) {
	return column.Collect(s, selectWhole+"AND d.action = ? ORDER BY d.number", []any{account, action}, wholeAdjustments.Dest)
}

// selectPricing selects the terms of the last submission that priced an action after its
// conversion, or zeros if that was a RESET.
const selectPricing = `SELECT CASE WHEN u.disposition = '` + ledger.ReasonReset + `' THEN 0 ELSE o.terms_contract END,
	coalesce(o.terms_event_type, a.event_type), coalesce(o.terms_version, 1)
	FROM updates u JOIN outcomes o ON o.account = u.account AND o.number = u.submission
	JOIN actions a ON a.account = u.account AND a.number = u.action
	WHERE u.account = ? AND u.action = ? AND u.submission <> u.action AND (o.terms_contract <> 0 OR u.disposition = '` + ledger.ReasonReset + `')
	ORDER BY u.number DESC LIMIT 1`

// Pricing returns the terms that gave an action its payouts.
func Pricing(s *sqldb.Session, account int64, a ledger.Action) (key program.TermsKey, err error) {
	err = column.QueryRow(s, selectPricing, []any{account, a.ID.Number}, &key.Contract, &key.EventType, &key.Version)
	if errors.Is(err, ledger.ErrNotFound) || err == nil && key.Contract == 0 {
		return a.Terms, nil
	}
	return key, err
}

// Adjustments returns all adjustments of an account, ordered by the number of their action and
// their own, with what they replaced.
func Adjustments(r *account.Snapshot) iter.Seq2[ledger.Adjustment, error] {
	return listing.Scroll(r.Context, func(last *ledger.Adjustment) ([]ledger.Adjustment, error) {
		action, number := int64(0), int64(0)
		if last != nil {
			action, number = last.Action.Number, last.Number
		}
		return column.Collect(r.Session, selectWhole+"AND (d.action, d.number) > (?, ?) ORDER BY d.action, d.number LIMIT ?",
			[]any{r.Account, action, number, int64(listing.Chunk)}, wholeAdjustments.Dest)
	})
}

// adjustmentView is a row of adjustmentLoader.
type adjustmentView struct {
	store.AdjustmentView
	accepted column.Instant
}

// adjustmentLoader loads adjustments with the partners of their actions. Their submissions are
// joined by the key.
var adjustmentLoader = listing.NewLoader("SELECT "+adjustmentTable.List("d")+`, coalesce(a.partner, 0), s.accepted FROM adjustments d
	LEFT JOIN actions a ON a.account = d.account AND a.number = d.action
	LEFT JOIN items i ON i.account = d.account AND i.action = d.action AND i.position = d.item
	LEFT JOIN submissions s ON s.account = d.account AND s.number = d.submission`, "adjustments d", listing.Chunk,
	func(v *adjustmentView) int64 { return v.Number },
	func(v *adjustmentView) []any {
		return append(adjustmentTable.Dest(&v.Adjustment), &v.Partner, &v.accepted)
	})

// Adjustments returns a page of the adjustments that match f, newest first.
func (r Reader) Adjustments(f search.AdjustmentFilter, p search.Page) (search.PageInfo, iter.Seq2[store.AdjustmentView, error], error) {
	info, numbers, err := listAdjustments(r.Snapshot, f).Page(p, listing.UnknownTotal)
	if err != nil {
		return search.PageInfo{}, nil, fmt.Errorf("list adjustments: %w", err)
	}
	return info, streamAdjustments(r.Snapshot, numbers), nil
}

func streamAdjustments(r *account.Snapshot, numbers []int64) iter.Seq2[store.AdjustmentView, error] {
	return listing.Stream(r, adjustmentLoader, numbers, func(v *adjustmentView) (store.AdjustmentView, error) {
		v.SubmissionID = store.NewSubmissionID(r.Salt, time.Time(v.accepted), v.Submission)
		return v.AdjustmentView, nil
	})
}

// listAdjustments returns the listing of the adjustments that match f.
func listAdjustments(r *account.Snapshot, f search.AdjustmentFilter) *listing.Listing {
	l := listing.New(r, "adjustments d", "d")
	if f.Number != 0 {
		l.AndIndexed("d.number = ?", f.Number)
	}
	if f.Action != (ids.ActionID{}) {
		l.AndIndexed("d.action = ?", f.Action.Number)
		l.And("EXISTS (SELECT 1 FROM actions a WHERE a.account = ? AND a.number = ? AND a.campaign = ? AND a.event_type = ?)",
			r.Account, f.Action.Number, f.Action.Campaign, f.Action.EventType)
	}
	l.Within("d.effective", f.Effective)
	if f.Campaign != 0 || f.Partner != 0 {
		l.Join("actions a ON a.account = d.account AND a.number = d.action")
		l.And("a.account = ?", r.Account)
		l.Equal("a.campaign", f.Campaign)
		l.Equal("a.partner", f.Partner)
	}
	return l
}

// Effective returns the action with the id and its items as its adjustments leave it.
func (r Reader) Effective(id ids.ActionID) (ledger.Action, error) {
	a, err := r.Action(id)
	if err != nil {
		return a, err
	}
	last, err := LastAdjustment(r.Snapshot.Session, r.Snapshot.Account, id.Number)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return a, nil
	case err != nil || last.State == nil:
		return a, fmt.Errorf("adjustments of action %s: %w", id, errors.Join(err, ledger.ErrNoHistory))
	}
	return a.WithAdjustments(*last.State, last.ChainPosition)
}
