// Package integrity runs the databases' own checks of their structures.
package integrity

import "github.com/trueup-ledger/trueup/internal/sqldb"

// Check runs the database's own check of its structures and calls report for each
// problem. On PostgreSQL it checks nothing unless the check is [Available].
func Check(s *sqldb.Session, report func(subject, problem string) error) error {
	if s.Dialect().Name == sqldb.SQLite {
		var problem string
		return s.Rows("PRAGMA integrity_check(20)", nil, []any{&problem}, func() error {
			if problem == "ok" {
				return nil
			}
			return report("the database file", "is damaged: "+problem)
		})
	}
	checkable, err := Available(s)
	if err != nil || !checkable {
		return err
	}
	var checked int64
	if err := s.Row(`SELECT count(*) FROM (SELECT bt_index_check(c.oid, true) FROM pg_class c JOIN pg_am m ON m.oid = c.relam
		WHERE c.relkind = 'i' AND m.amname = 'btree' AND c.relnamespace = current_schema()::regnamespace) AS indexes`, nil, &checked); err != nil {
		return report("the database", "is damaged: "+err.Error())
	}
	return nil
}

// Available reports whether the database can check its structures: PostgreSQL needs
// the extension amcheck, and the permission to use it.
func Available(s *sqldb.Session) (has bool, err error) {
	if s.Dialect().Name == sqldb.SQLite {
		return true, nil
	}
	err = s.Row(`SELECT coalesce(bool_or(has_function_privilege(p.oid, 'EXECUTE')), false) FROM pg_proc p
		WHERE p.proname = 'bt_index_check' AND p.pronargs = 2`, nil, &has)
	return has, err
}
