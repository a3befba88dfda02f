package seal

import (
	"fmt"
	"maps"
	"slices"
)

// Report is called for each problem that a check finds. Problem continues a sentence that
// begins with subject.
type Report func(subject, problem string) error

// Check checks the seals and the digests of an account's rows. Between chunks of rows it
// calls between, whose error ends it.
func (c Catalogue) Check(query Query, account int64, between func() error, report Report) error {
	digests, err := readDigests(query, account)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(c.Tables)) {
		t := c.Tables[name]
		if t.digestAccount(account) != account {
			continue
		}
		found, err := t.checkRows(query, account, between, report)
		if err == nil && !t.numbered {
			err = t.checkDigest(found, digests[name], report)
			delete(digests, name)
		}
		if err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(digests)) {
		if err := report("table "+name, "has a digest, and needs none"); err != nil {
			return err
		}
	}
	return nil
}

// readDigests returns the digests of an account by table.
func readDigests(query Query, account int64) (map[string]digest, error) {
	digests := make(map[string]digest)
	var name string
	var d digest
	err := query("SELECT table_name, row_count, seals FROM digests WHERE account = ?", []any{account},
		[]any{&name, &d.rows, &d.seals}, func() error {
			digests[name] = d
			return nil
		})
	return digests, err
}

// checkRows checks the seal of each row and returns the digest of the rows as they are. Of a
// table with one digest for all accounts it reads all rows.
func (t *Table) checkRows(query Query, account int64, between func() error, report Report) (found digest, err error) {
	all := []int64{account}
	if len(t.Keys) == 1 {
		if all, err = accounts(query, t.Name); err != nil {
			return found, err
		}
	}
	for _, account := range all {
		for last, more := []any(nil), true; more; more = last != nil {
			var problem error
			last, err = t.chunk(query, account, last, func(r Row) {
				found.rows++
				found.seals ^= r.Seal
				if r.Sum != r.Seal && problem == nil {
					problem = report(t.describe(r.Keys), "is not as the program wrote it")
				}
			})
			if err == nil {
				err = problem
			}
			if err == nil {
				err = between()
			}
			if err != nil {
				return found, err
			}
		}
	}
	return found, nil
}

func (t *Table) describe(keys []any) string { return "row " + t.name(keys) + " of table " + t.Name }

func (t *Table) checkDigest(found, stored digest, report Report) error {
	switch {
	case found.rows != stored.rows:
		return report("table "+t.Name, fmt.Sprintf("has %d rows, and the program wrote %d", found.rows, stored.rows))
	case found.seals != stored.seals:
		return report("table "+t.Name, "has other rows or seals than the program wrote")
	}
	return nil
}

// CheckAccounts reports the tables with rows of accounts that are not among the known ones,
// which are in ascending order. Account 0 holds what concerns no account.
func (c Catalogue) CheckAccounts(query Query, known []int64, report Report) error {
	for _, name := range c.ByAccount {
		found, err := accounts(query, name)
		if err != nil {
			return err
		}
		for _, account := range found {
			if _, exists := slices.BinarySearch(known, account); exists || account == 0 {
				continue
			}
			if err := report("table "+name, fmt.Sprintf("has rows of account %d, which doesn't exist", account)); err != nil {
				return err
			}
		}
	}
	return nil
}
