package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/store"
)

// TestEveryPostgresStatementStaysInOneAccount uses everything once and asks the server
// for the plan of each statement: whatever it reads of a table it must find by an
// index, and by the account before all else. It is what a database that is distributed
// by account needs.
func TestEveryPostgresStatementStaysInOneAccount(t *testing.T) {
	url := pgtest.Schema(t)
	st := openPostgresAt(t, url)
	useAll(t, st)
	texts := usedStatements(st)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(t.Context(), "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan"); err != nil {
		t.Fatal(err)
	}
	planned := 0
	for i, text := range texts {
		if aboutAll(text) || !readsTables.MatchString(text) {
			continue
		}
		plan := postgresPlan(t, conn, fmt.Sprintf("s%d", i), postgresDialect.text(text))
		planned++
		faults := plan.faults()
		if strings.HasPrefix(text, "UPDATE") && strings.Contains(text, "unnest(") {
			faults = append(faults, plan.wide()...)
		}
		for _, fault := range faults {
			t.Errorf("%s\nin %s", fault, text)
		}
	}
	t.Logf("%d statements planned", planned)
	if planned < 50 {
		t.Errorf("only %d statements were planned", planned)
	}
}

// readsTables leaves out what has nothing to plan, or no table in it.
var readsTables = regexp.MustCompile(`(?is)^\s*(SELECT .*FROM |INSERT|UPDATE|DELETE)`)

// usedStatements answers the texts that the store has prepared.
func usedStatements(st *Store) []string {
	texts := make(map[string]bool)
	for _, p := range []*pool{st.readers, st.lookups, st.writers} {
		for _, s := range p.idle {
			for text := range s.statements {
				texts[text] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(texts))
}

// aboutAll reports whether a statement is one of the few that look at all accounts.
func aboutAll(text string) bool {
	return slices.ContainsFunc(overAll, func(part string) bool { return strings.Contains(text, part) && !strings.Contains(text, "?") }) ||
		strings.Contains(text, "FROM tokens WHERE sid")
}

// planNode is a node of a plan.
type planNode struct {
	Kind      string     `json:"Node Type"`
	Relation  string     `json:"Relation Name"`
	Alias     string     `json:"Alias"`
	Operation string     `json:"Operation"`
	IndexCond string     `json:"Index Cond"`
	Plans     []planNode `json:"Plans"`
}

// faults answers how a plan looks at rows of other accounts.
func (n planNode) faults() (faults []string) {
	reads := n.Kind == "Seq Scan" || n.Kind == "Index Scan" || n.Kind == "Index Only Scan" || n.Kind == "Bitmap Index Scan"
	if reads && !strings.Contains(n.IndexCond, "account = ") {
		faults = append(faults, fmt.Sprintf("%s of %s %s by %q", n.Kind, n.Relation, n.Alias, n.IndexCond))
	}
	for _, part := range n.Plans {
		faults = append(faults, part.faults()...)
	}
	return faults
}

// wide answers where a plan reads a table for rows that are told by arrays otherwise
// than row by row: by the account alone it would read all of it.
func (n planNode) wide() (faults []string) {
	if n.Relation != "" && n.Kind != "ModifyTable" && !strings.Contains(n.IndexCond, "account = v.account") {
		faults = append(faults, fmt.Sprintf("%s of all rows of %s in the account by %q", n.Kind, n.Relation, n.IndexCond))
	}
	for _, part := range n.Plans {
		faults = append(faults, part.wide()...)
	}
	return faults
}

// TestADistributedStatementNamesTheAccountOfItsTable has a server of one node do what
// many would be asked to: whatever spreads tables looks for the account there.
func TestADistributedStatementNamesTheAccountOfItsTable(t *testing.T) {
	st := openPostgresAt(t, pgtest.Schema(t))
	st.dialect, st.writers.dialect = distributedDialect, distributedDialect
	useAll(t, st)
	routed := 0
	for _, text := range usedStatements(st) {
		if table, found := strings.CutPrefix(text, "UPDATE "); found && strings.Contains(text, "unnest(") {
			routed++
			table, _, _ = strings.Cut(table, " ")
			if !strings.Contains(text, table+".account = ?1") {
				t.Errorf("the account of %s is not named in\n%s", table, text)
			}
		}
	}
	if routed < 2 {
		t.Errorf("only %d statements change many rows", routed)
	}
	if _, generic := distributedDialect.writingParameters(serving)["plan_cache_mode"]; generic {
		t.Error("a plan is asked for that does not look at the account")
	}
}

// TestTheLedgerIsReadWithoutStatistics has a server that never looked at its tables plan
// how the submissions are read with their outcomes, in their order.
func TestTheLedgerIsReadWithoutStatistics(t *testing.T) {
	url := pgtest.Schema(t)
	st := openPostgresAt(t, url)
	fill(t, st, 1)
	batch := make([]store.Submission, store.MaxBatch)
	for i := range batch {
		batch[i] = modification(1, int64(1+i%2))
	}
	for range 4 {
		write(t, st, batch)
	}
	alone, err := OpenPostgresReadOnly(t.Context(), url)
	alone = untilEnd(t, alone, err)
	var plan []string
	err = alone.readers.lend(t.Context(), func(s *session) error {
		line := ""
		return s.rows("EXPLAIN "+scrollSubmissions, []any{int64(account), int64(0), int64(wideChunk)}, []any{&line}, func() error {
			plan = append(plan, line)
			return nil
		})
	})
	text := strings.Join(plan, "\n")
	if err != nil || strings.Contains(text, "Sort") || !strings.Contains(text, "(number = s.number)") {
		t.Errorf("%v\n%s", err, text)
	}
}

// postgresPlan answers the plan that serves all values of the parameters.
func postgresPlan(t *testing.T, conn *pgx.Conn, name, text string) planNode {
	t.Helper()
	if _, err := conn.Exec(t.Context(), "PREPARE "+name+" AS "+text); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	last := 0
	for _, mark := range regexp.MustCompile(`\$(\d+)`).FindAllStringSubmatch(text, -1) {
		var n int
		if _, err := fmt.Sscan(mark[1], &n); err != nil {
			t.Fatal(err)
		}
		last = max(last, n)
	}
	args := ""
	if last > 0 {
		args = "(" + strings.TrimSuffix(strings.Repeat("NULL, ", last), ", ") + ")"
	}
	var document []byte
	if err := conn.QueryRow(t.Context(), "EXPLAIN (FORMAT JSON) EXECUTE "+name+args).Scan(&document); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	var plans []struct{ Plan planNode }
	if err := json.Unmarshal(document, &plans); err != nil {
		t.Fatal(err)
	}
	return plans[0].Plan
}
