package sqlstore

import (
	"context"
	"errors"
	"iter"
	"math"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/sqldb/integrity"
	"github.com/trueup-ledger/trueup/internal/sqldb/seal"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/replay"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/billing"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/inquiries"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/reference"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/retention"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Scan implements [store.Scanner].
func (st *Store) Scan(ctx context.Context, accountID int64, f func(store.Contents) error) error {
	return account.Read(ctx, st.db, accountID, func(s *account.Snapshot) error {
		return f(contents{s, newReader(s, st.versions), st.db.Catalogue(), new(recentVersions), new(prefetchedSteps)})
	})
}

// CheckStore implements [store.Scanner].
func (st *Store) CheckStore(ctx context.Context, report store.ReportDamage) error {
	return st.db.Read(ctx, 0, func(s *sqldb.Session) error {
		var known []int64
		var number int64
		err := s.Rows("SELECT account FROM accounts ORDER BY account", nil, []any{&number}, func() error {
			known = append(known, number)
			return nil
		})
		catalogue := st.db.Catalogue()
		if err == nil {
			err = catalogue.CheckAccounts(s.Rows, known, seal.Report(report))
		}
		if err == nil {
			err = catalogue.Check(s.Rows, 0, func() error { return context.Cause(ctx) }, seal.Report(report))
		}
		if err == nil {
			err = integrity.Check(s, report)
		}
		return err
	})
}

// HasIntegrityCheck reports whether [Store.CheckStore] checks the database's own structures.
func (st *Store) HasIntegrityCheck(ctx context.Context) (has bool, err error) {
	err = st.db.Lookup(ctx, func(s *sqldb.Session) (err error) {
		has, err = integrity.Available(s)
		return err
	})
	return has, err
}

// contents implements [store.Contents].
type contents struct {
	*account.Snapshot
	reader    reader
	catalogue seal.Catalogue
	recent    *recentVersions
	ahead     *prefetchedSteps
}

// prefetchedSteps holds steps by action that [contents.ActionsIn] read in advance.
type prefetchedSteps map[int64][]replay.Step

// Sizes of a chunk of [contents.ActionsIn] with a prefetch: a submission can have a megabyte.
const (
	prefetchActions = 64
	prefetchSteps   = 64
)

// prefetch reads the steps of a chunk of actions in one round trip, except of those that have
// too many.
func (c contents) prefetch(chunk []ledger.Action) (err error) {
	var numbers []int64
	count := 0
	for _, a := range chunk {
		if n := a.Modifications; n > 0 && count+n <= prefetchSteps {
			numbers, count = append(numbers, a.ID.Number), count+n
		}
	}
	*c.ahead = nil
	if len(numbers) > 0 {
		*c.ahead, err = submissions.StepsOf(c.Session, c.Account, numbers)
	}
	return err
}

// Limits of [recentVersions]: a version holds all reference data of the account.
const (
	maxVersions       = 16
	maxVersionEntries = 200_000
)

// recentVersions caches the versions of reference data that were read last, because the
// submissions of actions in order are of any times.
type recentVersions []reference.Version

// add adds a version and removes the oldest ones beyond the limits.
func (r *recentVersions) add(v reference.Version) {
	*r = append(*r, v)
	entries := 0
	for i, v := range slices.Backward(*r) {
		if entries += v.Data.Len(); i < len(*r)-1 && (entries > maxVersionEntries || i < len(*r)-maxVersions) {
			*r = slices.Delete(*r, 0, i+1)
			break
		}
	}
}

// Reference implements [store.Contents].
func (c contents) Reference(at time.Time) (*program.Reference, error) {
	for _, v := range slices.Backward(*c.recent) {
		if v.Covers(at) {
			return v.Data, nil
		}
	}
	v, err := c.reader.versions.At(c.Session, c.Account, at)
	if err != nil {
		return nil, err
	}
	c.recent.add(v)
	return v.Data, nil
}

// Positions implements [store.Contents].
func (c contents) Positions() (p store.Positions, err error) {
	err = column.QueryRow(c.Session, `SELECT i.instant, a.instant, a.attempts,
		(SELECT min(r.recorded) FROM reference r WHERE r.account = ?1),
		(SELECT max(r.recorded) FROM (SELECT r.recorded FROM reference r WHERE r.account = ?1
			UNION ALL SELECT k.recorded FROM clicks k WHERE k.account = ?1
			UNION ALL SELECT x.recorded FROM rates x WHERE x.account = ?1) AS r),
		(SELECT count(*) FROM outcomes o WHERE o.account = ?1), (SELECT coalesce(max(o.number), 0) FROM outcomes o WHERE o.account = ?1),
		coalesce((SELECT n.number FROM inquiry_numbers n WHERE n.account = ?1), 0),
		(SELECT n.instant FROM inquiry_numbers n WHERE n.account = ?1)
		FROM intake i JOIN applier a ON a.account = i.account WHERE i.account = ?1`, []any{c.Account},
		(*column.Instant)(&p.Accepted), (*column.Instant)(&p.Applied), &p.Attempts, (*column.Instant)(&p.FirstRecorded),
		(*column.Instant)(&p.LastRecorded), &p.Outcomes, &p.LastOutcome, &p.Inquiry, (*column.Instant)(&p.InquiryCreated))
	if err == nil {
		p.Counters, err = c.Counters()
	}
	if err == nil {
		p.Undone, err = actions.CountUndone(c.Session, c.Account)
	}
	return p, err
}

// CheckRecords implements [store.Contents].
func (c contents) CheckRecords(report store.ReportDamage) error {
	checkContext := func() error { return context.Cause(c.Context) }
	return c.catalogue.Check(c.Rows, c.Account, checkContext, seal.Report(report))
}

// Billing implements [store.Contents].
func (c contents) Billing() (b store.Billing, err error) {
	b = store.Billing{Entries: billing.Entries(c.Snapshot), Invoices: billing.Invoices(c.Snapshot)}
	if b.Position, err = billing.Position(c.Session, c.Account); err == nil {
		err = c.Row("SELECT count(*) FROM payments WHERE account = ?", []any{c.Account}, &b.Payments)
	}
	return b, err
}

// Conversions implements [store.Contents].
func (c contents) Conversions() iter.Seq2[replay.Step, error] {
	return submissions.Conversions(c.Snapshot)
}

// LookupAsOf implements [store.Contents].
func (c contents) LookupAsOf(s ledger.Submission) ledger.Lookup {
	return lookupAsOf{contents: c, submission: s}
}

// Actions implements [store.Contents].
func (c contents) Actions(eventDate search.TimeRange) iter.Seq2[ledger.Action, error] {
	return listing.Scroll(c.Context, func(last *ledger.Action) ([]ledger.Action, error) {
		after := int64(0)
		if last != nil {
			after = last.ID.Number
		}
		switch {
		case eventDate == (search.TimeRange{}):
			return actions.LoadAfter(c.Session, c.Account, after, listing.Chunk)
		case !c.Dialect().Arrays:
			return actions.LoadIn(c.Session, c.Account, after, eventDate, listing.Chunk)
		}
		chunk, err := actions.LoadIn(c.Session, c.Account, after, eventDate, prefetchActions)
		if err == nil {
			err = c.prefetch(chunk)
		}
		return chunk, err
	})
}

// Updates implements [store.Contents].
func (c contents) Updates() iter.Seq2[ledger.Update, error] {
	return actions.All(c.Snapshot)
}

// Submissions implements [store.Contents].
func (c contents) Submissions() iter.Seq2[store.Submission, error] {
	return submissions.Scroll(c.Snapshot)
}

// Steps implements [store.Contents].
func (c contents) Steps(action int64) replay.Steps {
	if steps, read := (*c.ahead)[action]; read {
		return func(yield func(replay.Step, error) bool) {
			for _, step := range steps {
				if !yield(step, nil) {
					return
				}
			}
		}
	}
	return submissions.Steps(c.Context, c.Session, c.Account, action, math.MaxInt64)
}

// Adjustments implements [store.Contents].
func (c contents) Adjustments() iter.Seq2[ledger.Adjustment, error] {
	return actions.Adjustments(c.Snapshot)
}

// LateSteps implements [store.Contents].
func (c contents) LateSteps(action int64) replay.Steps {
	return submissions.LateSteps(c.Context, c.Session, c.Account, action)
}

// UndoOf implements [store.Contents].
func (c contents) UndoOf(submission int64) (int64, error) {
	m, err := submissions.AmendmentOf(c.Session, c.Account, submission)
	if errors.Is(err, ledger.ErrNotFound) {
		err = nil
	}
	return m.Undo, err
}

// Archived implements [store.Contents].
func (c contents) Archived() store.Archived { return retention.Archived(c.Snapshot) }

// Inquiries implements [store.Contents].
func (c contents) Inquiries() iter.Seq2[inquiry.Inquiry, error] { return inquiries.Scroll(c.Snapshot) }
