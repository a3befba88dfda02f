// Package inquiries stores the inquiries of partners and their resolutions.
package inquiries

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/reference"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// Claims stores inquiries.
type Claims struct {
	DB       *sqldb.DB
	Versions *reference.Versions
}

// CreateInquiry implements [store.Inquiries].
func (cs *Claims) CreateInquiry(
	ctx context.Context, accountID int64, now time.Time, c inquiry.Claim, e store.AuditEvent,
) (q inquiry.Inquiry, err error) {
	err = account.Exclusive(ctx, cs.DB, accountID, func(s *sqldb.Session) error {
		current, err := cs.Versions.Current(s, accountID)
		if err != nil {
			return err
		}
		number, at, err := nextNumber(s, accountID, column.Truncate(now))
		if err != nil {
			return err
		}
		if q, err = c.Open(current, at); err != nil {
			return err
		}
		q.Number = number
		q.Date, q.Deadline, q.AutoApproval = column.Truncate(q.Date), column.Truncate(q.Deadline), column.Truncate(q.AutoApproval)
		return insert(s, accountID, q, at, e)
	})
	if err != nil {
		return inquiry.Inquiry{}, fmt.Errorf("create an inquiry in account %d: %w", accountID, err)
	}
	return q, nil
}

// nextNumber returns the number and the instant of a new inquiry. Neither decreases
// within an account.
func nextNumber(s *sqldb.Session, account int64, now time.Time) (number int64, at time.Time, err error) {
	err = s.Row(`INSERT INTO inquiry_numbers (account, number, instant) VALUES (?, 1, ?)
		ON CONFLICT (account) DO UPDATE SET number = inquiry_numbers.number + 1,
		instant = CASE WHEN inquiry_numbers.instant < excluded.instant THEN excluded.instant ELSE inquiry_numbers.instant END RETURNING number, instant`,
		[]any{account, column.Micros(now)}, &number, (*column.Instant)(&at))
	return number, at, err
}

func insert(s *sqldb.Session, accountID int64, q inquiry.Inquiry, at time.Time, e store.AuditEvent) error {
	document, err := json.Marshal(q)
	if err == nil {
		err = account.LogEvent(s, e, accountID, at, fmt.Sprintf("inquiry %d", q.Number), fmt.Sprintf("order %q of partner %d", q.Order, q.Partner))
	}
	if err != nil {
		return err
	}
	return s.Exec(`INSERT INTO inquiries (account, number, created, campaign, partner, order_id, transacted, status, submission, document)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`, accountID, q.Number, column.Micros(at), q.Campaign, q.Partner, q.Order, column.Micros(q.Date),
		string(q.Status), string(document))
}

// ResolveInquiry implements [store.Inquiries].
func (cs *Claims) ResolveInquiry(
	ctx context.Context, accountID int64, now time.Time, a store.InquiryAnswer,
) (result store.InquiryResult, err error) {
	err = account.Exclusive(ctx, cs.DB, accountID, func(s *sqldb.Session) error {
		result, err = cs.resolve(s, accountID, column.Truncate(now), a)
		return err
	})
	if err != nil {
		return store.InquiryResult{}, fmt.Errorf("resolve inquiry %d of account %d: %w", a.Number, accountID, err)
	}
	return result, nil
}

func (cs *Claims) resolve(s *sqldb.Session, account int64, now time.Time, a store.InquiryAnswer) (result store.InquiryResult, err error) {
	if a.Key.Text != "" {
		_, err := submissions.FirstUse(s, account, now, a.Key)
		if !errors.Is(err, ledger.ErrNotFound) {
			return store.InquiryResult{Replayed: true}, err
		}
	}
	resolved, err := cs.decide(s, account, now, a)
	if err != nil {
		return result, err
	}
	if resolved.Conversion != nil {
		var conversion store.Submission
		conversion, err = submissions.AcceptCommand(s, account, now, *resolved.Conversion, a.Payload)
		resolved.Inquiry.Submission, result.Queued = conversion.Number, true
	}
	if err == nil && resolved.Changed {
		err = Save(s, account, resolved.Inquiry)
	}
	if err == nil && a.Key.Text != "" {
		err = submissions.RememberKey(s, account, now, a.Key, a.Resource)
	}
	return result, err
}

// decide returns what the answer changes.
func (cs *Claims) decide(s *sqldb.Session, account int64, now time.Time, a store.InquiryAnswer) (inquiry.ResolveResult, error) {
	q, err := Load(s, account, a.Number)
	if err != nil {
		return inquiry.ResolveResult{}, err
	}
	current, err := cs.Versions.Current(s, account)
	if err != nil {
		return inquiry.ResolveResult{}, err
	}
	resolved, err := q.Resolve(a.Resolution, current, now)
	if err != nil || resolved.Conversion == nil {
		return resolved, err
	}
	return resolved, checkTracked(s, account, *resolved.Conversion, current)
}

// checkTracked rejects a conversion whose order is tracked already.
func checkTracked(s *sqldb.Session, account int64, c ledger.Conversion, r *program.Reference) error {
	eventType, err := c.FindEventType(r)
	if err != nil {
		return err
	}
	after, before := c.DuplicateWindow(eventType)
	id, err := actions.NewestBetween(s, account, actions.Order{EventType: eventType.ID, ID: c.Order}, math.MaxInt64, after, before)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return &rejection.Rejection{Code: rejection.CodeConversionDuplicate, Field: "ResolutionStatus", Message: fmt.Sprintf(
		"The order is tracked as action %s; modify that action, or decline the inquiry.", id)}
}

// PreviewInquiry implements [store.Inquiries].
func (cs *Claims) PreviewInquiry(
	ctx context.Context, accountID int64, now time.Time, a store.InquiryAnswer,
) (result inquiry.ResolveResult, err error) {
	err = account.Read(ctx, cs.DB, accountID, func(r *account.Snapshot) error {
		result, err = cs.decide(r.Session, accountID, column.Truncate(now), a)
		return err
	})
	if err != nil {
		return inquiry.ResolveResult{}, fmt.Errorf("preview inquiry %d of account %d: %w", a.Number, accountID, err)
	}
	return result, nil
}

// Save writes the state of a changed inquiry.
func Save(s *sqldb.Session, account int64, q inquiry.Inquiry) error {
	document, err := json.Marshal(q)
	if err != nil {
		return err
	}
	return s.Exec("UPDATE inquiries SET status = ?, submission = ?, document = ? WHERE account = ? AND number = ?",
		string(q.Status), q.Submission, string(document), account, q.Number)
}
