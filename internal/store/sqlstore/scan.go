package sqlstore

import (
	"context"
	"iter"
	"math"
	"time"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/inquiries"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Scan implements [store.Scanner].
func (st *Store) Scan(ctx context.Context, accountID int64, f func(store.Contents) error) error {
	return account.Read(ctx, st.db, accountID, func(s *account.Snapshot) error {
		return f(contents{s, newReader(s, st.versions)})
	})
}

// contents implements [store.Contents].
type contents struct {
	*account.Snapshot
	reader reader
}

// Reference implements [store.Contents].
func (c contents) Reference(at time.Time) (*program.Reference, error) {
	return c.reader.referenceAt(at)
}

// Actions implements [store.Contents].
func (c contents) Actions() iter.Seq2[ledger.Action, error] {
	return listing.Scroll(c.Context, func(last *ledger.Action) ([]ledger.Action, error) {
		after := int64(0)
		if last != nil {
			after = last.ID.Number
		}
		return actions.LoadAfter(c.Session, c.Account, after, listing.Chunk)
	})
}

// Updates implements [store.Contents].
func (c contents) Updates() iter.Seq2[ledger.Update, error] {
	return listing.Scroll(c.Context, func(last *ledger.Update) ([]ledger.Update, error) {
		action, number := int64(0), int64(0)
		if last != nil {
			action, number = last.Action.Number, last.Number
		}
		return actions.UpdatesAfter(c.Session, c.Account, action, number, listing.Chunk)
	})
}

// Submissions implements [store.Contents].
func (c contents) Submissions() iter.Seq2[store.Submission, error] {
	return submissions.Scroll(c.Snapshot)
}

// Steps implements [store.Contents].
func (c contents) Steps(action int64) store.Steps {
	return submissions.Steps(c.Context, c.Session, c.Account, action, math.MaxInt64)
}

// Inquiries implements [store.Contents].
func (c contents) Inquiries() iter.Seq2[inquiry.Inquiry, error] { return inquiries.Scroll(c.Snapshot) }
