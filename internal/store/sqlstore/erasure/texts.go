package erasure

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
)

// erased is written in place of a text.
const erased = "[erased]"

// shortest is the least number of bytes of an id that is searched for in texts of people: a
// shorter one is probably something else.
const shortest = 4

// mentions reports whether a text contains a word, which can have any characters.
func mentions(text, word string) bool { return replaceWord(text, word) != text }

// replaceWord replaces the occurrences of a word that no letter or digit adjoins.
func replaceWord(text, word string) string {
	var b strings.Builder
	for word != "" {
		i := strings.Index(text, word)
		if i < 0 {
			break
		}
		before, _ := utf8.DecodeLastRuneInString(b.String() + text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(word):])
		if isWordRune(before) || isWordRune(after) {
			_, size := utf8.DecodeRuneInString(text[i:])
			b.WriteString(text[:i+size])
			text = text[i+size:]
			continue
		}
		b.WriteString(text[:i] + erased)
		text = text[i+len(word):]
	}
	return b.String() + text
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// mentionsCustomer reports whether a text contains the customer's id, if it is long enough.
func (r *run) mentionsCustomer(text string) bool {
	return len(r.id) >= shortest && mentions(text, r.id)
}

// scroll reads the rows of a query in chunks, each in a snapshot, and calls each with them. Dest
// returns the scan targets, and after the arguments that follow the account for the rows after
// one, or the first ones for nil.
func scroll[T any](r *run, text string, dest func(*T) []any, after func(*T) []any, each func([]T) error) error {
	var last *T
	for {
		var rows []T
		err := r.read(func(s *sqldb.Session) (err error) {
			rows, err = column.Collect(s, text, append(append([]any{r.account}, after(last)...), int64(readChunk)), dest)
			return err
		})
		if err == nil && len(rows) > 0 {
			err = each(rows)
		}
		if err != nil || len(rows) < readChunk {
			return err
		}
		last = &rows[len(rows)-1]
	}
}

// change counts the changes of rows, and unless it is a dry run, calls write for some of them at a
// time in a transaction.
func change[T any](r *run, changes []T, count *int64, write func(*sqldb.Session, T) error) error {
	if r.dryRun {
		*count += int64(len(changes))
		return nil
	}
	return inChunks(changes, func(chunk []T) error {
		return r.write(func(s *sqldb.Session) error {
			*count += int64(len(chunk))
			for _, c := range chunk {
				if err := write(s, c); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// isOrder reports whether an order has an action, archived or not, that is the customer's or was erased.
func (r *run) isOrder(s *sqldb.Session, order string) (bool, error) {
	if order == "" {
		return false, nil
	}
	if r.archived.orders[order] {
		return true, nil
	}
	return column.Exists(s, "SELECT a.number FROM actions a WHERE a.account = ? AND a.order_id = ? AND (a.customer = ? OR "+submissions.Erased+") LIMIT 1",
		r.account, order, r.id)
}

// event is a row of the audit log.
type event struct {
	number                  int64
	subject, reason, detail string
}

// events erases the ids of clicks in the audit log, and the customer's id in reasons.
func (r *run) events() error {
	return scroll(r, "SELECT number, subject, reason, detail FROM audit_events WHERE account = ? AND number > ? ORDER BY number LIMIT ?",
		func(e *event) []any { return []any{&e.number, &e.subject, &e.reason, &e.detail} },
		func(e *event) []any {
			if e == nil {
				return []any{int64(0)}
			}
			return []any{e.number}
		},
		func(rows []event) error {
			var changed []event
			for _, e := range rows {
				before := e
				e.subject, e.detail = r.withoutClicks(e.subject), r.withoutClicks(e.detail)
				if r.mentionsCustomer(e.reason) {
					e.reason = replaceWord(e.reason, r.id)
				}
				if e != before {
					changed = append(changed, e)
				}
			}
			return change(r, changed, &r.done.Events, func(s *sqldb.Session, e event) error {
				return s.Exec("UPDATE audit_events SET subject = ?, reason = ?, detail = ? WHERE account = ? AND number = ?",
					e.subject, e.reason, e.detail, r.account, e.number)
			})
		})
}

// withoutClicks returns a list of recorded entries without the ids of the customer's clicks.
func (r *run) withoutClicks(list string) string {
	if !strings.Contains(list, clickEntry) {
		return list
	}
	entries := strings.Split(list, ", ")
	for i, entry := range entries {
		id, isClick := strings.CutPrefix(entry, clickEntry)
		name, rest, more := strings.Cut(id, " and ")
		if isClick && r.customer.HasClick(name) {
			entries[i] = clickEntry + erased
			if more {
				entries[i] += " and " + rest
			}
		}
	}
	return strings.Join(entries, ", ")
}

// clickEntry begins the name of a click in an audit event.
const clickEntry = "click "

// usedKey is a row of the table keys.
type usedKey struct {
	text       string
	submission int64
	resource   string
}

func (k *usedKey) dest() []any { return []any{&k.text, &k.submission, &k.resource} }

func afterKey(k *usedKey) []any {
	if k == nil {
		return []any{""}
	}
	return []any{k.text}
}

const selectKeys = "SELECT key, submission, resource FROM keys WHERE account = ? AND key > ? ORDER BY key LIMIT ?"

// keys deletes the idempotency keys of erased submissions that contain the customer's id.
func (r *run) keys() error {
	return scroll(r, selectKeys, (*usedKey).dest, afterKey, func(rows []usedKey) error {
		var found []usedKey
		for _, k := range rows {
			if k.submission == 0 || !mentions(k.text, r.id) {
				continue
			}
			err := r.read(func(s *sqldb.Session) error {
				traced, err := submissions.Trace(s, r.account, r.id, k.submission-1, k.submission, 1)
				for i := range traced {
					if t := &traced[i]; t.IsErased() || r.isConcerned(t) || len(r.placed(traced)) > 0 {
						found = append(found, k)
					}
				}
				return err
			})
			if err != nil {
				return err
			}
		}
		return change(r, found, &r.done.Keys, func(s *sqldb.Session, k usedKey) error {
			return s.Exec("DELETE FROM keys WHERE account = ? AND key = ?", r.account, k.text)
		})
	})
}

// responses erases responses to operators that were kept for their keys, if they contain a text of
// an erased inquiry or the customer's id.
func (r *run) responses() error {
	operator := *r
	operator.account = store.Operator
	err := scroll(&operator, selectKeys, (*usedKey).dest, afterKey, func(rows []usedKey) error {
		var found []usedKey
		for _, k := range rows {
			private := r.mentionsCustomer(k.resource)
			for text := range r.private {
				private = private || strings.Contains(k.resource, text)
			}
			if private {
				found = append(found, k)
			}
		}
		return change(&operator, found, &operator.done.Keys, func(s *sqldb.Session, k usedKey) error {
			return s.Exec("UPDATE keys SET resource = '' WHERE account = ? AND key = ?", store.Operator, k.text)
		})
	})
	r.done.Keys = operator.done.Keys
	return err
}
