package inquiries

import (
	"encoding/json"
	"fmt"
	"iter"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
)

// selectInquiry reads inquiries with the outcome of their conversions.
const selectInquiry = `SELECT q.number, q.document, ` + submissions.Completed + `, coalesce(o.code, ''), coalesce(o.message, ''),
	coalesce(a.campaign, 0), coalesce(a.event_type, 0), coalesce(a.number, 0), coalesce(a.payout, 0)
	FROM inquiries q
	LEFT JOIN outcomes o ON o.account = q.account AND o.number = q.submission
	LEFT JOIN submissions s ON s.account = o.account AND s.number = o.number
	LEFT JOIN actions a ON a.account = o.account AND a.number = o.action `

// row is a row of selectInquiry.
type row struct {
	number   int64
	document []byte
	outcome  inquiry.ConversionOutcome
}

func (r *row) dest() []any {
	o := &r.outcome
	return []any{
		&r.number, &r.document, (*column.Instant)(&o.Completed), &o.Code, &o.Message,
		&o.Action.Campaign, &o.Action.EventType, &o.Action.Number, &o.Payout,
	}
}

func (r *row) inquiry() (q inquiry.Inquiry, err error) {
	err = json.Unmarshal(r.document, &q)
	q.Number, q.Outcome = r.number, r.outcome // Scroll follows the number of the row
	return q, err
}

// Load returns the inquiry with the number.
func Load(s *sqldb.Session, account, number int64) (inquiry.Inquiry, error) {
	var row row
	err := column.QueryRow(s, selectInquiry+"WHERE q.account = ? AND q.number = ?", []any{account, number}, row.dest()...)
	if err != nil {
		return inquiry.Inquiry{}, err
	}
	return row.inquiry()
}

// Scroll returns all inquiries of a snapshot by number.
func Scroll(r *account.Snapshot) iter.Seq2[inquiry.Inquiry, error] {
	return listing.Scroll(r.Context, func(last *inquiry.Inquiry) (inquiries []inquiry.Inquiry, err error) {
		after := int64(0)
		if last != nil {
			after = last.Number
		}
		var row row
		err = r.Rows(selectInquiry+"WHERE q.account = ? AND q.number > ? ORDER BY q.number LIMIT ?",
			[]any{r.Account, after, int64(listing.Chunk)}, row.dest(), func() error {
				q, err := row.inquiry()
				inquiries = append(inquiries, q)
				return err
			})
		return inquiries, err
	})
}

// Reader reads the inquiries of a snapshot. It implements the methods of [store.Reader]
// with the same names.
type Reader struct{ Snapshot *account.Snapshot }

// Inquiry returns the inquiry with the number.
func (r Reader) Inquiry(number int64) (inquiry.Inquiry, error) {
	q, err := Load(r.Snapshot.Session, r.Snapshot.Account, number)
	if err != nil {
		return inquiry.Inquiry{}, fmt.Errorf("inquiry %d: %w", number, err)
	}
	return q, nil
}

var loader = listing.NewLoader(selectInquiry, "inquiries q", listing.Chunk, func(r *row) int64 { return r.number }, (*row).dest)

// Inquiries returns a page of the inquiries that match f, newest first.
func (r Reader) Inquiries(f search.InquiryFilter, p search.Page) (search.PageInfo, iter.Seq2[inquiry.Inquiry, error], error) {
	l, err := list(r.Snapshot, f)
	if err != nil {
		return search.PageInfo{}, nil, fmt.Errorf("list inquiries: %w", err)
	}
	info, numbers, err := l.Page(p, listing.UnknownTotal)
	if err != nil {
		return search.PageInfo{}, nil, fmt.Errorf("list inquiries: %w", err)
	}
	return info, listing.Stream(r.Snapshot, loader, numbers, (*row).inquiry), nil
}

// list returns the listing of the inquiries that match f.
func list(r *account.Snapshot, f search.InquiryFilter) (*listing.Listing, error) {
	l := listing.New(r, "inquiries q", "q")
	if f.Order != "" {
		l.AndIndexed("q.order_id = ?", f.Order)
	}
	l.Within("q.transacted", f.Date)
	l.Equal("q.campaign", f.Campaign)
	l.Equal("q.partner", f.Partner)
	if f.Status != "" {
		l.And("q.status = ?", string(f.Status))
	}
	if f.Created == (search.TimeRange{}) {
		return l, nil
	}
	var last int64
	err := r.Row("SELECT coalesce(max(number), 0) FROM inquiry_numbers WHERE account = ?", []any{r.Account}, &last)
	if err != nil {
		return nil, err
	}
	return l, l.NumberedWithin(l.Key(), "SELECT number, created FROM inquiries", last, f.Created)
}
