package sqlstore_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

func TestDistributeRequiresCitus(t *testing.T) {
	url := pgtest.Schema(t)
	if n, err := sqlstore.Distribute(t.Context(), url); n != 0 || !errors.Is(err, sqlstore.ErrNoCitus) {
		t.Errorf("distributed %d tables, error %v", n, err)
	}
}

// The catalog of any server shows whether tables can be distributed: every key begins with
// the account, and no table is missing.
func TestEveryTableCanBeDistributedByAccount(t *testing.T) {
	url := pgtest.Schema(t)
	st := openPostgres(t, url)
	var tables []string
	err := st.DB().Lookup(t.Context(), func(s *sqldb.Session) error {
		var table, first string
		err := s.Rows(`SELECT c.relname, a.attname FROM pg_class c
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
		return s.Rows(`SELECT i.indexrelid::regclass::text, a.attname FROM pg_index i
			JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = current_schema()::regnamespace AND c.relname <> 'migrations'
			JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]`, nil, []any{&index, &first}, func() error {
			if first != "account" && index != "tokens_sid" && index != "members_person" {
				t.Errorf("index %s begins with %s", index, first)
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	err = sqldb.Connect(t.Context(), url, func(conn *pgx.Conn) (err error) {
		named, err = sqlstore.TablesByAccount(t.Context(), conn)
		return err
	})
	if err != nil || named[0] != "accounts" {
		t.Errorf("distributed tables %v (error %v), want accounts first", named, err)
	}
	if slices.Sort(named); !slices.Equal(tables, named) {
		t.Errorf("tables\n%v\ndistributed tables\n%v", tables, named)
	}
}
