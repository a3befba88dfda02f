package sqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// CreateInquiry keeps a partner's claim.
func (st *Store) CreateInquiry(ctx context.Context, account int64, now time.Time, c ledger.Claim, d store.AuditEvent) (q ledger.Inquiry, err error) {
	err = st.operate(ctx, account, func(s *session) error {
		e, err := st.era(s, account, store.Latest)
		if err != nil {
			return err
		}
		number, at, err := s.nextInquiry(account, whole(now))
		if err != nil {
			return err
		}
		if q, err = c.Inquiry(e.reference, at); err != nil {
			return err
		}
		q.Number = number
		q.Date, q.Deadline, q.AutoApproval = whole(q.Date), whole(q.Deadline), whole(q.AutoApproval)
		document, err := json.Marshal(q)
		if err == nil {
			err = s.keepDeed(d, account, at, fmt.Sprintf("inquiry %d", number), fmt.Sprintf("order %q of partner %d", q.Order, q.Partner))
		}
		if err != nil {
			return err
		}
		return s.exec(`INSERT INTO inquiries (account, number, created, campaign, partner, order_id, transacted, status, submission, document)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`, account, number, micros(at), q.Campaign, q.Partner, q.Order, micros(q.Date),
			string(q.Status), string(document))
	})
	if err != nil {
		return ledger.Inquiry{}, fmt.Errorf("create an inquiry in account %d: %w", account, err)
	}
	return q, nil
}

// nextInquiry gives an inquiry its number and its instant.
func (s *session) nextInquiry(account int64, now time.Time) (number int64, at time.Time, err error) {
	err = s.row(`INSERT INTO inquiry_numbers (account, number, instant) VALUES (?, 1, ?)
		ON CONFLICT (account) DO UPDATE SET number = inquiry_numbers.number + 1,
		instant = CASE WHEN inquiry_numbers.instant < excluded.instant THEN excluded.instant ELSE inquiry_numbers.instant END RETURNING number, instant`,
		[]any{account, micros(now)}, &number, (*instant)(&at))
	return number, at, err
}

// ResolveInquiry keeps the brand's answer and queues what it asks for.
func (st *Store) ResolveInquiry(ctx context.Context, account int64, now time.Time, a store.InquiryAnswer) (done store.InquiryResult, err error) {
	err = st.operate(ctx, account, func(s *session) error {
		done, err = s.answer(st, account, whole(now), a)
		return err
	})
	if err != nil {
		return store.InquiryResult{}, fmt.Errorf("resolve inquiry %d of account %d: %w", a.Number, account, err)
	}
	return done, nil
}

func (s *session) answer(st *Store, account int64, now time.Time, a store.InquiryAnswer) (done store.InquiryResult, err error) {
	if a.Key.Text != "" {
		_, err := s.seen(account, now, a.Key)
		if !errors.Is(err, ledger.ErrNotFound) {
			return store.InquiryResult{Replayed: true}, err
		}
	}
	q, err := s.inquiry(account, a.Number)
	if err != nil {
		return done, err
	}
	e, err := st.era(s, account, store.Latest)
	if err != nil {
		return done, err
	}
	resolved, err := q.Resolve(a.Resolution, e.reference, now)
	if err != nil {
		return done, err
	}
	if resolved.Conversion != nil {
		resolved.Inquiry.Submission, _, err = s.queue(account, now, *resolved.Conversion, a.Payload)
		done.Queued = true
	}
	if err == nil && resolved.Changed {
		err = s.changeInquiry(account, resolved.Inquiry)
	}
	if err == nil && a.Key.Text != "" {
		err = s.remember(account, now, keyRow(account, a.Key, now, 0, a.Resource))
	}
	return done, err
}

// queue accepts a command and answers its number and instant.
func (s *session) queue(account int64, now time.Time, c ledger.Command, payload string) (number int64, at time.Time, err error) {
	rows, err := encodeBatch(account, []store.Submission{{Submission: ledger.Submission{Command: c}, Payload: payload}})
	if err != nil {
		return 0, time.Time{}, err
	}
	number, at, err = s.advance(account, 1, now)
	if err != nil {
		return 0, time.Time{}, err
	}
	rows[0][1], rows[0][2] = number, micros(at)
	return number, at, s.write(newSubmissions, rows)
}

func (s *session) changeInquiry(account int64, q ledger.Inquiry) error {
	document, err := json.Marshal(q)
	if err != nil {
		return err
	}
	return s.exec("UPDATE inquiries SET status = ?, submission = ?, document = ? WHERE account = ? AND number = ?",
		string(q.Status), q.Submission, string(document), account, q.Number)
}

// selectInquiry joins what became of the submission.
const selectInquiry = `SELECT q.document, o.completed, coalesce(o.code, ''), coalesce(o.message, ''),
	coalesce(a.campaign, 0), coalesce(a.event_type, 0), coalesce(a.number, 0), coalesce(a.payout, 0)
	FROM inquiries q
	LEFT JOIN outcomes o ON o.account = q.account AND o.number = q.submission
	LEFT JOIN actions a ON a.account = o.account AND a.number = o.action `

// inquiryRow is an inquiry as a row has it.
type inquiryRow struct {
	document []byte
	made     ledger.ConversionOutcome
}

func (r *inquiryRow) dest() []any {
	m := &r.made
	return []any{
		&r.document, (*instant)(&m.Completed), &m.Code, &m.Message,
		&m.Action.Campaign, &m.Action.EventType, &m.Action.Number, &m.Payout,
	}
}

func (r *inquiryRow) inquiry() (q ledger.Inquiry, err error) {
	err = json.Unmarshal(r.document, &q)
	q.Outcome = r.made
	return q, err
}

func (s *session) inquiry(account, number int64) (ledger.Inquiry, error) {
	var row inquiryRow
	err := s.row(selectInquiry+"WHERE q.account = ? AND q.number = ?", []any{account, number}, row.dest()...)
	if err != nil {
		return ledger.Inquiry{}, notFound(err)
	}
	return row.inquiry()
}

// inquiries reads rows of selectInquiry.
func (s *session) inquiries(text string, args []any) (inquiries []ledger.Inquiry, err error) {
	var row inquiryRow
	err = s.rows(text, args, row.dest(), func() error {
		q, err := row.inquiry()
		inquiries = append(inquiries, q)
		return err
	})
	return inquiries, err
}

// Inquiry implements [store.Reader].
func (r *reader) Inquiry(number int64) (ledger.Inquiry, error) {
	q, err := r.inquiry(r.account, number)
	if err != nil {
		return ledger.Inquiry{}, fmt.Errorf("inquiry %d: %w", number, err)
	}
	return q, nil
}

var inquiriesByNumber = newByNumbers(selectInquiry, "inquiries q", chunk)

// Inquiries implements [store.Reader].
func (r *reader) Inquiries(f ledger.InquiryFilter, p ledger.Page) (ledger.PageInfo, iter.Seq2[ledger.Inquiry, error], error) {
	l, err := r.listInquiries(f)
	if err != nil {
		return ledger.PageInfo{}, nil, fmt.Errorf("list inquiries: %w", err)
	}
	found, numbers, err := r.page(l, p, -1)
	if err != nil {
		return ledger.PageInfo{}, nil, fmt.Errorf("list inquiries: %w", err)
	}
	return found, stream(r, numbers, chunk, func(q ledger.Inquiry) int64 { return q.Number },
		func(args []any) ([]ledger.Inquiry, error) {
			return r.session.inquiries(inquiriesByNumber.text(r.dialect), args)
		}), nil
}

// listInquiries answers the inquiries that match.
func (r *reader) listInquiries(f ledger.InquiryFilter) (*listing, error) {
	l := r.list("inquiries q", "q")
	if f.Order != "" {
		l.by("q.order_id = ?", f.Order)
	}
	l.within("q.transacted", f.Date)
	l.equal("q.campaign", f.Campaign)
	l.equal("q.partner", f.Partner)
	if f.Status != "" {
		l.and("q.status = ?", string(f.Status))
	}
	if f.Created == (ledger.TimeRange{}) {
		return l, nil
	}
	var last int64
	err := r.row("SELECT coalesce(max(number), 0) FROM inquiry_numbers WHERE account = ?", []any{r.account}, &last)
	if err != nil {
		return nil, err
	}
	return l, r.numbered(l, "SELECT number, created FROM inquiries", last, f.Created)
}

// Inquiries implements [store.Contents].
func (l auditReader) Inquiries() iter.Seq2[ledger.Inquiry, error] {
	return scroll(l.ctx, func(last *ledger.Inquiry) ([]ledger.Inquiry, error) {
		after := int64(0)
		if last != nil {
			after = last.Number
		}
		return l.session.inquiries(selectInquiry+"WHERE q.account = ? AND q.number > ? ORDER BY q.number LIMIT ?",
			[]any{l.account, after, int64(chunk)})
	})
}
