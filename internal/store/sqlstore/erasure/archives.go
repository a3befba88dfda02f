package erasure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/archive"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/retention"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/personal"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// checkArchives returns [store.ErrArchived] if the account has archives and there is no folder.
func (r *run) checkArchives() error {
	if r.folder != nil {
		return nil
	}
	return r.read(func(s *sqldb.Session) error {
		archived, err := retention.HasArchives(s, r.account)
		if err == nil && archived {
			err = store.ErrArchived
		}
		return err
	})
}

// archives writes the archives with data of the customer again. A file that is no archive is left
// from a transaction that failed, or from a file that was written again: it is erased, too.
func (r *run) archives() error {
	if r.folder == nil {
		return nil
	}
	var salt uint32
	var current *program.Reference
	var archives []store.Archive
	err := account.Read(r.ctx, r.DB, r.account, func(s *account.Snapshot) (err error) {
		salt = s.Salt
		for a, err := range retention.Archived(s).Archives {
			if err != nil {
				return err
			}
			a.Submissions = nil
			archives = append(archives, a)
		}
		current, err = r.Versions.Current(s.Session, r.account)
		return err
	})
	if err != nil {
		return err
	}
	names, err := r.folder.List(archive.Prefix(r.account, salt))
	if err != nil {
		return err
	}
	for _, a := range archives {
		names = slices.DeleteFunc(names, func(name string) bool { return name == a.Name })
		if err := r.tryArchive(a, salt, current); err != nil {
			return err
		}
	}
	for _, name := range names {
		if err := r.tryArchive(store.Archive{Name: name}, salt, current); err != nil {
			return err
		}
	}
	if r.dryRun {
		return nil
	}
	if err := r.folder.RemovePartial(archive.Prefix(r.account, salt), partialAge); err != nil {
		r.partial = fmt.Errorf("remove incomplete archives: %w", err)
	}
	return nil
}

// partialAge is the age from which an incomplete file is one of a process that was killed: a file
// is written in seconds.
const partialAge = time.Hour

// tryArchive erases the data of the customer in a file. An error of the file doesn't end the
// erasure: it is added to those of other files, which the erasure returns at its end.
func (r *run) tryArchive(a store.Archive, salt uint32, current *program.Reference) error {
	err := r.eraseArchive(a, salt, current)
	if r.ctx.Err() != nil {
		return context.Cause(r.ctx)
	}
	if damaged := new(fileError); errors.As(err, damaged) {
		r.damaged, err = append(r.damaged, *damaged), nil
	}
	return err
}

// fileError is an error of the file of an archive.
type fileError struct {
	name string
	error
}

func (e fileError) Error() string { return "archive " + e.name + ": " + e.error.Error() }

func (e fileError) Unwrap() error { return e.error }

// maxAttempts limits how often a file is read again that another erasure replaced meanwhile.
const maxAttempts = 20

// eraseArchive erases the data of the customer in a file. An archive without a number is a file
// that no record names.
func (r *run) eraseArchive(a store.Archive, salt uint32, current *program.Reference) error {
	before := r.done
	for range maxAttempts {
		r.done = before
		err := r.replaceArchive(a, salt, current)
		if err == nil || errors.As(err, new(databaseError)) {
			return err
		}
		now, found, lookup := r.recorded(a)
		switch {
		case lookup != nil:
			return lookup
		case !found && a.Number == 0 && r.isRemoved(a.Name):
			r.done = before
			return nil
		case !found || now.Name == a.Name && !errors.Is(err, errReplaced):
			return fileError{a.Name, err}
		}
		a = now
	}
	return fileError{a.Name, errReplaced}
}

// errReplaced means that an erasure or a retention of another process changed the record or
// removed the file.
var errReplaced = errors.New("another process replaces the file; try again")

// isRemoved reports whether another process removed a file.
func (r *run) isRemoved(name string) bool {
	names, err := r.folder.List(name[:strings.LastIndex(name, "/")+1])
	return err == nil && !slices.Contains(names, name)
}

// recorded returns the present record of an archive, or that which names the file of one without a
// number.
func (r *run) recorded(a store.Archive) (now store.Archive, found bool, err error) {
	err = r.read(func(s *sqldb.Session) (err error) {
		now, found, err = retention.Recorded(s, r.account, a)
		return err
	})
	return now, found, err
}

// readArchive reads a file, which must be as its record says.
func (r *run) readArchive(a store.Archive) (archive.File, error) {
	content, err := r.folder.Read(a.Name)
	if err != nil {
		return archive.File{}, err
	}
	if a.Number != 0 && archive.Sum(content) != a.Hash {
		return archive.File{}, errors.New("the file was changed: restore it from a backup")
	}
	return archive.Decode(content)
}

// eraseGroups erases the data of the customer in groups, and returns the numbers of the actions that
// had some. It reports whether it changed anything.
func (r *run) eraseGroups(groups []archive.Group, current *program.Reference) (erased []int64, changed bool, err error) {
	for i := range groups {
		groupChanged, err := r.eraseGroup(&groups[i], current)
		if err != nil {
			return nil, false, err
		}
		changed = changed || groupChanged
		if action := groups[i].Action; groupChanged && action != nil {
			erased = append(erased, action.ID.Number)
		}
	}
	return erased, changed, nil
}

// replaceArchive writes a file again without the data of the customer, if it has some. It returns
// [errReplaced] if the record of the file changed meanwhile.
func (r *run) replaceArchive(a store.Archive, salt uint32, current *program.Reference) error {
	f, err := r.readArchive(a)
	if err != nil {
		return err
	}
	before := r.done
	erased, changed, err := r.eraseGroups(f.Groups, current)
	if err != nil || !changed {
		return err
	}
	if a.Number == 0 {
		r.done = before // its records are in an archive or in the database
	}
	r.done.Archives++
	if r.dryRun {
		return nil
	}
	content, err := archive.Encode(f)
	if err != nil {
		return err
	}
	hash := archive.Sum(content)
	name := archive.Name(r.account, salt, archive.NumberOf(a.Name), hash)
	if err := r.folder.Write(name, content); err != nil {
		return err
	}
	if a.Number != 0 {
		if err := r.writeRecord(func(s *sqldb.Session) error { return r.replaceRecord(s, a, name, hash, erased) }); err != nil {
			if errors.Is(err, errReplaced) {
				err = errors.Join(err, r.removeFile(name)) // it has the data that the other erasure erased
			}
			return err
		}
	}
	return r.removeFile(a.Name)
}

// replaceRecord records the new file of an archive. Until then the file was one that no record
// names, so another erasure may have removed it.
func (r *run) replaceRecord(s *sqldb.Session, a store.Archive, name string, hash ids.Hash, erased []int64) error {
	now, found, err := retention.Recorded(s, r.account, a)
	if err != nil {
		return err
	}
	if !found || now.Name != a.Name {
		return errReplaced
	}
	if content, err := r.folder.Read(name); err != nil || archive.Sum(content) != hash {
		return errReplaced
	}
	return retention.Replace(s, r.account, a, name, hash, erased)
}

// removeFile removes a file, or returns [errReplaced] if a record names it. It does so in a
// transaction, in which no other erasure can record the file.
func (r *run) removeFile(name string) (err error) {
	var failed error
	err = r.writeRecord(func(s *sqldb.Session) error {
		_, named, err := retention.Recorded(s, r.account, store.Archive{Name: name})
		if err != nil {
			return err
		}
		if named {
			return errReplaced
		}
		failed = r.folder.Remove(name)
		return nil
	})
	return errors.Join(err, failed)
}

// databaseError is an error of a transaction, which ends the erasure.
type databaseError struct{ error }

func (e databaseError) Unwrap() error { return e.error }

// writeRecord is write with a [databaseError] for errors other than [errReplaced].
func (r *run) writeRecord(f func(*sqldb.Session) error) error {
	err := r.write(f)
	if err != nil && !errors.Is(err, errReplaced) {
		err = databaseError{err}
	}
	return err
}

// eraseGroup erases a group if it is about an order of the customer, and reports whether it changed.
func (r *run) eraseGroup(g *archive.Group, current *program.Reference) (changed bool, err error) {
	if g.Action == nil {
		return r.eraseNotes(g)
	}
	if g.Action.Erased != nil || !r.isCustomers(*g) {
		return false, nil
	}
	results := personal.ResultsOf(*g.Action, current)
	*g.Action = personal.Action(*g.Action, results)
	r.done.Actions++
	for i := range g.Submissions {
		s := &g.Submissions[i]
		s.Payload, s.Command = personal.Payload(s.Payload), personal.Command(s.Command, results)
		r.done.Submissions++
	}
	return true, nil
}

// eraseNotes erases the submissions of a group without an action, if they are the customer's or
// name an order of the customer.
func (r *run) eraseNotes(g *archive.Group) (changed bool, err error) {
	concerned := r.isCustomers(*g)
	for i := 0; i < len(g.Submissions) && !concerned; i++ {
		if err := r.read(func(s *sqldb.Session) (err error) {
			concerned, err = r.namesOrder(s, g.Submissions[i])
			return err
		}); err != nil {
			return false, databaseError{err}
		}
	}
	for i := 0; i < len(g.Submissions) && concerned; i++ {
		s := &g.Submissions[i]
		r.archived.submissions[s.Number] = true
		payload, command := personal.Payload(s.Payload), personal.Command(s.Command, new(program.Erased))
		if c, ok := s.Command.(ledger.Conversion); ok && c.Erased != nil || payload == s.Payload && sameNote(command, s.Command) {
			continue
		}
		s.Payload, s.Command, changed = payload, command, true
		r.done.Submissions++
	}
	return changed, nil
}

// isCustomers reports whether a group has the action or a conversion of the customer.
func (r *run) isCustomers(g archive.Group) bool {
	if g.Action != nil && r.customer.Is(g.Action.Customer.ID) {
		return true
	}
	for _, s := range g.Submissions {
		if c, ok := s.Command.(ledger.Conversion); ok && c.Erased == nil && r.customer.Placed(c) {
			return true
		}
	}
	return false
}
