package sqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/reference"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/webhooks"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Reference implements [store.References].
func (st *Store) Reference(ctx context.Context, account int64, at time.Time) (*program.Reference, error) {
	return st.versions.Reference(ctx, account, at)
}

// CurrentReference implements [store.References].
func (st *Store) CurrentReference(ctx context.Context, account int64) (*program.Reference, error) {
	return st.versions.CurrentReference(ctx, account)
}

// Click implements [store.References].
func (st *Store) Click(ctx context.Context, account int64, id string) (c program.Click, err error) {
	err = st.db.Lookup(ctx, func(s *sqldb.Session) (err error) {
		c, err = reference.CurrentClick(s, account, id)
		return err
	})
	if err != nil {
		return program.Click{}, fmt.Errorf("click %s: %w", id, err)
	}
	return c, nil
}

// RateTables implements [store.References].
func (st *Store) RateTables(ctx context.Context, account int64, first, last program.Date, limit int) (tables []program.RateTable, err error) {
	err = st.db.Lookup(ctx, func(s *sqldb.Session) error {
		tables = nil
		return reference.CurrentRateTables(s, account, first, last, func(t program.RateTable) bool {
			tables = append(tables, t)
			return len(tables) < limit
		})
	})
	if err != nil {
		return nil, fmt.Errorf("rate tables: %w", err)
	}
	return tables, nil
}

// Record implements [store.References].
func (st *Store) Record(ctx context.Context, account int64, now time.Time, e store.AuditEvent, amend store.AmendReference) (int, error) {
	r, err := st.record(ctx, account, now, e, store.Key{}, amend)
	return len(r.names), err
}

// RecordRequest implements [store.References].
func (st *Store) RecordRequest(
	ctx context.Context, account int64, now time.Time, e store.AuditEvent, key store.Key, amend store.AmendReference,
) (store.RecordResult, error) {
	r, err := st.record(ctx, account, now, e, key, amend)
	return r.result, err
}

func (st *Store) record(
	ctx context.Context, account int64, now time.Time, e store.AuditEvent, key store.Key, amend store.AmendReference,
) (r recording, err error) {
	err = st.db.WriteFor(ctx, account, func(s *sqldb.Session) error {
		r = recording{Session: s, account: account, event: e, key: key}
		return r.run(st.versions, column.Truncate(now), amend)
	})
	st.versions.Changed()
	if err != nil {
		return recording{}, fmt.Errorf("record reference data of account %d: %w", account, err)
	}
	for _, notification := range r.ended {
		// An error has no consequence: the pending deliveries are shown as abandoned
		// already, and SetState abandons them when the notification becomes ACTIVE again.
		_ = st.AbandonPending(ctx, account, notification, now)
	}
	return r, nil
}

// recording records a change of reference data in one transaction.
type recording struct {
	*sqldb.Session
	account int64
	at      time.Time
	event   store.AuditEvent
	// key is stored with the resource of result, unless its text is empty.
	key    store.Key
	result store.RecordResult
	// names are those of the entries that are new or differ.
	names []string
	// ended are the notifications that are no longer ACTIVE.
	ended []int64
}

func (r *recording) run(versions *reference.Versions, now time.Time, amend store.AmendReference) error {
	before, known, err := r.begin(versions, now)
	if err != nil {
		return err
	}
	if replayed, err := r.replay(now); replayed || err != nil {
		return err
	}
	change, err := amend(before, r.at)
	if err != nil {
		return err
	}
	r.result.Resource = change.Resource
	if r.key.Text != "" {
		if err := submissions.RememberKey(r.Session, r.account, now, r.key, change.Resource); err != nil {
			return err
		}
	}
	if change.Account.ID != r.account && (!known || change.Account.ID != 0) {
		return fmt.Errorf("the account has id %d", change.Account.ID)
	}
	if err := r.write(change); err != nil {
		return err
	}
	if len(r.names) == 0 {
		return account.UseKey(r.Session, r.event.Key, r.at)
	}
	if err := errors.Join(r.finish(known), r.logEvent()); err != nil {
		return err
	}
	// Data that can't be loaded again must not be committed.
	_, err = reference.Load(r.Session, r.account, column.Micros(r.at))
	return err
}

// replay sets r.result to that of the first request with the key, and reports whether there
// was one.
func (r *recording) replay(now time.Time) (replayed bool, err error) {
	if r.key.Text == "" {
		return false, nil
	}
	first, err := submissions.FirstUse(r.Session, r.account, now, r.key)
	if errors.Is(err, ledger.ErrNotFound) {
		return false, nil
	}
	r.result = store.RecordResult{Resource: first.Resource, Replayed: true}
	return true, err
}

// begin locks the account's intake, sets r.at, and returns the current data. It reports
// whether the account exists.
func (r *recording) begin(versions *reference.Versions, now time.Time) (before *program.Reference, known bool, err error) {
	var last time.Time
	err = column.QueryRow(r.Session, "SELECT instant FROM intake WHERE account = ?"+r.Dialect().ForUpdate,
		[]any{r.account}, (*column.Instant)(&last))
	if errors.Is(err, ledger.ErrNotFound) {
		r.at = now
		return program.NewReference(), false, nil
	}
	if err != nil {
		return nil, false, err
	}
	r.at = column.MaxTime(now, last.Add(time.Microsecond))
	v, err := versions.At(r.Session, r.account, r.at)
	return v.Data, true, err
}

// finish sets the instant of the intake to r.at, so that later submissions use the new
// data. It creates the account if it doesn't exist.
func (r *recording) finish(known bool) error {
	if known {
		return r.Exec("UPDATE intake SET instant = ? WHERE account = ?", column.Micros(r.at), r.account)
	}
	return account.Create(r.Session, r.account, r.at)
}

// write writes the entries that are new or differ.
func (r *recording) write(change store.ReferenceChange) error {
	var errs []error
	for e := range change.Entries() {
		changed, err := r.entry(e)
		errs = append(errs, err)
		if n, ok := e.Value.(program.Notification); ok && changed {
			ended, err := webhooks.SetState(r.Session, r.account, n, r.at)
			if ended {
				r.ended = append(r.ended, n.ID)
			}
			errs = append(errs, err)
		}
	}
	for _, c := range change.Clicks {
		errs = append(errs, r.click(c))
	}
	tables, err := reference.RecordRates(r.Session, r.account, change.RateTables, r.at)
	for _, key := range tables {
		r.count(program.KindRateTable, key)
	}
	return errors.Join(append(errs, err)...)
}

// entry writes an entry unless it is stored already, and reports whether it did.
func (r *recording) entry(e program.ReferenceEntry) (changed bool, err error) {
	document, err := json.Marshal(e.Value)
	if err != nil {
		return false, err
	}
	var before string
	err = column.QueryRow(r.Session, `SELECT document FROM reference WHERE account = ? AND kind = ? AND key = ?
		ORDER BY recorded DESC LIMIT 1`, []any{r.account, e.Kind, e.Key}, &before)
	switch {
	case err == nil && before == string(document):
		return false, nil
	case err == nil && e.Kind == program.KindTerms:
		return false, fmt.Errorf("terms %s are recorded and differ: a version of terms is never changed", e.Key)
	case err != nil && !errors.Is(err, ledger.ErrNotFound):
		return false, err
	}
	r.count(e.Kind, e.Key)
	return true, r.Exec("INSERT INTO reference (account, kind, key, recorded, document) VALUES (?, ?, ?, ?, ?)",
		r.account, e.Kind, e.Key, column.Micros(r.at), string(document))
}

// click writes a click unless it is stored already.
func (r *recording) click(c program.Click) error {
	c.At = column.Truncate(c.At)
	before, err := reference.Click(r.Session, r.account, c.ID, r.at)
	switch {
	case err == nil && before == c:
		return nil
	case err != nil && !errors.Is(err, ledger.ErrNotFound):
		return err
	}
	r.count("click", c.ID)
	return reference.InsertClick(r.Session, r.account, c, r.at)
}

// maxNames is the largest number of entries that an audit event names.
const maxNames = 50

// count adds a changed entry.
func (r *recording) count(kind, key string) {
	r.names = append(r.names, strings.TrimSpace(kind+" "+key))
}

// logEvent writes the audit event. Its subject is the entry that changed, or the
// account if several did or the account itself.
func (r *recording) logEvent() error {
	slices.Sort(r.names)
	named := r.names[:min(len(r.names), maxNames)]
	subject, detail := fmt.Sprintf("account %d", r.account), strings.Join(named, ", ")
	switch {
	case len(r.names) == 1 && r.names[0] != "account":
		subject, detail = r.names[0], ""
	case len(r.names) > len(named):
		detail += fmt.Sprintf(" and %d more", len(r.names)-len(named))
	}
	return account.LogEvent(r.Session, r.event, r.account, r.at, subject, detail)
}
