package erasure

import (
	"slices"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/archive"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/retention"
	"github.com/trueup-ledger/trueup/ledger"
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
		if err := r.eraseArchive(a, salt, current); err != nil {
			return err
		}
	}
	for _, name := range names {
		if err := r.eraseArchive(store.Archive{Name: name}, salt, current); err != nil {
			return err
		}
	}
	return nil
}

// eraseArchive erases the data of the customer in a file. An archive without a number is a file
// that is no archive.
func (r *run) eraseArchive(a store.Archive, salt uint32, current *program.Reference) error {
	content, err := r.folder.Read(a.Name)
	if err != nil {
		return err
	}
	f, err := archive.Decode(content)
	if err != nil {
		return err
	}
	before := r.done
	changed := false
	for i := range f.Groups {
		changed = r.eraseGroup(&f.Groups[i], current) || changed
	}
	if !changed {
		return nil
	}
	if a.Number == 0 {
		r.done = before // its records are in an archive or in the database
	}
	r.done.Archives++
	if r.dryRun {
		return nil
	}
	if content, err = archive.Encode(f); err != nil {
		return err
	}
	hash := archive.Sum(content)
	name := archive.Name(r.account, salt, archive.NumberOf(a.Name), hash)
	if err := r.folder.Write(name, content); err != nil {
		return err
	}
	if a.Number != 0 {
		if err := r.write(func(s *sqldb.Session) error { return retention.Replace(s, r.account, a, name, hash) }); err != nil {
			return err
		}
	}
	return r.folder.Remove(a.Name)
}

// eraseGroup erases a group if it is about an order of the customer, and reports whether it changed.
func (r *run) eraseGroup(g *archive.Group, current *program.Reference) (changed bool) {
	if !r.concernsGroup(*g) {
		return false
	}
	results := new(program.Erased)
	if g.Action != nil {
		if g.Action.Erased != nil {
			return false
		}
		results = personal.ResultsOf(*g.Action, current)
		*g.Action = personal.Action(*g.Action, results)
		r.done.Actions++
	}
	for i := range g.Submissions {
		s := &g.Submissions[i]
		s.Payload, s.Command = personal.Payload(s.Payload), personal.Command(s.Command, results)
		r.done.Submissions++
	}
	return true
}

// concernsGroup reports whether a group is about an order of the customer.
func (r *run) concernsGroup(g archive.Group) bool {
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
