package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/trueup-ledger/trueup/internal/bench"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

type benchCommand struct {
	dataFlag
	benchTarget
	Scenario      bench.Scenario `enum:"modify,mixed,hot,import" default:"modify" help:"What is sent: modify (items by chance), mixed (conversions, modifications, reversals, reads as 10:60:5:25), hot (all on one action) or import (files) (default: ${default})."`
	Rate          float64        `placeholder:"N" help:"Requests a second that are due whatever became of those before (default: as many as are answered)."`
	Actions       int            `default:"50000" help:"Actions stored before the load begins (default: ${default}); with --url, at most so many are loaded."`
	Accounts      int            `default:"1" help:"Accounts over which the load is spread (default: ${default})."`
	Connections   int            `default:"64" help:"Connections that send at once (default: ${default})."`
	Duration      time.Duration  `default:"15s" help:"How long the load lasts (default: ${default})."`
	Modifications int64          `placeholder:"N" help:"End after so many requests, or rows of files, in place of --duration."`
	Floor         time.Duration  `default:"15s" help:"For how long at most the engine alone writes what the run wrote; 0s for not at all (default: ${default})."`
	JSON          bool           `help:"Print the report as JSON."`
}

// benchTarget are the flags of a server that runs already.
type benchTarget struct {
	URL        string `name:"url" placeholder:"URL" help:"Load the server that runs there, by changing pending actions of the account, in place of a new store."`
	AccountSID string `name:"account-sid" env:"TRUEUP_SID" placeholder:"SID" help:"With --url: the token's SID."`
	AuthToken  string `name:"auth-token" env:"TRUEUP_TOKEN" placeholder:"SECRET" help:"With --url: the token's secret."`
	PID        int    `name:"pid" placeholder:"PID" help:"With --url: the server's process on this machine, for its CPU and memory."`
}

// Run puts load on a server and prints what was measured.
func (c benchCommand) Run(ctx context.Context, s streams) error {
	if err := c.check(); err != nil {
		return err
	}
	measure := c.ofOwn
	if c.URL != "" {
		measure = c.ofURL
	}
	report, err := measure(ctx, s)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(report)
	}
	return report.Print(s.out)
}

// check refuses flags that are out of bounds or do nothing together.
func (c benchCommand) check() error {
	for _, f := range []struct {
		name            string
		is, least, most float64
	}{
		{"--rate", c.Rate, 0, 100_000},
		{"--actions", float64(c.Actions), 1, 100_000_000},
		{"--accounts", float64(c.Accounts), 1, 10_000},
		{"--connections", float64(c.Connections), 1, 10_000},
		{"--duration in seconds", c.Duration.Seconds(), 0.001, 86_400},
		{"--modifications", float64(c.Modifications), 0, 1e9},
		{"--floor in seconds", c.Floor.Seconds(), 0, 3_600},
		{"--pid", float64(c.PID), 0, 1 << 31},
	} {
		if !(f.is >= f.least && f.is <= f.most) { // NaN is neither
			return fmt.Errorf("%s: must be from %v to %.0f", f.name, f.least, f.most)
		}
	}
	switch {
	case c.Accounts > c.Actions:
		return fmt.Errorf("--accounts %d: there are fewer --actions", c.Accounts)
	case c.Accounts > 1 && (c.Scenario == bench.Hot || c.URL != ""):
		return fmt.Errorf("--accounts %d: --scenario hot and --url load one account", c.Accounts)
	case c.Rate > 0 && c.Scenario == bench.Import:
		return errors.New("--rate: files of --scenario import are handed in one after another")
	case c.URL == "" && c.PID != 0:
		return errors.New("--pid does something with --url only")
	case c.URL != "" && (c.Data != "" || c.Store != ""):
		return errors.New("--url is another server than that of --data or --store: give one")
	case c.URL != "" && (c.AccountSID == "" || c.AuthToken == ""):
		return errors.New("--url needs --account-sid and --auth-token, or TRUEUP_SID and TRUEUP_TOKEN")
	}
	return nil
}

// load answers what to do to the targets.
func (c benchCommand) load(targets []bench.Target) bench.Load {
	l := bench.Load{
		Scenario: c.Scenario, Connections: c.Connections, Rate: c.Rate, Duration: c.Duration, Requests: c.Modifications, Targets: targets,
	}
	if l.Requests > 0 {
		l.Duration = 0
	}
	return l
}

// ofURL measures a server that runs already.
func (c benchCommand) ofURL(ctx context.Context, _ streams) (bench.Report, error) {
	client := bench.NewClient(c.URL, []bench.Account{{SID: c.AccountSID, Token: c.AuthToken}}, c.PID, c.Connections)
	targets, err := bench.Find(ctx, client, time.Now(), c.Actions)
	if err != nil {
		return bench.Report{}, fmt.Errorf("--url %s: %w", c.URL, err)
	}
	return bench.Run(ctx, client, c.load(targets))
}

// ofOwn fills a new store, measures a server of it and what its engine alone can do.
func (c benchCommand) ofOwn(ctx context.Context, s streams) (report bench.Report, err error) {
	st, remove, err := newBenchStore(ctx, c.dataFlag)
	if err != nil {
		return bench.Report{}, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	targets, accounts, before, err := c.prepare(ctx, s, st)
	if err != nil {
		return bench.Report{}, err
	}
	var copied benchStore
	if c.Floor > 0 {
		var removeCopy func() error
		if copied, removeCopy, err = st.copyOf(ctx); err != nil {
			return bench.Report{}, err
		}
		defer func() { err = errors.Join(err, removeCopy()) }()
	}
	report, err = c.serve(ctx, st, accounts, targets)
	if err != nil {
		return bench.Report{}, err
	}
	err = st.use(ctx, "", func(from *sqlstore.Store) error {
		after, err := from.Size(ctx)
		report.SetDisk(before, after)
		if err != nil || c.Floor == 0 {
			return err
		}
		return copied.use(ctx, "", func(to *sqlstore.Store) error {
			w, err := to.Floor(ctx, from, c.Floor)
			report.SetFloor(w.Submissions, w.Accepts, w.Applies, w.Elapsed)
			return err
		})
	})
	return report, err
}

// prepare fills the store and answers its size then.
func (c benchCommand) prepare(ctx context.Context, s streams, st benchStore) (targets []bench.Target, accounts []bench.Account, size int64, err error) {
	err = st.use(ctx, "", func(st *sqlstore.Store) error {
		known, err := st.Accounts(ctx)
		if err == nil && len(known) > 0 {
			err = errors.New("--data: holds a ledger already; bench fills a new one")
		}
		if err != nil {
			return err
		}
		begin := time.Now()
		if targets, accounts, err = bench.Prepare(ctx, st, begin, c.Actions, c.Accounts); err != nil {
			return err
		}
		fmt.Fprintf(s.err, "%d actions stored in %v\n", c.Actions, time.Since(begin).Round(time.Millisecond))
		size, err = st.Size(ctx)
		return err
	})
	return targets, accounts, size, err
}

// serve puts the load on a server of its own.
func (c benchCommand) serve(ctx context.Context, st benchStore, accounts []bench.Account, targets []bench.Target) (bench.Report, error) {
	server, url, err := st.serve(ctx)
	if err != nil {
		return bench.Report{}, err
	}
	client := bench.NewClient(url, accounts, server.Process.Pid, c.Connections)
	report, err := bench.Run(ctx, client, c.load(targets))
	if err == nil {
		report.List, err = bench.ReadList(ctx, client, c.Actions/c.Accounts, time.Now())
	}
	client.Close()
	return report, errors.Join(err, server.Process.Signal(syscall.SIGTERM), server.Wait())
}
