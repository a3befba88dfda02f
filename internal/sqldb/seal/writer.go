package seal

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/internal/sqldb/bulk"
)

// Writer seals the rows that the transactions of one session write. It rewrites their
// statements: a plain INSERT also sets the seals, and any other statement returns the rows
// that it writes. Their seals are written at the end of the transaction.
type Writer struct {
	tables map[string]*Table
	plans  map[string]*plan
	buffer []byte
	// changed holds the rows that were returned, by their keys, and digests the changes of
	// the digests. Awaited is the number of statements whose rows may be outstanding.
	changed map[string]*changedRow
	digests map[digestKey]*digest
	awaited int
}

// plan is how a statement is rewritten. The zero plan doesn't change it.
type plan struct {
	table *Table
	// text is the rewritten statement.
	text  string
	order []int
	// insert means that the last parameter of text is the seal, and removes that the
	// statement deletes rows. Bulk is the insert of many rows, once it was asked for.
	insert, removes bool
	bulk            *bulk.Statement
}

type changedRow struct {
	table    *Table
	keys     []any
	old, new int64
}

type digestKey struct {
	account int64
	table   string
}

type digest struct{ rows, seals int64 }

// NewWriter returns a writer for tables, or nil if there are none.
func NewWriter(tables Catalogue) *Writer {
	if len(tables.Tables) == 0 {
		return nil
	}
	w := &Writer{tables: tables.Tables, plans: make(map[string]*plan)}
	w.Begin()
	return w
}

// Begin begins a transaction.
func (w *Writer) Begin() {
	w.changed, w.digests, w.awaited = make(map[string]*changedRow), make(map[digestKey]*digest), 0
}

// Call is a statement with its arguments and, unless Dest is nil, the destination of its
// rows.
type Call struct {
	Text       string
	Args, Dest []any
	Each       func() error
}

// maxPlans bounds the number of plans, as a session bounds its statements.
const maxPlans = 256

func (w *Writer) plan(text string) *plan {
	p, found := w.plans[text]
	if !found {
		if len(w.plans) >= maxPlans {
			clear(w.plans)
		}
		p = w.newPlan(text)
		w.plans[text] = p
	}
	return p
}

func (w *Writer) newPlan(text string) *plan {
	st := parse(text)
	t := w.tables[st.table]
	switch {
	case t == nil, slices.Contains(st.columns, ColumnName), st.verb == "UPDATE" && !t.covers(st.columns):
		return &plan{}
	case st.plain && st.columns[0] == "account":
		sealed := bulk.Insert(t.Name, append(st.columns[1:], ColumnName)...)
		return &plan{table: t, text: sealed.Single(), order: t.order(st.columns), insert: true}
	}
	return &plan{table: t, text: text + " RETURNING " + t.list(), order: t.all, removes: st.verb == "DELETE"}
}

// Rewrite returns the statement to execute instead of one that returns no rows.
func (w *Writer) Rewrite(text string, args []any) Call {
	switch p := w.plan(text); {
	case p.table == nil:
		return Call{Text: text, Args: args}
	case p.insert:
		return Call{Text: p.text, Args: w.sealed(p, args)}
	default:
		w.awaited++
		row := newRow(p.table)
		return Call{Text: p.text, Args: args, Dest: row.dest(), Each: func() error {
			w.returned(p, row)
			return nil
		}}
	}
}

// RewriteQuery returns the statement to execute instead of one that returns one row into
// dest. A write with a RETURNING clause also returns the columns of its row.
func (w *Writer) RewriteQuery(text string, args, dest []any) Call {
	c := Call{Text: text, Args: args, Dest: dest, Each: func() error { return nil }}
	if strings.HasPrefix(text, "SELECT ") {
		return c
	}
	if p := w.plan(text); p.table != nil && strings.Contains(text, " RETURNING ") {
		row := newRow(p.table)
		c.Text, c.Dest = text+", "+p.table.list(), append(slices.Clone(dest), row.dest()...)
		c.Each = func() error {
			w.returned(p, row)
			return nil
		}
	}
	return c
}

// RewriteRows returns the statement and the rows to write instead of the given ones. The
// result must still be passed to Rewrite.
func (w *Writer) RewriteRows(b bulk.Statement, rows [][]any) (bulk.Statement, [][]any) {
	p := w.plan(b.Single())
	if !p.insert {
		return b, rows
	}
	if p.bulk == nil {
		p.bulk = new(b.With(ColumnName))
	}
	sealed := make([][]any, len(rows))
	for i, row := range rows {
		sealed[i] = w.sealed(p, row)
	}
	return *p.bulk, sealed
}

// sealed returns the arguments of an insert with the seal of its row, and counts it.
func (w *Writer) sealed(p *plan, args []any) []any {
	var seal int64
	seal, w.buffer = p.table.sum(args, p.order, w.buffer)
	w.count(p.table, args[p.order[p.table.keys[0]]], 1, seal)
	return append(args[:len(args):len(args)], seal)
}

// returned records a row that a statement returned.
func (w *Writer) returned(p *plan, r *row) {
	values, old := r.values()
	key := r.key()
	before, found := w.changed[key]
	if p.removes {
		delete(w.changed, key)
		if old != 0 {
			w.count(p.table, values[p.table.keys[0]], -1, old)
		}
		return
	}
	if !found {
		before = &changedRow{table: p.table, keys: r.keys(), old: old}
		w.changed[key] = before
	}
	before.new, w.buffer = p.table.sum(values, p.order, w.buffer)
}

// count adds rows to the digest of a table. Seals is the XOR of the seals to add and those
// to remove.
func (w *Writer) count(t *Table, account any, rows, seals int64) {
	if t.numbered {
		return
	}
	number, _ := account.(int64)
	key := digestKey{t.digestAccount(number), t.Name}
	d := w.digests[key]
	if d == nil {
		d = &digest{}
		w.digests[key] = d
	}
	d.rows += rows
	d.seals ^= seals
}

// Awaits reports whether statements were rewritten whose rows may be outstanding. They
// must be read before Flush is called.
func (w *Writer) Awaits() bool { return w.awaited > 0 }

// Rows are rows to write.
type Rows struct {
	bulk.Statement
	Rows [][]any
}

// Flush returns the writes that end a transaction. Their order is always the same, so that
// two transactions can't deadlock.
func (w *Writer) Flush() (writes []Rows) {
	for _, key := range slices.Sorted(maps.Keys(w.changed)) {
		r := w.changed[key]
		if r.old == r.new {
			continue
		}
		added := int64(0)
		if r.old == 0 {
			added = 1
		}
		w.count(r.table, r.keys[0], added, r.old^r.new)
		writes = r.table.update(writes, r.keys, r.new)
	}
	keys := slices.SortedFunc(maps.Keys(w.digests), func(a, b digestKey) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.table, b.table))
	})
	var digests [][]any
	for _, k := range keys {
		if d := *w.digests[k]; d != (digest{}) {
			digests = append(digests, []any{k.account, k.table, d.rows, d.seals})
		}
	}
	if len(digests) > 0 {
		writes = append(writes, Rows{addDigest, digests})
	}
	return writes
}

// addDigest adds to a digest. SQLite has no XOR: it is the difference of OR and AND.
var addDigest = bulk.Insert("digests", "table_name text", "row_count", "seals").
	OnConflict(`(account, table_name) DO UPDATE SET row_count = digests.row_count + excluded.row_count,
		seals = (digests.seals | excluded.seals) - (digests.seals & excluded.seals)`)

// update appends the write of a row's seal, to the last write if that is of the same table.
func (t *Table) update(writes []Rows, keys []any, seal int64) []Rows {
	row := append(slices.Clone(keys), seal)
	b := t.updateSeals()
	if last := len(writes) - 1; last >= 0 && writes[last].Single() == b.Single() {
		writes[last].Rows = append(writes[last].Rows, row)
		return writes
	}
	return append(writes, Rows{b, [][]any{row}})
}

// updateSeals returns the statement that writes the seals of rows.
func (t *Table) updateSeals() bulk.Statement {
	var columns []string
	for _, k := range t.Keys[1:] {
		columns = append(columns, k.Name+" "+k.BulkType())
	}
	return bulk.Update(t.Name, len(columns), append(columns, ColumnName)...)
}
