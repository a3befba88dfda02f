// Package erasure erases the personal data of customers, in many short transactions.
package erasure

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/apply"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/reference"
	"github.com/trueup-ledger/trueup/ledger/personal"
)

const (
	// readChunk is the number of rows that are read at a time, and writeChunk that of the rows
	// that one transaction writes.
	readChunk  = 500
	writeChunk = 100
	// heldPause is the time between two attempts to apply submissions while another process does.
	heldPause = 20 * time.Millisecond
)

// Eraser erases personal data.
type Eraser struct {
	DB       *sqldb.DB
	Versions *reference.Versions
	Applier  *apply.Applier
}

// Erase implements [store.Eraser].
func (er *Eraser) Erase(
	ctx context.Context, accountID int64, now time.Time, customer string, dryRun bool, folder store.ArchiveFolder, decide store.Decide, e store.AuditEvent,
) (store.Erasure, error) {
	r := &run{
		Eraser: er, ctx: ctx, account: accountID, now: column.Truncate(now), dryRun: dryRun, folder: folder,
		id: customer, customer: personal.NewCustomer(customer), event: e, private: make(map[string]bool), counted: make(map[int64]bool),
	}
	err := r.run(decide)
	if err != nil {
		return r.done, fmt.Errorf("erase a customer of account %d: %w", accountID, err)
	}
	return r.done, nil
}

// run is one call of [Eraser.Erase].
type run struct {
	*Eraser
	ctx      context.Context
	account  int64
	now      time.Time
	dryRun   bool
	folder   store.ArchiveFolder
	id       string
	customer *personal.Customer
	event    store.AuditEvent
	// private are texts of inquiries that were erased.
	private map[string]bool
	// counted are the actions that a dry run counted.
	counted map[int64]bool
	done    store.Erasure
	// archived are the archived records that are the customer's or were erased.
	archived archivedRecords
	// damaged are the errors of archives that could not be erased.
	damaged []error
	// partial is an error of the removal of incomplete archives.
	partial error

	// pending are the numbers of conversions to erase, newest first, of those up to top. Left and
	// seen are what a transaction makes of them.
	pending, left []int64
	top, seen     int64
}

func (r *run) run(decide store.Decide) error {
	if r.id == "" {
		return errors.New("the id of the customer is empty")
	}
	if err := r.checkFiles(); err != nil {
		return err
	}
	if err := r.checkArchives(); err != nil {
		return err
	}
	if !r.dryRun {
		if err := r.applyQueue(decide); err != nil {
			return err
		}
	}
	if err := r.readClicks(); err != nil {
		return err
	}
	if err := r.readArchived(); err != nil {
		return err
	}
	if err := r.conversions(); err != nil {
		return err
	}
	scanned, err := r.notesAfter(0)
	if err != nil {
		return err
	}
	for _, step := range []func() error{r.inquiries, r.fileRows, r.keys, r.responses, r.deliveries, r.events, r.archives} {
		if err := step(); err != nil {
			return err
		}
	}
	if !r.dryRun {
		if err := r.finish(scanned); err != nil {
			return err
		}
		if err := r.DB.Scrub(r.ctx); err != nil {
			return err
		}
	}
	return errors.Join(append(r.damaged, r.partial)...)
}

// checkFiles returns an error if the account doesn't exist or has a file whose rows are not all
// queued: its content can't be erased before.
func (r *run) checkFiles() error {
	return r.DB.Lookup(r.ctx, func(s *sqldb.Session) error {
		if _, err := account.Salt(s, r.account); err != nil {
			return err
		}
		unread, err := column.Exists(s, "SELECT number FROM files WHERE account = ? AND read IS NULL LIMIT 1", r.account)
		if err == nil && unread {
			err = store.ErrUnreadFiles
		}
		return err
	})
}

// applyQueue applies the submissions that are queued now.
func (r *run) applyQueue(decide store.Decide) error {
	var accepted, applied int64
	read := func(s *sqldb.Session) error {
		return s.Row("SELECT i.number, a.number FROM intake i JOIN applier a ON a.account = i.account WHERE i.account = ?",
			[]any{r.account}, &accepted, &applied)
	}
	if err := r.DB.Lookup(r.ctx, read); err != nil {
		return err
	}
	upTo := accepted
	for applied < upTo {
		_, err := r.Applier.Apply(r.ctx, r.account, r.now, store.MaxBatch, decide)
		if errors.Is(err, store.ErrHeldElsewhere) {
			select {
			case <-time.After(heldPause):
			case <-r.ctx.Done():
				return context.Cause(r.ctx)
			}
			err = nil
		}
		before := applied
		if failed := r.DB.Lookup(r.ctx, read); failed != nil {
			return failed
		}
		if err != nil && applied == before && r.ctx.Err() != nil {
			return err // otherwise it was an attempt, after some of which the submission is parked
		}
	}
	return nil
}

// read runs f on a snapshot of the account.
func (r *run) read(f func(*sqldb.Session) error) error {
	if r.ctx.Err() != nil {
		return context.Cause(r.ctx)
	}
	return r.DB.Read(r.ctx, r.account, f)
}

// write runs f in a transaction in which nothing else accepts or applies submissions of the
// account.
func (r *run) write(f func(*sqldb.Session) error) error {
	before := r.done
	return r.DB.WriteFor(r.ctx, r.account, func(s *sqldb.Session) error {
		r.done = before // f runs again after a conflict
		if err := account.LockIntake(s, r.account); err != nil {
			return err
		}
		if err := account.LockApplier(s, r.account); err != nil {
			return err
		}
		return f(s)
	})
}

// position returns the number of the last submission that is complete.
func (r *run) position(s *sqldb.Session) (applied int64, err error) {
	err = column.QueryRow(s, "SELECT number FROM applier WHERE account = ?", []any{r.account}, &applied)
	return applied, err
}

// inChunks calls f with the elements of all, some at a time.
func inChunks[T any](all []T, f func(chunk []T) error) error {
	for len(all) > 0 {
		n := min(len(all), writeChunk)
		if err := f(all[:n]); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}
