package sqlstore

import (
	"errors"
	"slices"
	"testing"

	"github.com/trueup-ledger/trueup/internal/pgtest"
)

func TestWithoutCitusNothingIsDistributed(t *testing.T) {
	url := pgtest.Schema(t)
	if n, err := Distribute(t.Context(), url); n != 0 || !errors.Is(err, ErrNoCitus) {
		t.Errorf("distributed %d tables, error %v", n, err)
	}
}

// What a distributed table needs is in the catalogue of any server: the account in
// every key, and no table forgotten.
func TestEveryTableCanBeDistributedByAccount(t *testing.T) {
	st := openPostgresAt(t, pgtest.Schema(t))
	var named []string
	for _, d := range distribution {
		named = append(named, d.table)
	}
	slices.Sort(named)
	var tables []string
	err := st.lookup(t.Context(), func(s *session) error {
		var table, first string
		err := s.rows(`SELECT c.relname, a.attname FROM pg_class c
			LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = 1
			WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname <> 'migrations'
			ORDER BY c.relname`, nil, []any{&table, &first}, func() error {
			tables = append(tables, table)
			if first != "account" {
				t.Errorf("table %s begins with %s", table, first)
			}
			return nil
		})
		if err != nil {
			return err
		}
		var index string
		return s.rows(`SELECT i.indexrelid::regclass::text, a.attname FROM pg_index i
			JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = current_schema()::regnamespace AND c.relname <> 'migrations'
			JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]`, nil, []any{&index, &first}, func() error {
			if first != "account" && index != "tokens_sid" {
				t.Errorf("index %s begins with %s", index, first)
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(tables, named) {
		t.Errorf("the tables are\n%v\nand those that are distributed\n%v", tables, named)
	}
}
