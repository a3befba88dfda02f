package sqlstore

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// live answers a store of 20 orders, and the same one open for reading alone.
func (d database) live(t *testing.T) (live, reading *Store) {
	t.Helper()
	where := d.place(t)
	live, err := d.open(t.Context(), where)
	live = untilEnd(t, live, err)
	fill(t, live, 20)
	reading, err = d.readOnly(t.Context(), where)
	return live, untilEnd(t, reading, err)
}

func TestALiveStoreIsReadWhileItIsWritten(t *testing.T) {
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			live, reading := d.live(t)
			wantLawful(t, reading)
			write(t, live, []store.Submission{modification(1, 1), modification(1, 2)})
			wantLawful(t, reading)
			if n, err := reading.Applied(t.Context(), account); n != 22 || err != nil {
				t.Errorf("%d submissions are complete, want 22 (%v)", n, err)
			}
		})
	}
}

func TestAStoreThatIsOpenForReadingRefusesEveryWrite(t *testing.T) {
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			live, reading := d.live(t)
			for name, write := range writesTo(reading, live) {
				if err := write(t.Context()); !errors.Is(err, ErrReadOnly) {
					t.Errorf("%s: error is %v, want %v", name, err, ErrReadOnly)
				}
			}
		})
	}
}

// writesTo answers every method of a store that writes.
func writesTo(st, other *Store) map[string]func(ctx context.Context) error {
	id, submission := ledger.ActionID{Campaign: 1000, EventType: 2240, Number: 1}, store.SubmissionID("1")
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
			_, err := st.Record(ctx, account, now, byTest, func(*ledger.Reference, time.Time) (store.ReferenceChange, error) {
				return store.ReferenceChange{}, nil
			})
			return err
		},
		"SetCap": func(ctx context.Context) error {
			return st.SetModificationLimit(ctx, account, now, id, ledger.MaxModificationLimit, byTest)
		},
		"Park": func(ctx context.Context) error { return st.Park(ctx, account, now, submission, byTest) },
		"Retry": func(ctx context.Context) error {
			_, err := st.Retry(ctx, account, now, submission, byTest)
			return err
		},
		"Tell": func(ctx context.Context) error { return st.NotifyQueued(ctx, account) },
		"KeepDeliveries": func(ctx context.Context) error {
			return st.KeepDeliveries(ctx, account, 1, now, store.DeliveryBatch{To: 1})
		},
		"Resend": func(ctx context.Context) error {
			_, err := st.Resend(ctx, account, 1, now, ledger.UpdateID{}, byTest)
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
			_, _, err := st.AcceptFile(ctx, account, now, store.NewFile{Name: "a.csv", Content: []byte("a")})
			return err
		},
		"TakeRows": func(ctx context.Context) error {
			return st.QueueRows(ctx, account, now, store.RowBatch{File: 1, Last: true})
		},
		"CreateInquiry": func(ctx context.Context) error {
			claim := ledger.Claim{Campaign: 1000, Partner: 501, Order: "order-1", Date: now, Type: ledger.InquiryUntracked}
			_, err := st.CreateInquiry(ctx, account, now, claim, byTest)
			return err
		},
		"ResolveInquiry": func(ctx context.Context) error {
			_, err := st.ResolveInquiry(ctx, account, now, store.InquiryAnswer{Number: 1})
			return err
		},
		"Floor": func(ctx context.Context) error {
			_, err := st.Floor(ctx, other, time.Hour)
			return err
		},
		"Size": func(ctx context.Context) error { // it has the log be written back
			_, err := st.Size(ctx)
			return err
		},
	}
}

func TestACopyOfALiveStoreIsRead(t *testing.T) {
	dir, copied := t.TempDir(), t.TempDir()
	fill(t, open(t, dir), 20)
	for _, file := range Files() {
		if text, err := os.ReadFile(filepath.Join(dir, file)); err == nil {
			if err := os.WriteFile(filepath.Join(copied, file), text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	st, err := OpenSQLiteReadOnly(t.Context(), copied)
	wantLawful(t, untilEnd(t, st, err))
}

func TestWhereNoStoreIsNoneIsOpenedForReading(t *testing.T) {
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			where := d.place(t)
			for range 2 { // the first one made none
				if _, err := d.readOnly(t.Context(), where); err == nil || d.name == "SQLite" && !errors.Is(err, os.ErrNotExist) {
					t.Errorf("error is %v", err)
				}
			}
		})
	}
}
