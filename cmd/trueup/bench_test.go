package main_test

import (
	"encoding/json"
	"math"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/bench"
	"github.com/trueup-ledger/trueup/internal/pgtest"
)

// TestBenchMeasuresEveryScenario runs each scenario briefly and checks the report.
func TestBenchMeasuresEveryScenario(t *testing.T) {
	tests := map[string]struct {
		args []string
		// accepted is the expected number of submissions, 0 for any.
		accepted int64
		kinds    []string
	}{
		"modify":                       {[]string{"--scenario", "modify", "--modifications", "300"}, 300, []string{"modify"}},
		"modify in an open loop":       {[]string{"--modifications", "100", "--rate", "400"}, 100, []string{"modify"}},
		"modify over several accounts": {[]string{"--modifications", "300", "--accounts", "3"}, 300, []string{"modify"}},
		"modify by popularity":         {[]string{"--modifications", "300", "--accounts", "30", "--zipf", "1.1"}, 300, []string{"modify"}},
		"mixed":                        {[]string{"--scenario", "mixed", "--modifications", "400"}, 0, []string{"modify", "convert", "reverse", "read"}},
		"hot":                          {[]string{"--scenario", "hot", "--modifications", "300"}, 300, []string{"modify"}},
		"deep":                         {[]string{"--scenario", "deep", "--depth", "25", "--modifications", "300"}, 300, []string{"modify"}},
		"alone":                        {[]string{"--scenario", "alone", "--modifications", "100"}, 100, []string{"modify"}},
		"modify after a warm-up":       {[]string{"--warm-up", "200", "--modifications", "300"}, 300, []string{"modify"}},
		"import":                       {[]string{"--scenario", "import", "--modifications", "500"}, 500, []string{"upload"}},
		"import into several accounts": {[]string{"--scenario", "import", "--modifications", "10001", "--accounts", "2"}, 10_001, []string{"upload"}},
		"modify for a duration":        {[]string{"--duration", "300ms"}, 0, []string{"modify"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			args := append([]string{"bench", "--json", "--data", data, "--actions", "90", "--connections", "4"}, test.args...)
			r := report(t, run(t, args...))
			if r.Accepted == 0 || r.Completed != r.Accepted || r.Refused != 0 || r.Failed != 0 || test.accepted != 0 && r.Accepted != test.accepted {
				t.Errorf("%d accepted, %d completed, %d refused, %d failed", r.Accepted, r.Completed, r.Refused, r.Failed)
			}
			for _, k := range test.kinds {
				if r.Kinds[k].Count == 0 {
					t.Errorf("the report has no kind %q: %v", k, r.Kinds)
				}
			}
			checkMeasured(t, r)
			run(t, "verify", "--data", data)
		})
	}
}

// TestBenchMeasuresSingleCallers loads an account while single callers write to it and to
// others.
func TestBenchMeasuresSingleCallers(t *testing.T) {
	tests := map[string][]string{
		"beside a flood":   {"--scenario", "modify"},
		"beside an import": {"--scenario", "import"},
	}
	for name, load := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			args := []string{"bench", "--json", "--data", data, "--actions", "90", "--accounts", "3", "--callers", "--max-p99", "1m", "--duration", "500ms"}
			r := report(t, run(t, append(args, load...)...))
			if r.Accepted == 0 || r.Completed <= r.Accepted || r.Failed != 0 || r.Callers == nil {
				t.Fatalf("%+v", r)
			}
			for _, l := range []bench.Latency{r.Callers.Others.Response, r.Callers.Others.Effect, r.Callers.Same} {
				if l.Count == 0 || l.P50 <= 0 {
					t.Errorf("%+v", r.Callers)
				}
			}
			args[len(args)-3] = "1us"
			args[3] = t.TempDir()
			out, err := exec.Command(program, append(args, load...)...).CombinedOutput()
			if err == nil || !strings.Contains(string(out), "more than") {
				t.Errorf("slow callers: %v\n%s", err, out)
			}
		})
	}
}

// checkMeasured checks the measurements that every report of a new store has.
func checkMeasured(t *testing.T, r bench.Report) {
	t.Helper()
	for name, l := range map[string]bench.Latency{"response": r.Response, "service": r.Service, "effect": r.Effect} {
		if l.Count == 0 || l.P50 <= 0 || l.P50 > l.P99 || l.P99 > l.P999 || l.P999 > l.Max {
			t.Errorf("%s: %v", name, l)
		}
	}
	if r.AcceptedPerSecond <= 0 || r.AppliedPerSecond <= 0 || r.AppliedPerSecond > r.AcceptedPerSecond {
		t.Errorf("%v accepted and %v applied per second", r.AcceptedPerSecond, r.AppliedPerSecond)
	}
	checkFloor(t, r)
	checkCommits(t, r)
	if b := r.Bare; (b != nil) != (r.Scenario == bench.Alone) || b != nil && (b.Commit.Count == 0 || b.Ratio <= 0) {
		t.Errorf("the bare commits: %+v", b)
	}
	if d := r.Depth; (d != nil) != (r.Scenario == bench.Deep) || d != nil && (d.First.Count < 10 || d.Last.Count < 10 || d.Ratio <= 0) {
		t.Errorf("the depth: %+v", d)
	}
	checkResources(t, r)
}

func checkFloor(t *testing.T, r bench.Report) {
	t.Helper()
	written := r.Completed
	if r.WarmUp != nil {
		written += r.WarmUp.Accepted
	}
	if f := r.Floor; f == nil || f.Submissions != written || f.PerSecond <= 0 || f.Ratio <= 0 || f.Commits < 1 {
		t.Errorf("the engine alone: %+v of %d submissions", f, written)
	}
}

// checkCommits checks that the commits add up to the submissions.
func checkCommits(t *testing.T, r bench.Report) {
	t.Helper()
	c := r.Commits
	if c == nil {
		t.Error("the report has no commits")
		return
	}
	stored, queued := c.Intake.Submissions.Mean*float64(c.Intake.Count), c.Queue.Submissions.Mean*float64(c.Queue.Count)
	if math.Abs(stored-float64(r.Completed)) > 0.1 || math.Abs(queued-float64(r.Completed)*(1-c.Direct)) > 0.1 {
		t.Errorf("%.1f submissions were stored and %.1f applied from the queue of %d: %+v", stored, queued, r.Completed, c)
	}
	if int(c.Intake.Accounts.Max) > r.Accounts || c.Intake.Accounts.Max < 1 || c.Intake.Submissions.Max < c.Intake.Accounts.Max {
		t.Errorf("a commit stored at most %d submissions of %d accounts", c.Intake.Submissions.Max, c.Intake.Accounts.Max)
	}
}

func checkResources(t *testing.T, r bench.Report) {
	t.Helper()
	if r.Disk == nil || r.Disk.Before == 0 || r.Disk.After < r.Disk.Before || r.Disk.PerAction <= 0 || r.List == nil || r.List.Bytes == 0 {
		t.Errorf("the disk %+v, the list %+v", r.Disk, r.List)
	}
}

// TestBenchReusesAStore fills a store of two accounts and loads it twice. It refuses a
// store that it did not fill in the same way.
func TestBenchReusesAStore(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	args := []string{"bench", "--json", "--floor", "0s", "--connections", "4", "--modifications", "200", "--accounts", "2"}
	again := append(slices.Clone(args), "--reuse", "--actions", "60")
	run(t, append(slices.Clone(args), "--data", data, "--actions", "60")...)
	if r := report(t, run(t, append(slices.Clone(again), "--data", data)...)); r.Accepted != 200 || r.Completed != 200 || r.Failed != 0 {
		t.Errorf("%+v", r)
	}
	for want, store := range map[string][]string{
		"--reuse: the store has 1 accounts":        {newSQLiteHarness(t).store[1], "--actions", "60"},
		"was filled with fewer actions than 4500":  {data, "--actions", "9000"},
		"account 1 was not filled by trueup bench": {newSQLiteHarness(t).store[1], "--actions", "60", "--accounts", "1"},
	} {
		out, err := exec.Command(program, append(slices.Clone(again), append([]string{"--data"}, store...)...)...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// TestBenchLoadsSeveralServers loads two servers of a database that bench creates and
// keeps.
func TestBenchLoadsSeveralServers(t *testing.T) {
	t.Parallel()
	for name, routed := range map[string]bool{"not routed": false, "routed": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := pgtest.Server(t)
			args := []string{"bench", "--processes", "2", "--accounts", "3", "--actions", "60", "--connections", "4", "--modifications", "300"}
			if routed {
				args = append(args, "--routed")
			}
			command := exec.Command(program, append(args, "--json", "--keep", "--store", server)...)
			var stderr strings.Builder
			command.Stderr = &stderr
			out, err := command.Output()
			if err != nil {
				t.Fatalf("%v\n%s", err, stderr.String())
			}
			r := report(t, string(out))
			checkMeasured(t, r)
			if r.Accepted != 300 || r.Completed != 300 || r.Processes != 2 || r.Routed != routed || r.Server.Processes != 2 {
				t.Errorf("%+v", r)
			}
			_, rest, _ := strings.Cut(stderr.String(), "kept the database ")
			name, _, found := strings.Cut(rest, "\n")
			if !found {
				t.Fatalf("no database was kept: %s", stderr.String())
			}
			pgtest.Exec(t, server, "DROP DATABASE "+name)
		})
	}
}

func report(t *testing.T, text string) (r bench.Report) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return r
}

func TestBenchLoadsARunningServer(t *testing.T) {
	t.Parallel()
	c, _ := demoCaller(t, program)
	args := []string{"bench", "--url", c.host, "--account-sid", c.sid, "--auth-token", c.secret, "--actions", "20", "--modifications", "100"}
	for _, scenario := range []string{"modify", "mixed", "import"} {
		r := report(t, run(t, append(args, "--json", "--scenario", scenario)...))
		if r.Accepted == 0 || r.Completed != r.Accepted || r.Refused != 0 || r.Server != nil || r.Disk != nil || r.Floor != nil {
			t.Errorf("%s: %+v", scenario, r)
		}
	}
	table := run(t, args...)
	for _, row := range []string{"scenario", "accepted", "applied", "request to response", "p99.9"} {
		if !strings.Contains(table, row) {
			t.Errorf("the table has no %q:\n%s", row, table)
		}
	}
}

func TestBenchRejectsInvalidFlags(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args string
		want string
	}{
		"no connections":                 {"--connections 0", "--connections: must be from 1 to 10000"},
		"no items":                       {"--items 0", "--items: must be from 1 to 1000"},
		"no duration":                    {"--duration 0s", "--duration in seconds: must be from 0.001 to 86400"},
		"a rate that is not a number":    {"--rate NaN", "--rate: must be from 0 to 100000"},
		"more accounts than actions":     {"--actions 2 --accounts 3", "--accounts 3: must not be larger than --actions"},
		"one action in two accounts":     {"--scenario hot --accounts 2", "--accounts 2: must be 1 with --scenario hot and --url"},
		"files at a rate":                {"--scenario import --rate 5", "--rate can't be used with --scenario import"},
		"the newest actions of a server": {"--url http://127.0.0.1:1 --account-sid IR --auth-token x --newest 5", "--newest can't be used with --url"},
		"two processes on a folder":      {"--processes 2", "--processes 2: more than one needs --store"},
		"requests routed to one server":  {"--routed", "--routed needs at least two --processes"},
		"files routed to one server":     {"--routed --processes 2 --accounts 2 --scenario import --store postgres://x/y", "--routed can't be used with --scenario import"},
		"fewer accounts than servers":    {"--routed --processes 3 --accounts 2 --store postgres://x/y", "--routed needs at least two --processes"},
		"keeping a folder":               {"--keep", "--keep needs --store"},
		"keeping a reused store":         {"--keep --reuse --store postgres://x/y", "--keep can't be used with --reuse"},
		"reuse without a store":          {"--reuse", "--reuse needs --data or --store"},
		"a small depth":                  {"--scenario deep --depth 19", "--depth: must be from 20 to 1000000"},
		"a process id without a server":  {"--pid 7", "--pid needs --url"},
		"a server and a folder":          {"--url http://127.0.0.1:1 --data FOLDER", "--url can't be used with --data"},
		"a server without credentials":   {"--url http://127.0.0.1:1", "--url needs --account-sid and --auth-token"},
		"an exponent of one":             {"--zipf 1 --accounts 2", "--zipf 1: must be greater than 1"},
		"an exponent that is no number":  {"--zipf NaN --accounts 2", "--zipf: must be from 0 to 100"},
		"one popular account":            {"--zipf 1.1", "--zipf needs at least two --accounts"},
		"a popular file":                 {"--zipf 1.1 --accounts 2 --scenario import", "--zipf needs --scenario modify or mixed"},
		"callers of one account":         {"--callers", "--callers needs at least two --accounts"},
		"callers beside undos":           {"--callers --accounts 2 --scenario undo", "--callers can't be used with --routed and --scenario alone and undo"},
		"one connection at a rate":       {"--rate 5 --scenario alone", "--rate can't be used with --scenario alone"},
		"an unreachable server":          {"--url http://127.0.0.1:1 --account-sid IR --auth-token x", "--url http://127.0.0.1:1: list the pending actions"},
		"a folder with a ledger":         {"--data LEDGER", "--data: the folder has a ledger"},
		"an unknown scenario":            {"--scenario stress", "--scenario must be one of"},
		"a floor over the maximum":       {"--floor 2h", "--floor in seconds: must be from 0 to 3600"},
	}
	ledger := newSQLiteHarness(t).store[1]
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			args := strings.NewReplacer("LEDGER", ledger, "FOLDER", t.TempDir()).Replace(test.args)
			out, err := exec.Command(program, append([]string{"bench"}, strings.Fields(args)...)...).CombinedOutput()
			if err == nil || !strings.Contains(string(out), test.want) {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
