package sqlstore_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// openBoth returns a store of 20 orders that is open for writing, and the same store
// opened read-only.
func (d database) openBoth(t *testing.T) (writer, reader *sqlstore.Store) {
	t.Helper()
	location := d.newLocation(t)
	writer, err := d.open(t.Context(), location)
	writer = closeAfter(t, writer, err)
	fill(t, writer, 20)
	reader, err = d.readOnly(t.Context(), location)
	return writer, closeAfter(t, reader, err)
}

func TestAStoreIsReadWhileItIsWritten(t *testing.T) {
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			writer, reader := d.openBoth(t)
			wantSound(t, reader)
			submit(t, writer, []store.Submission{modification(1, 1), modification(1, 2)})
			wantSound(t, reader)
			if n, err := reader.Applied(t.Context(), account); n != 22 || err != nil {
				t.Errorf("%d submissions are complete, want 22 (%v)", n, err)
			}
		})
	}
}

func TestAReadOnlyStoreRejectsEveryWrite(t *testing.T) {
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			_, reader := d.openBoth(t)
			for name, write := range writes(reader) {
				if err := write(t.Context()); !errors.Is(err, sqldb.ErrReadOnly) {
					t.Errorf("%s: error is %v, want %v", name, err, sqldb.ErrReadOnly)
				}
			}
		})
	}
}

// writes returns calls of every method that writes to a store.
func writes(st *sqlstore.Store) map[string]func(ctx context.Context) error {
	id, submission := ids.ActionID{Campaign: 1000, EventType: 2240, Number: 1}, store.SubmissionID("1")
	return map[string]func(ctx context.Context) error{
		"Accept": func(ctx context.Context) error {
			_, err := st.Accept(ctx, account, now, []store.Submission{modification(1, 1)})
			return err
		},
		"Apply": func(ctx context.Context) error {
			_, err := st.Apply(ctx, account, now, 1, ledger.Decide)
			return err
		},
		"Record": func(ctx context.Context) error {
			_, err := st.Record(ctx, account, now, byTest, func(*program.Reference, time.Time) (store.ReferenceChange, error) {
				return store.ReferenceChange{}, nil
			})
			return err
		},
		"SetModificationLimit": func(ctx context.Context) error {
			return st.SetModificationLimit(ctx, account, now, id, ledger.MaxModificationLimit, byTest)
		},
		"Park": func(ctx context.Context) error { return st.Park(ctx, account, now, submission, byTest) },
		"Retry": func(ctx context.Context) error {
			_, err := st.Retry(ctx, account, now, submission, byTest)
			return err
		},
		"NotifyQueued": func(ctx context.Context) error { return st.NotifyQueued(ctx, account) },
		"SaveDeliveries": func(ctx context.Context) error {
			return st.SaveDeliveries(ctx, account, 1, now, store.DeliveryBatch{To: 1})
		},
		"AbandonPending": func(ctx context.Context) error { return st.AbandonPending(ctx, account, 1, now) },
		"Resend": func(ctx context.Context) error {
			_, err := st.Resend(ctx, account, 1, now, store.EventID{}, byTest)
			return err
		},
		"SaveToken": func(ctx context.Context) error {
			return st.SaveToken(ctx, store.Token{SID: "a", Account: account, Created: now}, byTest)
		},
		"ChangeToken": func(ctx context.Context) error {
			_, err := st.ChangeToken(ctx, "a", byTest, func(t store.Token) (store.Token, error) { return t, nil })
			return err
		},
		"AcceptFile": func(ctx context.Context) error {
			_, _, err := st.AcceptFile(ctx, account, now, store.NewFile{Event: byTest, Name: "a.csv", Content: []byte("a")})
			return err
		},
		"QueueRows": func(ctx context.Context) error {
			return st.QueueRows(ctx, account, now, store.RowBatch{File: 1, Last: true})
		},
		"CreateInquiry": func(ctx context.Context) error {
			claim := inquiry.Claim{Campaign: 1000, Partner: 501, Order: "order-1", Date: now, Type: inquiry.TypeUntracked}
			_, err := st.CreateInquiry(ctx, account, now, claim, byTest)
			return err
		},
		"ResolveInquiry": func(ctx context.Context) error {
			_, err := st.ResolveInquiry(ctx, account, now, store.InquiryAnswer{Number: 1})
			return err
		},
		"Replay": func(ctx context.Context) error {
			c := new(sqlstore.Commit)
			return errors.Join(c.AddAccepted(account, []store.Submission{modification(1, 1)}), st.Replay(ctx, c))
		},
		"InsertBare": func(ctx context.Context) error { return st.InsertBare(ctx, 1, func(time.Duration) {}) },
		"Size": func(ctx context.Context) error { // it checkpoints the server
			_, err := st.Size(ctx)
			return err
		},
	}
}

func TestACopyOfAnOpenStoreIsRead(t *testing.T) {
	dir, copyDir := t.TempDir(), t.TempDir()
	fill(t, openSQLite(t, dir), 20)
	for _, file := range sqldb.SQLiteFiles() {
		if content, err := os.ReadFile(filepath.Join(dir, file)); err == nil {
			if err := os.WriteFile(filepath.Join(copyDir, file), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	st, err := sqlstore.OpenSQLiteReadOnly(t.Context(), copyDir)
	wantSound(t, closeAfter(t, st, err))
}

func TestAMissingStoreIsNotOpenedReadOnly(t *testing.T) {
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			where := d.newLocation(t)
			for range 2 { // the first attempt creates none
				if _, err := d.readOnly(t.Context(), where); err == nil || d.name == "SQLite" && !errors.Is(err, os.ErrNotExist) {
					t.Errorf("error is %v", err)
				}
			}
		})
	}
}
