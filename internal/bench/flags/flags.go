// Package flags declares and checks the flags of trueup bench.
package flags

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/bench"
)

// Flags are the flags of a benchmark, without those of its store.
type Flags struct {
	Target
	Scenario      bench.Scenario `enum:"modify,mixed,hot,deep,alone,import,undo" default:"modify" help:"Load: modify (random items), mixed (conversions, modifications, reversals and reads as 10:60:5:25), hot (one action), deep (--depth modifications per action, one after another), alone (one connection that waits for each effect), import (files) or undo (undos of a large action beside the writes of another account) (default: ${default})."`
	Depth         int            `default:"1000" placeholder:"N" help:"With --scenario deep: modifications per action (default: ${default})."`
	Backups       int            `placeholder:"N" help:"With --rate: back up N times, each during a load that ends with the backup and after one of --duration; fail if the median of the p99 more than doubles, or a backup lacks an earlier write."`
	Undos         int            `default:"200" placeholder:"N" help:"With --scenario undo: number of undos (default: ${default})."`
	MaxP99        time.Duration  `name:"max-p99" default:"150ms" placeholder:"TIME" help:"With --callers or --scenario undo: fail if the 99th percentile of a single caller is above TIME (default: ${default})."`
	Rate          float64        `placeholder:"N" help:"Requests per second of an open loop (default: a closed loop)."`
	Actions       int            `default:"50000" help:"Actions to store before the load; with --url, maximum number of actions to modify (default: ${default})."`
	Items         int            `default:"3" placeholder:"N" help:"Items of each stored action (default: ${default})."`
	Newest        int            `placeholder:"N" help:"Modify only the newest N actions of each account (default: all)."`
	Accounts      int            `default:"1" help:"Number of accounts (default: ${default})."`
	Zipf          float64        `placeholder:"S" help:"Select accounts by popularity, which follows Zipf's law with the exponent S (1.1, say; default: all accounts alike)."`
	Connections   int            `default:"64" help:"Number of concurrent connections (default: ${default})."`
	Duration      time.Duration  `default:"15s" help:"Duration of the load (default: ${default})."`
	Modifications int64          `placeholder:"N" help:"Number of requests, or rows of files, to send instead of --duration."`
	WarmUp        int64          `placeholder:"N" help:"Number of modifications to apply before the measurement."`
	Callers       bool           `help:"Put the load on the first account only, and measure a single caller of each account beside it."`
	Processes     int            `default:"1" help:"With --store: number of servers on the database (default: ${default})."`
	Routed        bool           `help:"With --processes: send all requests of an account to one server (default: to all servers)."`
	Keep          bool           `help:"With --store: keep the database and print its name."`
	Reuse         bool           `help:"Reuse the store at --data or --store that an earlier run filled with the same --actions and --accounts."`
	Floor         time.Duration  `default:"15s" help:"Maximum duration of measuring the database engine alone; 0s to skip it (default: ${default})."`
	JSON          bool           `help:"Print the report as JSON."`
}

// Target holds the flags that select a running server.
type Target struct {
	URL        string `name:"url" placeholder:"URL" help:"URL of a running server to load instead; modifies pending actions of the account."`
	AccountSID string `name:"account-sid" env:"TRUEUP_SID" placeholder:"SID" help:"With --url: SID of the token."`
	AuthToken  string `name:"auth-token" env:"TRUEUP_TOKEN" placeholder:"SECRET" help:"With --url: secret of the token."`
	PID        int    `name:"pid" placeholder:"PID" help:"With --url: process id of a local server, to measure its CPU and memory."`
}

// Check returns an error for flags that are out of range or contradict each other or the place
// of the store: a folder or the URL of a database.
func (c Flags) Check(folder, database string) error {
	if err := c.validateRanges(); err != nil {
		return err
	}
	for _, conflict := range slices.Concat(c.loadConflicts(), c.accountConflicts(), c.callerConflicts(), c.storeConflicts(folder, database)) {
		if conflict.found {
			return errors.New(conflict.message)
		}
	}
	return nil
}

// flagConflict is a combination of flags that is not allowed.
type flagConflict struct {
	found   bool
	message string
}

// loadConflicts returns the conflicts of the flags that configure the load.
func (c Flags) loadConflicts() []flagConflict {
	return []flagConflict{
		{c.Backups > 0 && (c.Rate == 0 || c.Scenario != bench.Modify || c.Callers || c.URL != ""), "--backups needs --rate and --scenario modify, and can't be used with --callers and --url"},
		{c.Newest > 0 && c.URL != "", "--newest can't be used with --url"},
		{c.Scenario == bench.Undo && (c.URL != "" || c.Reuse || c.Keep), "--scenario undo needs a new store: it can't be used with --url, --reuse and --keep"},
		{c.Rate > 0 && (c.Scenario == bench.Import || c.Scenario == bench.Alone), fmt.Sprintf("--rate can't be used with --scenario %s", c.Scenario)},
	}
}

// accountConflicts returns the conflicts of the flags that spread the load over accounts.
func (c Flags) accountConflicts() []flagConflict {
	anyItem := c.Scenario == bench.Modify || c.Scenario == bench.Mixed
	return []flagConflict{
		{c.Accounts > c.Actions, fmt.Sprintf("--accounts %d: must not be larger than --actions", c.Accounts)},
		{c.Accounts > 1 && (c.Scenario == bench.Hot || c.URL != ""), fmt.Sprintf("--accounts %d: must be 1 with --scenario hot and --url", c.Accounts)},
		{!(c.Zipf == 0 || c.Zipf > 1), fmt.Sprintf("--zipf %v: must be greater than 1", c.Zipf)},
		{c.Zipf > 0 && c.Accounts < 2, "--zipf needs at least two --accounts"},
		{c.Zipf > 0 && !anyItem, "--zipf needs --scenario modify or mixed"},
		{c.Zipf > 0 && (c.Routed || c.Callers), "--zipf can't be used with --routed and --callers"},
	}
}

// callerConflicts returns the conflicts of the flags that select servers and callers.
func (c Flags) callerConflicts() []flagConflict {
	return []flagConflict{
		{c.Callers && c.Accounts < 2, "--callers needs at least two --accounts"},
		{c.Callers && (c.Routed || c.Scenario == bench.Alone || c.Scenario == bench.Undo), "--callers can't be used with --routed and --scenario alone and undo"},
		{c.Routed && (c.Processes < 2 || min(c.Accounts, c.Connections) < c.Processes), "--routed needs at least two --processes, and as many --accounts and --connections"},
		{c.Routed && (c.Scenario == bench.Deep || c.Scenario == bench.Import || c.Scenario == bench.Alone), fmt.Sprintf("--routed can't be used with --scenario %s", c.Scenario)},
	}
}

// storeConflicts returns the conflicts of the flags that select the store or the server.
func (c Flags) storeConflicts(folder, database string) []flagConflict {
	return []flagConflict{
		{c.Backups > 0 && database != "", "--backups is for SQLite: it can't be used with --store"},
		{c.Processes > 1 && database == "", fmt.Sprintf("--processes %d: more than one needs --store", c.Processes)},
		{c.Keep && c.Reuse, "--keep can't be used with --reuse, which always keeps the store"},
		{c.Keep && database == "", "--keep needs --store; the folder of --data is always kept"},
		{c.Reuse && database == "" && folder == "", "--reuse needs --data or --store"},
		{c.URL == "" && c.PID != 0, "--pid needs --url"},
		{c.URL != "" && (folder != "" || database != ""), "--url can't be used with --data or --store"},
		{c.URL != "" && (c.AccountSID == "" || c.AuthToken == ""), "--url needs --account-sid and --auth-token, or TRUEUP_SID and TRUEUP_TOKEN"},
	}
}

func (c Flags) validateRanges() error {
	for _, f := range []struct {
		name            string
		value, min, max float64
	}{
		{"--rate", c.Rate, 0, 100_000},
		{"--actions", float64(c.Actions), 1, 100_000_000},
		{"--items", float64(c.Items), 1, 1_000},
		{"--newest", float64(c.Newest), 0, 100_000_000},
		{"--accounts", float64(c.Accounts), 1, 10_000},
		{"--zipf", c.Zipf, 0, 100},
		{"--connections", float64(c.Connections), 1, 10_000},
		{"--duration in seconds", c.Duration.Seconds(), 0.001, 86_400},
		{"--modifications", float64(c.Modifications), 0, 1e9},
		{"--depth", float64(c.Depth), bench.MinDepth, 1e6},
		{"--backups", float64(c.Backups), 0, 100},
		{"--undos", float64(c.Undos), 1, 100_000},
		{"--warm-up", float64(c.WarmUp), 0, 1e9},
		{"--processes", float64(c.Processes), 1, 64},
		{"--floor in seconds", c.Floor.Seconds(), 0, 3_600},
		{"--pid", float64(c.PID), 0, 1 << 31},
	} {
		if !(f.value >= f.min && f.value <= f.max) { // NaN is not in range
			return fmt.Errorf("%s: must be from %v to %.0f", f.name, f.min, f.max)
		}
	}
	return nil
}
