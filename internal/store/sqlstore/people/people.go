// Package people stores the people who sign in to the console, their links, sessions and failed
// attempts. All but memberships are rows of account [store.Operator].
package people

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// Registry stores people.
type Registry struct {
	DB *sqldb.DB
}

// write runs f in a write transaction that holds the lock of all people. It is taken first, since
// the audit logs of accounts are locked later.
func (rs *Registry) write(ctx context.Context, f func(*sqldb.Session) error) error {
	return rs.DB.WriteFor(ctx, store.Operator, func(s *sqldb.Session) error {
		if s.Dialect().ForUpdate != "" { // otherwise the database has only one writer
			if err := s.Exec("SELECT pg_advisory_xact_lock(hashtextextended('trueup people ' || current_schema(), 0))"); err != nil {
				return err
			}
		}
		return f(s)
	})
}

const (
	columns      = "p.person, p.email, p.name, p.created, p.disabled, p.password, p.secret, p.pending_secret, p.step, p.epoch"
	selectPerson = "SELECT " + columns + " FROM people p "
)

func dest(r *store.PersonRecord) []any {
	return []any{
		&r.ID, &r.Email, &r.Name, (*column.Instant)(&r.Created), (*column.Boolean)(&r.Disabled), &r.Hash, &r.Secret, &r.PendingSecret, &r.Step, &r.Epoch,
	}
}

// complete sets the fields that follow from others, and the memberships, which are never nil.
func complete(r *store.PersonRecord, members []people.Membership) {
	if members == nil {
		members = []people.Membership{}
	}
	r.Password, r.TOTP, r.Members = r.Hash != "", r.Secret != "", members
}

// load returns a person, or [ledger.ErrNotFound].
func load(s *sqldb.Session, id int64) (r store.PersonRecord, err error) {
	return find(s, "WHERE p.account = ? AND p.person = ?", id)
}

// find returns the person that a condition selects, or [ledger.ErrNotFound].
func find(s *sqldb.Session, where string, key any) (r store.PersonRecord, err error) {
	if err := column.QueryRow(s, selectPerson+where, []any{store.Operator, key}, dest(&r)...); err != nil {
		return store.PersonRecord{}, err
	}
	members, err := column.Collect(s, "SELECT account, role, partner FROM members WHERE person = ? ORDER BY account", []any{r.ID}, func(m *people.Membership) []any {
		return []any{&m.Account, &m.Role, &m.Partner}
	})
	complete(&r, members)
	return r, err
}

// Person implements [store.People].
func (rs *Registry) Person(ctx context.Context, id int64) (r store.PersonRecord, err error) {
	err = rs.DB.Read(ctx, store.Operator, func(s *sqldb.Session) error {
		r, err = load(s, id)
		return err
	})
	if err != nil {
		return store.PersonRecord{}, fmt.Errorf("person %d: %w", id, err)
	}
	return r, nil
}

// member is a membership with its person.
type member struct {
	person int64
	people.Membership
}

func memberDest(m *member) []any { return []any{&m.person, &m.Account, &m.Role, &m.Partner} }

// ListPeople implements [store.People].
func (rs *Registry) ListPeople(ctx context.Context, accountID int64) (list []people.Person, err error) {
	err = rs.DB.Read(ctx, store.Operator, func(s *sqldb.Session) error {
		persons, members := selectPerson+"WHERE p.account = ? ORDER BY p.person", "SELECT person, account, role, partner FROM members ORDER BY person, account"
		args, memberArgs := []any{store.Operator}, []any(nil)
		if accountID != 0 {
			persons = selectPerson + "JOIN members m ON m.person = p.person WHERE p.account = ? AND m.account = ? ORDER BY p.person"
			members = `SELECT o.person, o.account, o.role, o.partner FROM members m JOIN members o ON o.person = m.person
				WHERE m.account = ? ORDER BY o.person, o.account`
			args, memberArgs = append(args, accountID), []any{accountID}
		}
		records, err := column.Collect(s, persons, args, dest)
		if err != nil {
			return err
		}
		all, err := column.Collect(s, members, memberArgs, memberDest)
		if err != nil {
			return err
		}
		byPerson := make(map[int64][]people.Membership)
		for _, m := range all {
			byPerson[m.person] = append(byPerson[m.person], m.Membership)
		}
		list = make([]people.Person, len(records))
		for i, r := range records {
			complete(&r, byPerson[r.ID])
			list[i] = r.Person
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("people of account %d: %w", accountID, err)
	}
	return list, nil
}

// save writes a person and its memberships.
func save(s *sqldb.Session, before, r store.PersonRecord) error {
	err := s.Exec("UPDATE people SET name = ?, disabled = ?, password = ?, secret = ?, pending_secret = ?, step = ?, epoch = ? WHERE account = ? AND person = ?",
		r.Name, column.Flag(r.Disabled), r.Hash, r.Secret, r.PendingSecret, r.Step, r.Epoch, store.Operator, r.ID)
	if err != nil {
		return err
	}
	for _, m := range before.Members {
		if _, stays := r.Member(m.Account); stays {
			continue
		}
		if err := s.Exec("DELETE FROM members WHERE account = ? AND person = ?", m.Account, r.ID); err != nil {
			return err
		}
	}
	for _, m := range r.Members {
		if old, is := before.Member(m.Account); is && old == m {
			continue
		}
		err := s.Exec(`INSERT INTO members (account, person, role, partner) VALUES (?, ?, ?, ?)
			ON CONFLICT (account, person) DO UPDATE SET role = excluded.role, partner = excluded.partner`, m.Account, r.ID, string(m.Role), m.Partner)
		if err != nil {
			return err
		}
	}
	return nil
}

// subject names a person in the audit log.
func subject(p people.Person) string { return fmt.Sprintf("person %d, %s", p.ID, p.Email) }

// ChangePerson implements [store.People].
func (rs *Registry) ChangePerson(
	ctx context.Context, id int64, e store.AuditEvent, change func(store.PersonRecord) (store.PersonChange, error),
) (r store.PersonRecord, err error) {
	err = rs.write(ctx, func(s *sqldb.Session) error {
		before, err := load(s, id)
		if err != nil {
			return err
		}
		c, err := change(before)
		if err != nil {
			return err
		}
		c.Person.ID, c.Person.Email, c.Person.Created, c.Person.Epoch = before.ID, before.Email, before.Created, before.Epoch
		if len(c.Person.Members) > max(people.MaxMembers, len(before.Members)) {
			return store.ErrTooManyMembers
		}
		if r, err = apply(s, before, c, e.At); err != nil {
			return err
		}
		complete(&r, r.Members)
		return account.LogEvent(s, e, c.Account, column.Truncate(e.At), subject(before.Person), c.Detail)
	})
	if err != nil {
		return store.PersonRecord{}, fmt.Errorf("change person %d: %w", id, err)
	}
	return r, nil
}

// apply writes a change of a person and returns the changed person.
func apply(s *sqldb.Session, before store.PersonRecord, c store.PersonChange, now time.Time) (store.PersonRecord, error) {
	if c.EndSessions {
		c.Person.Epoch++
	}
	err := save(s, before, c.Person)
	if err == nil && c.EndSessions {
		err = endSessions(s, before.ID)
	}
	if err == nil && c.EndLinks {
		err = s.Exec("DELETE FROM links WHERE account = ? AND person = ?", store.Operator, before.ID)
	}
	if err == nil && c.Forgive {
		err = forgive(s, before.Email)
	}
	if err == nil && c.Link != nil {
		err = insertLink(s, before.ID, *c.Link, now)
	}
	return c.Person, err
}

// InvitePerson implements [store.People].
func (rs *Registry) InvitePerson(
	ctx context.Context, email, name string, m people.Membership, l store.Link, e store.AuditEvent,
) (p people.Person, err error) {
	err = rs.write(ctx, func(s *sqldb.Session) error {
		if _, err := account.Salt(s, m.Account); err != nil { // the account is unknown
			return err
		}
		var members int64
		if err := s.Row("SELECT count(*) FROM members WHERE account = ?", []any{m.Account}, &members); err != nil {
			return err
		}
		if members >= people.MaxMembers {
			return store.ErrTooManyMembers
		}
		before, err := invited(s, email, name, column.Truncate(e.At))
		if err != nil {
			return err
		}
		after := before
		if before.Disabled {
			after.Disabled, after.Name, after.Members = false, name, nil
		} else if _, is := before.Member(m.Account); is {
			return store.ErrMember
		} else if len(before.Members) >= people.MaxMembers {
			return store.ErrTooManyMembers
		}
		after.Person = after.WithMember(m)
		// A link or a session of a link must not open this account too.
		c := store.PersonChange{Person: after, EndLinks: true, EndSessions: !before.Password}
		if after.NeedsLink() {
			c.Link = &l
		}
		if after, err = apply(s, before, c, e.At); err != nil {
			return err
		}
		p = after.Person
		return account.LogEvent(s, e, m.Account, column.Truncate(e.At), subject(p), m.String())
	})
	if err != nil {
		return people.Person{}, fmt.Errorf("invite a person to account %d: %w", m.Account, err)
	}
	return p, nil
}

// invited returns the person with an e-mail address, who is created if there is none.
func invited(s *sqldb.Session, email, name string, at time.Time) (store.PersonRecord, error) {
	r, err := find(s, "WHERE p.account = ? AND p.email = ?", email)
	if !errors.Is(err, ledger.ErrNotFound) {
		return r, err
	}
	r = store.PersonRecord{Person: people.Person{Email: email, Name: name, Created: at}}
	var last int64
	if err := s.Row("SELECT coalesce(max(person), 0) FROM people WHERE account = ?", []any{store.Operator}, &last); err != nil {
		return r, err
	}
	r.ID = last + 1
	return r, s.Exec(`INSERT INTO people (account, person, email, name, created, disabled, password, secret, pending_secret, step, epoch)
		VALUES (?, ?, ?, ?, ?, 0, '', '', '', 0, 0)`, store.Operator, r.ID, r.Email, r.Name, column.Micros(r.Created))
}

// key returns a hash as a primary key.
func key(hash ids.Hash) string { return hex.EncodeToString(hash[:]) }
