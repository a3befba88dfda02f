package erasure

import (
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/archive"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/retention"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
)

// archivedRecords are the archived actions that are the customer's or were erased, with their
// orders and submissions. Submissions without an action can name them.
type archivedRecords struct {
	orders               map[string]bool
	actions, submissions map[int64]bool
}

func (k *archivedRecords) addGroup(g archive.Group) {
	k.actions[g.Action.ID.Number], k.orders[g.Action.Order] = true, true
	for _, s := range g.Submissions {
		k.submissions[s.Number] = true
	}
}

// named reports whether a command names one of the records.
func (k *archivedRecords) named(command ledger.Command) bool {
	switch c := command.(type) {
	case ledger.Conversion:
		return k.orders[c.Order]
	case ledger.Modification:
		return k.actions[c.Action.Number] || k.orders[c.Address.Order]
	case ledger.Reversal:
		return k.actions[c.Action.Number] || k.orders[c.Address.Order]
	case ledger.Undo:
		return k.submissions[c.Submission]
	}
	return false
}

// readArchived reads the archived records before anything is erased. A file that can't be read is
// left to [run.archives], which returns an error. Its actions are known by their customer.
func (r *run) readArchived() error {
	r.archived = archivedRecords{make(map[string]bool), make(map[int64]bool), make(map[int64]bool)}
	var files []store.Archive
	err := account.Read(r.ctx, r.DB, r.account, func(s *account.Snapshot) error {
		var number int64
		var order string
		if err := s.Rows("SELECT number, order_id FROM archived_actions WHERE account = ? AND customer = ? AND customer <> ''",
			[]any{r.account, r.id}, []any{&number, &order}, func() error {
				r.archived.actions[number], r.archived.orders[order] = true, true
				return nil
			}); err != nil {
			return err
		}
		files = nil
		for a, err := range retention.Archived(s).Archives {
			if err != nil {
				return err
			}
			files = append(files, store.Archive{Number: a.Number, Name: a.Name})
		}
		return nil
	})
	if err != nil || r.folder == nil {
		return err
	}
	for _, a := range files {
		if err := r.readGroups(a); err != nil {
			return err
		}
	}
	delete(r.archived.orders, "")
	return nil
}

// readGroups adds the actions of a file to the archived records.
func (r *run) readGroups(a store.Archive) error {
	content, err := r.folder.Read(a.Name)
	if err != nil { // another erasure may have replaced it
		now, found, lookup := r.recorded(a)
		if lookup != nil || !found {
			return lookup
		}
		content, err = r.folder.Read(now.Name)
	}
	if err != nil {
		return nil //nolint:nilerr // see readArchived
	}
	f, err := archive.Decode(content)
	if err != nil {
		return nil //nolint:nilerr // see readArchived
	}
	for _, g := range f.Groups {
		if g.Action != nil && (g.Action.Erased != nil || r.isCustomers(g)) {
			r.archived.addGroup(g)
		}
	}
	return nil
}

// namesOrder reports whether an archived submission without an action names an order, action or
// submission that is the customer's or was erased, archived or not.
func (r *run) namesOrder(s *sqldb.Session, n archive.Submission) (bool, error) {
	if r.archived.named(n.Command) {
		return true, nil
	}
	switch c := n.Command.(type) {
	case ledger.Conversion:
		return r.isOrder(s, c.Order)
	case ledger.Modification:
		return r.isAddressed(s, c.Address)
	case ledger.Reversal:
		return r.isAddressed(s, c.Address)
	case ledger.Undo:
		target, err := submissions.Trace(s, r.account, r.id, c.Submission-1, min(c.Submission, n.Number-1), 1)
		if err != nil || len(target) == 0 {
			return false, err
		}
		if t := &target[0]; r.isConcerned(t) || t.IsErased() || len(r.placed(target)) > 0 {
			return true, nil
		}
		return r.concerns(s, &target[0])
	}
	return false, nil
}

// isAddressed reports whether an address is that of an action that is the customer's or was erased.
func (r *run) isAddressed(s *sqldb.Session, address ledger.Address) (bool, error) {
	ordered, err := r.isOrder(s, address.Order)
	if err != nil || ordered || address.Action.Number == 0 {
		return ordered, err
	}
	if r.counted[address.Action.Number] {
		return true, nil
	}
	return column.Exists(s, "SELECT a.number FROM actions a WHERE a.account = ? AND a.number = ? AND (a.customer = ? OR "+submissions.Erased+") LIMIT 1",
		r.account, address.Action.Number, r.id)
}
