package sqlstore

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// Record changes an account's reference data.
func (st *Store) Record(ctx context.Context, account int64, now time.Time, d store.AuditEvent, change store.AmendReference) (changed int, err error) {
	var ended []int64
	err = st.write(ctx, func(s *session) error {
		r := recording{session: s, account: account, deed: d}
		changed, err = r.run(st, whole(now), change)
		ended = r.ended
		return err
	})
	st.latest.forget()
	if err != nil {
		return 0, fmt.Errorf("record reference data of account %d: %w", account, err)
	}
	for _, notification := range ended {
		// It is recorded, whatever happens to these: they are told as given up already,
		// and are when the notification begins again.
		_ = st.giveUpWaiting(ctx, account, notification, now)
	}
	return changed, nil
}

// recording is a change of reference data at work.
type recording struct {
	*session
	account int64
	at      time.Time
	deed    store.AuditEvent
	changed int
	// names are those of what changed, the first few of them.
	names []string
	// ended are the notifications that are ACTIVE no more.
	ended []int64
}

// maxNames bounds how many entries a deed names.
const maxNames = 50

// note counts what changed.
func (r *recording) note(kind, key string) {
	if r.changed++; len(r.names) < maxNames {
		r.names = append(r.names, strings.TrimSpace(kind+" "+key))
	}
}

// done keeps the deed: of one entry, or of the account with what changed in it.
func (r *recording) done() error {
	slices.Sort(r.names)
	subject, detail := fmt.Sprintf("account %d", r.account), strings.Join(r.names, ", ")
	switch {
	case r.changed == 1 && r.names[0] != entryAccount:
		subject, detail = r.names[0], ""
	case r.changed > len(r.names):
		detail += fmt.Sprintf(" and %d more", r.changed-len(r.names))
	}
	return r.keepDeed(r.deed, r.account, r.at, subject, detail)
}

func (r *recording) run(st *Store, now time.Time, change store.AmendReference) (int, error) {
	was, known, err := r.begin(st, now)
	if err != nil {
		return 0, err
	}
	is, err := change(was, r.at)
	if err != nil {
		return 0, err
	}
	if (is.Account.ID != r.account) && (!known || is.Account.ID != 0) {
		return 0, fmt.Errorf("the account has id %d", is.Account.ID)
	}
	if err := r.entries(is); err != nil {
		return 0, err
	}
	if r.changed == 0 {
		return 0, nil
	}
	if err := errors.Join(r.finish(known), r.done()); err != nil {
		return 0, err
	}
	// What cannot be loaded again must not be kept.
	_, err = r.loadReference(r.account, micros(r.at))
	return r.changed, err
}

// begin answers what is there and settles the instant of recording.
func (r *recording) begin(st *Store, now time.Time) (was *ledger.Reference, known bool, err error) {
	var last time.Time
	err = notFound(r.row("SELECT instant FROM intake WHERE account = ?"+r.dialect.hold, []any{r.account}, (*instant)(&last)))
	if errors.Is(err, ledger.ErrNotFound) {
		r.at = now
		return emptyReference(), false, nil
	}
	if err != nil {
		return nil, false, err
	}
	r.at = later(now, last.Add(time.Microsecond))
	e, err := st.era(r.session, r.account, r.at)
	return e.reference, true, err
}

// finish moves the intake to the instant, so that what is accepted from now on
// sees what was recorded.
func (r *recording) finish(known bool) error {
	if known {
		return r.exec("UPDATE intake SET instant = ? WHERE account = ?", micros(r.at), r.account)
	}
	var salt [4]byte
	var key [32]byte
	rand.Read(salt[:]) // never fails: without randomness the program ends
	rand.Read(key[:])
	err := r.exec("INSERT INTO accounts (account, salt, hash_key) VALUES (?, ?, ?)",
		r.account, int64(binary.BigEndian.Uint32(salt[:])), key[:])
	if err == nil {
		err = r.exec("INSERT INTO intake (account, number, instant) VALUES (?, 0, ?)", r.account, micros(r.at))
	}
	if err == nil {
		err = r.exec("INSERT INTO applier (account, number, instant, last_update, attempts) VALUES (?, 0, ?, 0, 0)",
			r.account, micros(r.at))
	}
	return err
}

// entries writes what is new or differs.
func (r *recording) entries(is store.ReferenceChange) error {
	var errs []error
	entry := func(kind, key string, document any) { errs = append(errs, r.entry(kind, key, document)) }
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	if is.Account.ID != 0 {
		entry(entryAccount, "", is.Account)
	}
	for id, c := range is.Campaigns {
		entry(entryCampaign, number(id), c)
	}
	for id, e := range is.EventTypes {
		entry(entryEventType, number(id), e)
	}
	for id, p := range is.Partners {
		entry(entryPartner, number(id), p)
	}
	for key, p := range is.PromoCodes {
		entry(entryPromoCode, number(key.Campaign)+"/"+key.Upper, p)
	}
	for id, c := range is.Contracts {
		entry(entryContract, number(id), c)
	}
	for _, versions := range is.Terms {
		for _, t := range versions {
			entry(entryTerms, t.TermsKey.String(), t)
		}
	}
	for id, n := range is.Notifications {
		before := r.changed
		entry(entryNotification, number(id), n)
		if r.changed > before {
			errs = append(errs, r.follow(n))
		}
	}
	for _, c := range is.Clicks {
		errs = append(errs, r.click(c))
	}
	return errors.Join(errs...)
}

// entry writes an entry, unless it is there as it is.
func (r *recording) entry(kind, key string, document any) error {
	text, err := json.Marshal(document)
	if err != nil {
		return err
	}
	var was string
	err = notFound(r.row(`SELECT document FROM reference WHERE account = ? AND kind = ? AND key = ?
		ORDER BY recorded DESC LIMIT 1`, []any{r.account, kind, key}, &was))
	switch {
	case err == nil && was == string(text):
		return nil
	case err == nil && kind == entryTerms:
		return fmt.Errorf("terms %s are there and differ: a version of terms is never changed", key)
	case err != nil && !errors.Is(err, ledger.ErrNotFound):
		return err
	}
	r.note(kind, key)
	return r.exec("INSERT INTO reference (account, kind, key, recorded, document) VALUES (?, ?, ?, ?, ?)",
		r.account, kind, key, micros(r.at), string(text))
}

// click writes a click, unless it is there as it is.
func (r *recording) click(c ledger.Click) error {
	c.At = whole(c.At)
	was, err := r.session.click(r.account, c.ID, r.at)
	switch {
	case err == nil && was == c:
		return nil
	case err != nil && !errors.Is(err, ledger.ErrNotFound):
		return err
	}
	r.note("click", c.ID)
	return r.exec("INSERT INTO clicks (account, id, recorded, campaign, partner, customer, instant) VALUES (?, ?, ?, ?, ?, ?, ?)",
		r.account, c.ID, micros(r.at), c.Campaign, c.Partner, c.Customer, micros(c.At))
}
