package main_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/bench"
	"github.com/trueup-ledger/trueup/internal/pgtest"
)

// TestBenchMeasuresEveryScenario runs each of them briefly and adds up its report.
func TestBenchMeasuresEveryScenario(t *testing.T) {
	tests := map[string]struct {
		args []string
		// accepted is how many submissions there must be, 0 for some.
		accepted int64
		kinds    []string
	}{
		"modify":                        {[]string{"--scenario", "modify", "--modifications", "300"}, 300, []string{"modify"}},
		"modify in an open loop":        {[]string{"--modifications", "100", "--rate", "400"}, 100, []string{"modify"}},
		"modify over several accounts":  {[]string{"--modifications", "300", "--accounts", "3"}, 300, []string{"modify"}},
		"mixed":                         {[]string{"--scenario", "mixed", "--modifications", "400"}, 0, []string{"modify", "convert", "reverse", "read"}},
		"hot":                           {[]string{"--scenario", "hot", "--modifications", "300"}, 300, []string{"modify"}},
		"deep":                          {[]string{"--scenario", "deep", "--depth", "25", "--modifications", "300"}, 300, []string{"modify"}},
		"modify after a warm-up":        {[]string{"--warm-up", "200", "--modifications", "300"}, 300, []string{"modify"}},
		"import":                        {[]string{"--scenario", "import", "--modifications", "500"}, 500, []string{"upload"}},
		"import into several accounts":  {[]string{"--scenario", "import", "--modifications", "10001", "--accounts", "2"}, 10_001, []string{"upload"}},
		"a load that lasts for a while": {[]string{"--duration", "300ms"}, 0, []string{"modify"}},
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
					t.Errorf("nothing is said of %q: %v", k, r.Kinds)
				}
			}
			checkMeasured(t, r)
			run(t, "verify", "--data", data)
		})
	}
}

// checkMeasured checks what a report of a store of its own has in any case.
func checkMeasured(t *testing.T, r bench.Report) {
	t.Helper()
	for name, l := range map[string]bench.Latency{"answer": r.Answer, "service": r.Service, "effect": r.Effect} {
		if l.Count == 0 || l.P50 <= 0 || l.P50 > l.P99 || l.P99 > l.P999 || l.P999 > l.Max {
			t.Errorf("%s: %v", name, l)
		}
	}
	if r.AcceptedPerSecond <= 0 || r.AppliedPerSecond <= 0 || r.AppliedPerSecond > r.AcceptedPerSecond {
		t.Errorf("%v accepted and %v applied a second", r.AcceptedPerSecond, r.AppliedPerSecond)
	}
	written := r.Completed
	if r.WarmUp != nil {
		written += r.WarmUp.Accepted
	}
	if f := r.Floor; f == nil || f.Submissions != written || f.PerSecond <= 0 || f.Ratio <= 0 || f.AcceptBatch < 1 || f.ApplyBatch < 1 {
		t.Errorf("the engine alone: %+v of %d submissions", f, written)
	}
	if d := r.Depth; (d != nil) != (r.Scenario == bench.Deep) || d != nil && (d.First.Count < 10 || d.Last.Count < 10 || d.Ratio <= 0) {
		t.Errorf("the depth: %+v", d)
	}
	if r.Disk == nil || r.Disk.Before == 0 || r.Disk.After < r.Disk.Before || r.List == nil || r.List.Bytes == 0 {
		t.Errorf("the disk %+v, the list %+v", r.Disk, r.List)
	}
}

// TestBenchLoadsWhatItFilledBeforeOnceMore fills a store of two accounts and loads it
// twice; a ledger that it did not fill, or not so, is left alone.
func TestBenchLoadsWhatItFilledBeforeOnceMore(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	args := []string{"bench", "--json", "--floor", "0s", "--connections", "4", "--modifications", "200", "--accounts", "2"}
	again := append(slices.Clone(args), "--reuse", "--actions", "60")
	run(t, append(slices.Clone(args), "--data", data, "--actions", "60")...)
	if r := report(t, run(t, append(slices.Clone(again), "--data", data)...)); r.Accepted != 200 || r.Completed != 200 || r.Failed != 0 {
		t.Errorf("%+v", r)
	}
	for where, refused := range map[string][]string{
		"--reuse: there are 1 accounts":                {newGround(t).store[1], "--actions", "60"},
		"was filled with fewer actions than 4500":      {data, "--actions", "9000"},
		"account 1 is none that was filled by trueup ": {newGround(t).store[1], "--actions", "60", "--accounts", "1"},
	} {
		out, err := exec.Command(program, append(slices.Clone(again), append([]string{"--data"}, refused...)...)...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), where) {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// TestBenchLoadsSeveralServersOfOneDatabase has a database made for it, which is kept.
func TestBenchLoadsSeveralServersOfOneDatabase(t *testing.T) {
	t.Parallel()
	for name, routed := range map[string]bool{"each for all accounts": false, "each for some accounts": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := pgtest.Server(t)
			args := []string{"bench", "--processes", "2", "--accounts", "3", "--actions", "60", "--connections", "4", "--modifications", "300"}
			if routed {
				args = append(args, "--routed")
			}
			command := exec.Command(program, append(args, "--json", "--keep", "--store", server)...)
			var told strings.Builder
			command.Stderr = &told
			out, err := command.Output()
			if err != nil {
				t.Fatalf("%v\n%s", err, told.String())
			}
			r := report(t, string(out))
			checkMeasured(t, r)
			if r.Accepted != 300 || r.Completed != 300 || r.Processes != 2 || r.Routed != routed || r.Server.Processes != 2 {
				t.Errorf("%+v", r)
			}
			_, rest, _ := strings.Cut(told.String(), "the database ")
			name, _, kept := strings.Cut(rest, " is kept\n")
			if !kept {
				t.Fatalf("told of no database: %s", told.String())
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

func TestBenchLoadsAServerThatRuns(t *testing.T) {
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
	for _, row := range []string{"scenario", "accepted", "applied", "request to answer", "p99.9"} {
		if !strings.Contains(table, row) {
			t.Errorf("the table has no %q:\n%s", row, table)
		}
	}
}

func TestBenchRefusesWhatMakesNoSense(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args string
		want string
	}{
		"no connections":                   {"--connections 0", "--connections: must be from 1 to 10000"},
		"no time":                          {"--duration 0s", "--duration in seconds: must be from 0.001 to 86400"},
		"a rate that is no number":         {"--rate NaN", "--rate: must be from 0 to 100000"},
		"more accounts than actions":       {"--actions 2 --accounts 3", "--accounts 3: there are fewer --actions"},
		"one action in two accounts":       {"--scenario hot --accounts 2", "--accounts 2: --scenario hot and --url load one account"},
		"files at a rate":                  {"--scenario import --rate 5", "--rate: files of --scenario import"},
		"the newest of a server":           {"--url http://127.0.0.1:1 --account-sid IR --auth-token x --newest 5", "--newest is of a store of bench's own"},
		"two processes on a folder":        {"--processes 2", "--processes 2: several need a database"},
		"requests routed to one server":    {"--routed", "--routed needs several --processes"},
		"files routed to one server":       {"--routed --processes 2 --accounts 2 --scenario import --store postgres://x/y", "--routed does nothing with --scenario import"},
		"a server without an account":      {"--routed --processes 3 --accounts 2 --store postgres://x/y", "--routed needs several --processes"},
		"a folder that is to be kept":      {"--keep", "--keep does something with --store only"},
		"what is kept already":             {"--keep --reuse --store postgres://x/y", "--keep: what is there for --reuse is kept"},
		"what was filled nowhere":          {"--reuse", "--reuse: say with --data or --store"},
		"an action that is hardly deep":    {"--scenario deep --depth 19", "--depth: must be from 20 to 1000000"},
		"a process of its own":             {"--pid 7", "--pid does something with --url only"},
		"a server and a folder":            {"--url http://127.0.0.1:1 --data FOLDER", "--url is another server than that of --data"},
		"a server without who speaks":      {"--url http://127.0.0.1:1", "--url needs --account-sid and --auth-token"},
		"a server that is not there":       {"--url http://127.0.0.1:1 --account-sid IR --auth-token x", "--url http://127.0.0.1:1: list the pending actions"},
		"a folder that has a ledger":       {"--data LEDGER", "--data: holds a ledger already"},
		"a scenario that nobody knows":     {"--scenario stress", "--scenario must be one of"},
		"more time for the floor than fit": {"--floor 2h", "--floor in seconds: must be from 0 to 3600"},
	}
	ledger := newGround(t).store[1]
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
