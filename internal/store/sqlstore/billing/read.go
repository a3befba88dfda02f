package billing

import (
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"time"

	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

const selectEntries = `SELECT partner, instant, kind, id, campaign, event_date, amount FROM entries
	WHERE account = ?1 AND partner >= ?2 AND (partner > ?2 OR instant > ?3 OR instant = ?3 AND (kind, id) > (?4, ?5))
	ORDER BY partner, instant, kind, id LIMIT ?6`

// Entries returns all entries of a snapshot by partner, date, kind and id.
func Entries(r *account.Snapshot) iter.Seq2[invoice.Entry, error] {
	return scroll(r, selectEntries, invoice.Entry{}, int64(listing.Chunk))
}

const selectPartnerEntries = `SELECT partner, instant, kind, id, campaign, event_date, amount FROM entries
	WHERE account = ?1 AND partner = ?2 AND instant >= ?3 AND (instant > ?3 OR (kind, id) > (?4, ?5)) AND instant < ?7
	ORDER BY instant, kind, id LIMIT ?6`

// entries returns the entries of a partner with dates from since until before end.
func entries(r *account.Snapshot, partner int64, since, end time.Time) iter.Seq2[invoice.Entry, error] {
	return scroll(r, selectPartnerEntries, invoice.Entry{Partner: partner, Date: since}, int64(listing.Chunk), column.Micros(end))
}

// scroll returns the entries that a query selects, beginning after the entry first.
func scroll(r *account.Snapshot, query string, first invoice.Entry, more ...any) iter.Seq2[invoice.Entry, error] {
	return listing.Scroll(r.Context, func(last *invoice.Entry) (found []invoice.Entry, err error) {
		if last == nil {
			last = &first
		}
		var e invoice.Entry
		err = r.Rows(query, append([]any{r.Account, last.Partner, column.Micros(last.Date), string(last.Kind), last.ID}, more...),
			[]any{&e.Partner, (*column.Instant)(&e.Date), &e.Kind, &e.ID, &e.Campaign, (*column.Instant)(&e.EventDate), &e.Amount}, func() error {
				found = append(found, e)
				return nil
			})
		return found, err
	})
}

// Invoices returns all invoices of a snapshot by partner and number.
func Invoices(r *account.Snapshot) iter.Seq2[invoice.Invoice, error] {
	return listing.Scroll(r.Context, func(last *invoice.Invoice) (found []invoice.Invoice, err error) {
		after := invoice.ID{Partner: math.MinInt64}
		if last != nil {
			after = last.ID
		}
		var document []byte
		var id invoice.ID
		var digest column.Digest
		err = r.Rows(`SELECT partner, number, digest, document FROM invoices
			WHERE account = ?1 AND partner >= ?2 AND (partner > ?2 OR number > ?3) ORDER BY partner, number LIMIT ?4`,
			[]any{r.Account, after.Partner, after.Number, int64(listing.Chunk)}, []any{&id.Partner, &id.Number, &digest, &document}, func() error {
				var v invoice.Invoice
				if err := json.Unmarshal(document, &v); err != nil {
					return fmt.Errorf("invoice %s: %w", id, err)
				}
				v.ID, v.Digest = id, ids.Hash(digest) // Scroll follows the id of the row
				found = append(found, v)
				return nil
			})
		return found, err
	})
}
