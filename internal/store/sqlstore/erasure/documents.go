package erasure

import (
	"encoding/json"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/inquiries"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
)

// document is a row with a JSON document.
type document struct {
	number, line int64
	text         []byte
}

// inquiries erases the inquiries about orders of the customer.
func (r *run) inquiries() error {
	return scroll(r, "SELECT number, document FROM inquiries WHERE account = ? AND number > ? ORDER BY number LIMIT ?",
		func(d *document) []any { return []any{&d.number, &d.text} },
		func(d *document) []any {
			if d == nil {
				return []any{int64(0)}
			}
			return []any{d.number}
		},
		func(rows []document) error {
			var changed []inquiry.Inquiry
			for _, d := range rows {
				var q inquiry.Inquiry
				if err := json.Unmarshal(d.text, &q); err != nil {
					return err
				}
				concerned := r.customer.Is(q.Resolution.Customer)
				if err := r.read(func(s *sqldb.Session) error {
					ordered, err := r.isOrder(s, q.Order)
					concerned = concerned || ordered
					return err
				}); err != nil {
					return err
				}
				if concerned && r.eraseInquiry(&q) {
					q.Number = d.number
					changed = append(changed, q)
				}
			}
			return change(r, changed, &r.done.Inquiries, func(s *sqldb.Session, q inquiry.Inquiry) error {
				return r.saveInquiry(s, q.Number)
			})
		})
}

// saveInquiry erases an inquiry as it is now.
func (r *run) saveInquiry(s *sqldb.Session, number int64) error {
	q, err := inquiries.Load(s, r.account, number)
	if err != nil || !r.eraseInquiry(&q) {
		return err
	}
	return inquiries.Save(s, r.account, q)
}

// eraseInquiry erases the texts of an inquiry, and reports whether it had any.
func (r *run) eraseInquiry(q *inquiry.Inquiry) (changed bool) {
	texts := q.PrivateTexts()
	for _, text := range texts {
		if *text == "" || *text == erased {
			continue
		}
		if quoted, err := json.Marshal(*text); err == nil && len(*text) >= shortest {
			r.private[string(quoted[1:len(quoted)-1])] = true
		}
		*text, changed = erased, true
	}
	return changed
}

// fileRows erases the errors of rows of batch files that belong to orders of the customer or
// contain the customer's id.
func (r *run) fileRows() error {
	return scroll(r, `SELECT file, line, fault FROM file_rows WHERE account = ? AND fault <> '' AND (file > ? OR file = ? AND line > ?)
		ORDER BY file, line LIMIT ?`,
		func(d *document) []any { return []any{&d.number, &d.line, &d.text} },
		func(d *document) []any {
			if d == nil {
				return []any{int64(0), int64(0), int64(0)}
			}
			return []any{d.number, d.number, d.line}
		},
		func(rows []document) error {
			var changed []document
			for _, d := range rows {
				var e store.RowError
				if err := json.Unmarshal(d.text, &e); err != nil {
					return err
				}
				concerned := mentions(e.Message, r.id)
				if err := r.read(func(s *sqldb.Session) error {
					ordered, err := r.isOrder(s, e.Order)
					concerned = concerned || ordered
					return err
				}); err != nil {
					return err
				}
				if !concerned || e.Message == erased {
					continue
				}
				e.Message = erased
				text, err := json.Marshal(e)
				if err != nil {
					return err
				}
				d.text = text
				changed = append(changed, d)
			}
			return change(r, changed, &r.done.FileRows, func(s *sqldb.Session, d document) error {
				return s.Exec("UPDATE file_rows SET fault = ? WHERE account = ? AND file = ? AND line = ?", string(d.text), r.account, d.number, d.line)
			})
		})
}

// delivery is the key of a row of the table deliveries.
type delivery struct{ notification, number int64 }

// deliveries erases the errors of webhooks about actions of the customer: receivers may quote the
// requests in them.
func (r *run) deliveries() error {
	return scroll(r, `SELECT d.notification, d.number FROM deliveries d JOIN actions a ON a.account = d.account AND a.number = d.action
		WHERE d.account = ?1 AND (a.customer = ?2 OR `+submissions.Erased+`) AND d.error <> '' AND d.error <> '`+erased+`'
		AND (d.notification > ?3 OR d.notification = ?3 AND d.number > ?4) ORDER BY d.notification, d.number LIMIT ?5`,
		func(d *delivery) []any { return []any{&d.notification, &d.number} },
		func(d *delivery) []any {
			if d == nil {
				d = new(delivery)
			}
			return []any{r.id, d.notification, d.number}
		},
		func(rows []delivery) error {
			return change(r, rows, &r.done.Deliveries, func(s *sqldb.Session, d delivery) error {
				return s.Exec("UPDATE deliveries SET error = '"+erased+"' WHERE account = ? AND notification = ? AND number = ?",
					r.account, d.notification, d.number)
			})
		})
}
