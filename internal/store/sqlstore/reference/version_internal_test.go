package reference

import (
	"testing"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// TestVersionsAreCachedUpToANumberOfEntries adds versions of many accounts.
func TestVersionsAreCachedUpToANumberOfEntries(t *testing.T) {
	large := program.NewReference()
	for id := range int64(maxEntries / 10) {
		large.Partners[id] = program.Partner{ID: id}
	}
	for name, test := range map[string]struct {
		data     *program.Reference
		accounts int64
		all      bool
	}{
		"small accounts are all cached":                {program.NewReference(), 10_000, true},
		"large accounts are removed, but not the last": {large, 50, false},
	} {
		t.Run(name, func(t *testing.T) {
			var vs Versions
			for account := range test.accounts {
				for from := range int64(3) {
					vs.add(Version{Account: account, from: from, Data: test.data})
					vs.add(Version{Account: account, from: from, Data: test.data})
				}
				if vs.find(account, 0) != nil || vs.find(account, 1) == nil || vs.find(account, 2) == nil {
					t.Fatal("the last two versions of the account must be cached")
				}
			}
			size := 0
			for _, versions := range vs.cached {
				for _, v := range versions {
					size += v.Data.Len()
				}
			}
			if size != vs.size || size > maxEntries {
				t.Errorf("%d entries are cached and %d counted, at most %d are allowed", size, vs.size, maxEntries)
			}
			if got := int64(len(vs.cached)) == test.accounts; got != test.all {
				t.Errorf("%d of %d accounts are cached", len(vs.cached), test.accounts)
			}
		})
	}
}
