package sqlstore_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
)

// TestEveryPostgresStatementStaysInOneAccount runs every statement once and checks its
// plan. It must find all rows by an index that begins with the account, which a database
// that is distributed by account requires.
func TestEveryPostgresStatementStaysInOneAccount(t *testing.T) {
	url := pgtest.Schema(t)
	st := openPostgres(t, url)
	callEverything(t, st)
	billEverything(t, st)
	texts := st.DB().Statements()
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
		if isCrossAccount(text) || !readsTables.MatchString(text) {
			continue
		}
		plan := postgresPlan(t, conn, fmt.Sprintf("s%d", i), st.DB().Dialect().Text(text))
		planned++
		problems := plan.otherAccounts()
		if strings.HasPrefix(text, "UPDATE") && strings.Contains(text, "unnest(") {
			problems = append(problems, plan.wholeAccount()...)
		}
		for _, problem := range problems {
			t.Errorf("%s\nin %s", problem, text)
		}
	}
	t.Logf("%d statements planned", planned)
	if planned < 50 {
		t.Errorf("%d statements were planned, want more", planned)
	}
}

// readsTables matches the statements that have a plan with tables.
var readsTables = regexp.MustCompile(`(?is)^\s*(SELECT .*FROM |INSERT|UPDATE|DELETE)`)

// isCrossAccount reports whether a statement is one of the few that may read all accounts.
func isCrossAccount(text string) bool {
	return slices.ContainsFunc(crossAccount, func(part string) bool { return strings.Contains(text, part) && !strings.Contains(text, "?") }) ||
		strings.Contains(text, "FROM tokens WHERE sid") || strings.Contains(text, "FROM members WHERE person = ?") ||
		strings.Contains(text, "JOIN members o ON o.person = m.person") || strings.Contains(text, "WHERE account > ? ORDER BY account LIMIT 1") ||
		strings.Contains(text, "FROM pg_")
}

// planNode is a node of a query plan.
type planNode struct {
	Kind      string     `json:"Node Type"`
	Relation  string     `json:"Relation Name"`
	Alias     string     `json:"Alias"`
	Operation string     `json:"Operation"`
	IndexCond string     `json:"Index Cond"`
	Plans     []planNode `json:"Plans"`
}

// otherAccounts returns the nodes of a plan that read rows of other accounts.
func (n planNode) otherAccounts() (problems []string) {
	reads := n.Kind == "Seq Scan" || n.Kind == "Index Scan" || n.Kind == "Index Only Scan" || n.Kind == "Bitmap Index Scan"
	if reads && !strings.Contains(n.IndexCond, "account = ") {
		problems = append(problems, fmt.Sprintf("%s of %s %s by %q", n.Kind, n.Relation, n.Alias, n.IndexCond))
	}
	for _, part := range n.Plans {
		problems = append(problems, part.otherAccounts()...)
	}
	return problems
}

// wholeAccount returns the nodes of a plan that read all rows of an account, where the
// statement names rows by arrays and should find each by its key.
func (n planNode) wholeAccount() (problems []string) {
	if n.Relation != "" && n.Kind != "ModifyTable" && !strings.Contains(n.IndexCond, "account = v.account") {
		problems = append(problems, fmt.Sprintf("%s of rows of %s in the account by %q", n.Kind, n.Relation, n.IndexCond))
	}
	for _, part := range n.Plans {
		problems = append(problems, part.wholeAccount()...)
	}
	return problems
}

// TestEveryDistributedStatementIsForOneNode checks the statements for a distributed
// database.
func TestEveryDistributedStatementIsForOneNode(t *testing.T) {
	url := pgtest.Schema(t)
	st := openDistributed(t, url)
	callEverything(t, st)
	billEverything(t, st)
	checkRouted(t, url, st.DB().Dialect(), st.DB().Statements(), 50)
}

// checkRouted reports the statements that Citus can't send to one node. Each of their
// tables needs a condition account = $n, which the planner may derive from that of another
// table. At least want statements must have a plan.
func checkRouted(t *testing.T, url string, d *sqldb.Dialect, texts []string, want int) {
	t.Helper()
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
		if isCrossAccount(text) || !readsTables.MatchString(text) {
			continue
		}
		planned++
		problems := postgresPlan(t, conn, fmt.Sprintf("s%d", i), d.Text(text)).unrouted()
		if fencedRows.MatchString(text) {
			problems = append(problems, "OFFSET in a lateral subquery")
		}
		if strings.HasPrefix(text, "INSERT") && !insertOfAccount.MatchString(text) {
			problems = append(problems, "the account that is inserted is no parameter")
		}
		for _, problem := range problems {
			t.Errorf("%s\nin %s", problem, text)
		}
	}
	t.Logf("%d statements planned", planned)
	if planned < want {
		t.Errorf("%d statements were planned, want more", planned)
	}
}

var (
	// fencedRows matches statements that look up each element of an array behind a fence.
	fencedRows = regexp.MustCompile(`(?s)unnest\(.*LATERAL.*OFFSET`)
	// insertOfAccount matches statements that insert rows of the account in a parameter.
	insertOfAccount = regexp.MustCompile(`^INSERT INTO \w+ \(account, [^()]*\)\s+VALUES \(\?1?, `)
)

// constantAccount matches a condition by which the node of a table is known.
var constantAccount = regexp.MustCompile(`\(account = ('?-?\d+'?(::bigint)?|\$[1-9]\d*)\)`)

// unrouted returns the nodes of a plan that read a table without naming the account by a
// parameter or constant.
func (n planNode) unrouted() (problems []string) {
	reads := n.Kind == "Seq Scan" || n.Kind == "Index Scan" || n.Kind == "Index Only Scan" || n.Kind == "Bitmap Index Scan"
	if reads && !constantAccount.MatchString(n.IndexCond) {
		problems = append(problems, fmt.Sprintf("%s of %s %s by %q", n.Kind, n.Relation, n.Alias, n.IndexCond))
	}
	for _, part := range n.Plans {
		problems = append(problems, part.unrouted()...)
	}
	return problems
}

// TestTheLedgerIsReadWithoutStatistics checks the plan of reading submissions with their
// outcomes in order, on a server that never analyzed its tables.
func TestTheLedgerIsReadWithoutStatistics(t *testing.T) {
	url := pgtest.Schema(t)
	st := openPostgres(t, url)
	fill(t, st, 1)
	batch := make([]store.Submission, store.MaxBatch)
	for i := range batch {
		batch[i] = modification(1, int64(1+i%2))
	}
	for range 4 {
		submit(t, st, batch)
	}
	readOnly, err := sqlstore.OpenPostgresReadOnly(t.Context(), url)
	readOnly = closeAfter(t, readOnly, err)
	var plan []string
	err = readOnly.DB().Read(t.Context(), account, func(s *sqldb.Session) error {
		line := ""
		return s.Rows("EXPLAIN "+submissions.SelectAfter, []any{int64(account), int64(0), int64(listing.WideChunk)}, []any{&line}, func() error {
			plan = append(plan, line)
			return nil
		})
	})
	text := strings.Join(plan, "\n")
	if err != nil || strings.Contains(text, "Sort") || !strings.Contains(text, "(number = s.number)") {
		t.Errorf("%v\n%s", err, text)
	}
}

// postgresPlan returns the generic plan of a statement.
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
