package billing

import (
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/money"
)

// InsertEntry inserts rows of [EntryRow].
var InsertEntry = sqldb.BulkInsert("entries", "partner", "instant", "kind text", "id text", "campaign", "event_date", "amount", "reason text")

// EntryRow returns the row of an entry.
func EntryRow(account int64, e invoice.Entry) []any {
	return []any{
		account, e.Partner, column.Micros(e.Date), string(e.Kind), e.ID, e.Campaign, column.Micros(e.EventDate), int64(e.Amount), e.Reason,
	}
}

const (
	selectEntries = `SELECT partner, instant, kind, id, campaign, event_date, amount, reason FROM entries
	WHERE account = ?1 AND partner >= ?2 AND (partner > ?2 OR instant > ?3 OR instant = ?3 AND (kind, id) > (?4, ?5))
	ORDER BY partner, instant, kind, id LIMIT ?6`
	selectEntriesOfKind = `SELECT partner, instant, kind, id, campaign, event_date, amount, reason FROM entries
	WHERE account = ?1 AND partner >= ?2 AND (partner > ?2 OR instant > ?3 OR instant = ?3 AND (kind, id) > (?4, ?5)) AND kind = ?7
	ORDER BY partner, instant, kind, id LIMIT ?6`
	selectPartnerEntries = `SELECT partner, instant, kind, id, campaign, event_date, amount, reason FROM entries
	WHERE account = ?1 AND partner = ?2 AND instant >= ?3 AND (instant > ?3 OR (kind, id) > (?4, ?5)) AND instant < ?7
	ORDER BY instant, kind, id LIMIT ?6`
)

// Entries returns all entries of a snapshot by partner, date, kind and id.
func Entries(r *account.Snapshot) iter.Seq2[invoice.Entry, error] {
	return scroll(r, selectEntries, invoice.Entry{}, int64(listing.Chunk))
}

// entriesOfKind returns the entries of a kind by partner, date and id.
func entriesOfKind(r *account.Snapshot, kind invoice.Kind) iter.Seq2[invoice.Entry, error] {
	return scroll(r, selectEntriesOfKind, invoice.Entry{}, int64(listing.Chunk), string(kind))
}

// entries returns the entries of a partner with dates from since until before end.
func entries(r *account.Snapshot, partner int64, since, end time.Time) iter.Seq2[invoice.Entry, error] {
	return scroll(r, selectPartnerEntries, invoice.Entry{Partner: partner, Date: since}, int64(listing.Chunk), column.Micros(end))
}

// scroll returns the entries that a query selects, beginning after the entry first.
func scroll(r *account.Snapshot, query string, first invoice.Entry, more ...any) iter.Seq2[invoice.Entry, error] {
	return listing.Scroll(r.Context, func(last *invoice.Entry) ([]invoice.Entry, error) {
		if last == nil {
			last = &first
		}
		args := []any{r.Account, last.Partner, column.Micros(last.Date), string(last.Kind), last.ID}
		return column.Collect(r.Session, query, append(args, more...), func(e *invoice.Entry) []any {
			return []any{&e.Partner, (*column.Instant)(&e.Date), &e.Kind, &e.ID, &e.Campaign, (*column.Instant)(&e.EventDate), &e.Amount, &e.Reason}
		})
	})
}

// sumEntries returns the sum of a partner's entries with dates from since until before end. A kind
// selects the entries of that kind. If the sum overflows, the error is [money.ErrTooLarge].
func sumEntries(s *sqldb.Session, account, partner int64, kind invoice.Kind, since, end time.Time) (money.Amount, error) {
	query, args := "SELECT "+selectSum("amount")+" FROM entries WHERE account = ? AND partner = ? AND instant >= ? AND instant < ?",
		[]any{account, partner, column.Micros(since), column.Micros(end)}
	if kind != "" {
		query, args = query+" AND kind = ?", append(args, string(kind))
	}
	var found sum
	if err := s.Row(query, args, found.dest()...); err != nil {
		return 0, err
	}
	return found.amount()
}
