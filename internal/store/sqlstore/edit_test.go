package sqlstore_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // edits databases

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/sqldb/wal"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/verify"
	"github.com/trueup-ledger/trueup/internal/testenv"
	"github.com/trueup-ledger/trueup/ledger"
)

// freeTables are the tables, and freeColumns the columns, that can be edited without a
// violation, with the reasons.
var (
	freeTables = map[string]string{
		"backfills":       "it is empty in an open store; a row makes the next start derive again what verify checks",
		"migrations":      "the version is checked when the store is opened; its dates change no result",
		"sqlite_sequence": "numbers the rows of migrations",
		"sqlite_stat1":    "the planner's statistics change no result",
		"sqlite_stat4":    "the planner's statistics change no result",
	}
	freeColumns = map[string]string{
		"applier.attempts": "within bounds the number of failed attempts follows from no record; it only decides when a submission that fails is parked",
	}
)

// fixtureOf01 is the folder with a store of version 0.1 that has every kind of record.
const fixtureOf01 = "../../httpapi/testdata/0.1"

func TestVerifyFindsEveryEdit(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		dir := t.TempDir()
		path := filepath.Join(dir, sqldb.SQLiteFiles()[0])
		restore(t, path)
		written, err := sqlstore.OpenSQLite(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		fillEverything(t, written)
		if err := written.Close(); err != nil {
			t.Fatal(err)
		}
		raw, err := wal.OpenFile("", path, "rw", nil, "journal_mode(MEMORY)", "synchronous(OFF)")
		if err == nil {
			err = raw.Ping()
		}
		st, opened := sqlstore.OpenSQLiteReadOnly(t.Context(), dir)
		closeAfter(t, st, opened)
		e := editor{
			T: t, st: st, db: closeRaw(t, raw, err),
			catalogue: `SELECT t.name, c.name, c.type, 1 - c."notnull", c.pk FROM sqlite_schema t
				JOIN pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.cid`,
		}
		e.editAll(testenv.Scale(0.1, 1.0))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		url := pgtest.Schema(t)
		pgtest.Exec(t, url, readFixture(t, "postgres.sql"))
		st := openPostgres(t, url)
		fillEverything(t, st)
		raw, err := sql.Open("pgx", url)
		e := editor{
			T: t, st: st, db: closeRaw(t, raw, err),
			catalogue: `SELECT c.table_name, c.column_name, c.data_type, CASE c.is_nullable WHEN 'YES' THEN 1 ELSE 0 END,
				coalesce((SELECT k.ordinal_position::int FROM information_schema.key_column_usage k
					WHERE k.table_schema = c.table_schema AND k.table_name = c.table_name AND k.column_name = c.column_name), 0)
				FROM information_schema.columns c WHERE c.table_schema = current_schema() ORDER BY c.table_name, c.ordinal_position`,
		}
		e.editAll(testenv.Scale(0.05, 1.0))
	})
}

func closeRaw(t *testing.T, db *sql.DB, err error) *sql.DB {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1) // temporary tables belong to a connection
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// restore restores the store of version 0.1 to a file.
func restore(t *testing.T, path string) {
	t.Helper()
	db, err := wal.OpenFile(wal.VFS, path, "rwc", nil)
	if err == nil {
		_, err = db.Exec(readFixture(t, "sqlite.sql"))
	}
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

func readFixture(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(fixtureOf01, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// editor edits a database other than by the program, and verifies it after each edit.
type editor struct {
	*testing.T
	st        *sqlstore.Store
	db        *sql.DB
	catalogue string

	random *rand.Rand
	// share is the share of the edits that are made.
	share                     float64
	made, refused, unreadable int
}

// table is a table of the database with its rows.
type table struct {
	name    string
	columns []tableColumn
	rows    [][]any
}

type tableColumn struct {
	name, kind    string
	nullable, key bool
}

func (e *editor) editAll(share float64) {
	e.Helper()
	e.share, e.random = share, rand.New(rand.NewPCG(12, 14))
	for _, tb := range e.tables() {
		if freeTables[tb.name] != "" {
			continue
		}
		if len(tb.rows) < 2 {
			e.Errorf("table %s has %d rows: the edits need two", tb.name, len(tb.rows))
			continue
		}
		e.exec("CREATE TEMPORARY TABLE before_edit AS SELECT * FROM " + tb.name) //nolint:unqueryvet // all columns
		for i := range tb.columns {
			e.editColumn(tb, i)
		}
		e.editRows(tb)
		e.exec("DROP TABLE before_edit")
	}
	if violations, err := verify.Store(e.Context(), e.st, ledger.Decide); len(violations) > 0 || err != nil {
		e.Errorf("not restored: %v, error %v", violations, err)
	}
	e.Logf("%d edits, of which %d made the store unreadable; the database refused %d more", e.made, e.unreadable, e.refused)
	if share == 1 && e.made < 500 {
		e.Errorf("%d edits, want at least 500", e.made)
	}
}

func (e *editor) exec(text string, args ...any) {
	e.Helper()
	if _, err := e.db.ExecContext(context.Background(), text, args...); err != nil {
		e.Fatalf("%s: %v", text, err)
	}
}

// tables reads the database's catalogue and all rows.
func (e *editor) tables() (tables []*table) {
	e.Helper()
	rows, err := e.db.Query(e.catalogue)
	if err != nil {
		e.Fatal(err)
	}
	for rows.Next() {
		var name string
		var nullable, key int
		var c tableColumn
		if err := rows.Scan(&name, &c.name, &c.kind, &nullable, &key); err != nil {
			e.Fatal(err)
		}
		c.nullable, c.key = nullable == 1, key > 0
		if len(tables) == 0 || tables[len(tables)-1].name != name {
			tables = append(tables, &table{name: name})
		}
		tb := tables[len(tables)-1]
		tb.columns = append(tb.columns, c)
	}
	if err := rows.Err(); err != nil {
		e.Fatal(err)
	}
	for _, tb := range tables {
		tb.rows = e.rows(tb)
	}
	return tables
}

func (e *editor) rows(tb *table) (all [][]any) {
	e.Helper()
	rows, err := e.db.Query("SELECT * FROM " + tb.name) //nolint:unqueryvet // all columns
	if err != nil {
		e.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		row, dest := make([]any, len(tb.columns)), make([]any, len(tb.columns))
		for i := range row {
			dest[i] = &row[i]
		}
		if err := rows.Scan(dest...); err != nil {
			e.Fatal(err)
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		e.Fatal(err)
	}
	return all
}

// meaning returns what a value of a column means in a row, as text. NULL can stand for the
// value of another column, or for a constant.
func (tb *table) meaning(row []any, i int, value any) string {
	for _, fallback := range actions.Fallbacks()[tb.name][tb.columns[i].name] {
		if value != nil {
			break
		}
		value = strings.Trim(fallback, "'") // SQL writes texts in quotes
		if name, isColumn := strings.CutPrefix(fallback, "."); isColumn {
			value = row[slices.IndexFunc(tb.columns, func(c tableColumn) bool { return c.name == name })]
		}
	}
	if value == nil {
		return "NULL"
	}
	return fmt.Sprint("value ", value)
}

// where returns the condition that finds a row.
func (tb *table) where(row []any) (clause string, args []any) {
	var conditions []string
	for i, c := range tb.columns {
		if c.key {
			args = append(args, row[i])
			conditions = append(conditions, fmt.Sprintf("%s = ?%d", c.name, len(args)))
		}
	}
	return " WHERE " + strings.Join(conditions, " AND "), args
}

// editColumn makes the edits of one column.
func (e *editor) editColumn(tb *table, i int) {
	e.Helper()
	c := tb.columns[i]
	if freeColumns[tb.name+"."+c.name] != "" {
		return
	}
	rows := slices.Clone(tb.rows)
	e.random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	// A row in which the column has a value is edited, if there is one.
	slices.SortStableFunc(rows, func(a, b []any) int { return boolCompare(isZero(a[i]), isZero(b[i])) })
	row := rows[0]
	values := map[string]any{"another value": c.other(row[i]), "zero": c.zero()}
	if c.nullable {
		values["NULL"] = nil
	}
	for _, r := range rows {
		if fmt.Sprint(r[i]) != fmt.Sprint(row[i]) {
			values["another row's value"] = r[i]
			break
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) { // the edits of a share are always the same
		value := values[name]
		if fmt.Sprint(value) == fmt.Sprint(row[i]) && (value == nil) == (row[i] == nil) {
			continue
		}
		if meaning := tb.meaning(row, i, value); meaning == tb.meaning(row, i, row[i]) {
			continue // the row reads the same
		}
		clause, args := tb.where(row)
		e.edit(tb, fmt.Sprintf("%s.%s: %v is %s, %v", tb.name, c.name, row[i], name, value),
			edit{fmt.Sprintf("UPDATE %s SET %s = ?%d%s", tb.name, c.name, len(args)+1, clause), append(args, value)})
	}
}

// editRows deletes rows and swaps their values.
func (e *editor) editRows(tb *table) {
	e.Helper()
	order := slices.DeleteFunc(e.random.Perm(len(tb.rows)), func(n int) bool { return tb.empty(tb.rows[n]) })
	for _, n := range order[:2] {
		clause, args := tb.where(tb.rows[n])
		e.edit(tb, fmt.Sprintf("a row of %s is deleted: %v", tb.name, args), edit{"DELETE FROM " + tb.name + clause, args})
	}
	var accounts []any
	for _, row := range tb.rows {
		if !slices.Contains(accounts, row[0]) {
			accounts = append(accounts, row[0])
		}
	}
	for _, account := range accounts {
		e.edit(tb, fmt.Sprintf("all rows of account %v of %s are deleted", account, tb.name),
			edit{"DELETE FROM " + tb.name + " WHERE account = ?1", []any{account}})
	}
	e.edit(tb, "all rows of "+tb.name+" are deleted", edit{"DELETE FROM " + tb.name, nil})
	a, b := tb.rows[order[0]], tb.rows[order[1]]
	swap := []edit{tb.overwrite(a, b), tb.overwrite(b, a)}
	if swap[0].text != "" {
		e.edit(tb, fmt.Sprintf("two rows of %s are swapped", tb.name), swap...)
	}
}

// empty reports whether a row means the same as none: it is a digest of no rows.
func (tb *table) empty(row []any) bool {
	return tb.name == "digests" && fmt.Sprint(row[2:4]) == "[0 0]"
}

// overwrite returns the edit that gives a row the values of another, except for its key.
func (tb *table) overwrite(row, other []any) edit {
	clause, args := tb.where(row)
	var set []string
	differs := false
	for i, c := range tb.columns {
		if c.key {
			continue
		}
		differs = differs || fmt.Sprint(row[i]) != fmt.Sprint(other[i])
		args = append(args, other[i])
		set = append(set, fmt.Sprintf("%s = ?%d", c.name, len(args)))
	}
	if !differs {
		return edit{}
	}
	return edit{"UPDATE " + tb.name + " SET " + strings.Join(set, ", ") + clause, args}
}

// edit is a statement that edits the database.
type edit struct {
	text string
	args []any
}

// edit makes edits, verifies the store, and undoes them.
func (e *editor) edit(tb *table, name string, edits ...edit) {
	e.Helper()
	if e.random.Float64() >= e.share {
		return
	}
	for _, ed := range edits {
		result, err := e.db.Exec(e.st.DB().Dialect().Text(ed.text), ed.args...)
		if err != nil { // it breaks a constraint
			e.refused++
			return
		}
		if rows, err := result.RowsAffected(); rows == 0 || err != nil {
			e.Fatalf("%s edits %d rows: %v", ed.text, rows, err)
		}
	}
	violations, err := verify.Store(e.Context(), e.st, ledger.Decide)
	e.made++
	switch {
	case len(violations) == 0 && err == nil:
		e.Errorf("not found: %s", name)
	case len(violations) == 0:
		e.unreadable++
		e.Logf("unreadable: %s: %v", name, err)
	}
	e.exec("DELETE FROM " + tb.name)
	e.exec("INSERT INTO " + tb.name + " SELECT * FROM before_edit") //nolint:unqueryvet // all columns
}
