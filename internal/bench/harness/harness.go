// Package harness runs benchmarks: it fills a store, starts servers on it and applies a load to
// them.
package harness

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"

	"github.com/trueup-ledger/trueup/internal/bench"
	"github.com/trueup-ledger/trueup/internal/bench/flags"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// Opener opens a store.
type Opener func(ctx context.Context, p Place) (*sqlstore.Store, error)

// Benchmark is a benchmark that flags configure.
type Benchmark struct {
	flags.Flags
	Place
	// Open opens an existing store, and Create creates one if there is none.
	Open, Create Opener
	// Out is for the measurements and Progress for what is being done.
	Out, Progress io.Writer
}

// Run applies a load to a server and prints the measurements.
func (c Benchmark) Run(ctx context.Context) error {
	if err := c.Check(c.Folder, c.Database); err != nil {
		return err
	}
	if c.Scenario == bench.Undo {
		return c.runUndo(ctx)
	}
	if c.Backups > 0 {
		return c.runBackups(ctx)
	}
	measure := c.measureOwn
	if c.URL != "" {
		measure = c.measureURL
	}
	report, err := measure(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(c.Out).Encode(report)
	} else {
		err = report.Print(c.Out)
	}
	if report.Callers != nil {
		err = errors.Join(err, report.Callers.Check(c.MaxP99))
	}
	return err
}

// load returns the load that the flags configure.
func (c Benchmark) load(targets []bench.Target) bench.Load {
	l := bench.Load{
		Scenario: c.Scenario, Connections: c.Connections, Rate: c.Rate, Duration: c.Duration, Requests: c.Modifications, Targets: targets,
		Zipf: c.Zipf, Callers: c.Callers, Routed: c.Routed, Depth: c.Depth, WarmUp: c.WarmUp,
	}
	if l.Requests > 0 {
		l.Duration = 0
	}
	return l
}

// measureURL measures a running server.
func (c Benchmark) measureURL(ctx context.Context) (bench.Report, error) {
	client := bench.NewClient([]bench.Server{{URL: c.URL, PID: c.PID}}, []bench.Account{{SID: c.AccountSID, Token: c.AuthToken}}, c.Connections)
	targets, err := bench.Find(ctx, client, time.Now(), c.Actions)
	if err != nil {
		return bench.Report{}, fmt.Errorf("--url %s: %w", c.URL, err)
	}
	return bench.Run(ctx, client, c.load(targets))
}

// measureOwn fills a new store, measures a server on it and then the database engine
// alone.
func (c Benchmark) measureOwn(ctx context.Context) (report bench.Report, err error) {
	st, remove, err := newStore(ctx, c.Place, c.Reuse)
	if err != nil {
		return bench.Report{}, err
	}
	if c.Keep {
		fmt.Fprintf(c.Progress, "kept the database %s\n", st.name)
	} else {
		defer func() { err = errors.Join(err, remove()) }()
	}
	fixture, err := c.prepare(ctx, st)
	if err != nil {
		return bench.Report{}, err
	}
	var replica benchStore
	if c.Floor > 0 {
		var removeCopy func() error
		if replica, removeCopy, err = st.copyOf(ctx); err != nil {
			return bench.Report{}, err
		}
		defer func() { err = errors.Join(err, removeCopy()) }()
	}
	report, err = c.serve(ctx, st, fixture)
	if err != nil {
		return bench.Report{}, err
	}
	err = st.use(ctx, c.Open, func(from *sqlstore.Store) error {
		after, err := from.Size(ctx)
		report.SetDisk(fixture.size, after, c.Actions)
		if err == nil {
			err = report.MeasureBare(ctx, from)
		}
		if err == nil {
			err = report.ReadCommits(ctx, from, fixture.last)
		}
		if err != nil || c.Floor == 0 {
			return err
		}
		return replica.use(ctx, c.Open, func(to *sqlstore.Store) error {
			replayed, err := bench.Replay(ctx, from, to, c.Floor)
			report.SetFloor(replayed)
			return err
		})
	})
	return report, err
}

// filledStore describes a store before the load.
type filledStore struct {
	targets  []bench.Target
	accounts []bench.Account
	size     int64
	// last holds the number of the last submission of each account.
	last map[int64]int64
}

// prepare fills the store.
func (c Benchmark) prepare(ctx context.Context, st benchStore) (f filledStore, err error) {
	open := c.Create
	if c.Reuse {
		open = c.Open
	}
	err = st.use(ctx, open, func(st *sqlstore.Store) error {
		known, err := st.Accounts(ctx)
		switch {
		case err != nil:
			return err
		case !c.Reuse && len(known) > 0:
			return errors.New("--data: the folder has a ledger; use an empty folder, or --reuse for a store that an earlier run filled")
		case c.Reuse && len(known) != c.Accounts:
			return fmt.Errorf("--reuse: the store has %d accounts; use the same --accounts and --actions as the run that filled it", len(known))
		}
		begin := time.Now()
		fixture := bench.Fixture{Actions: c.Actions, Accounts: c.Accounts, Items: c.Items, Newest: c.Newest, Reuse: c.Reuse}
		if f.targets, f.accounts, err = bench.Prepare(ctx, st, begin, fixture); err != nil {
			return err
		}
		fmt.Fprintf(c.Progress, "stored %d actions in %v\n", c.Actions, time.Since(begin).Round(time.Millisecond))
		if f.last, err = st.LastAccepted(ctx); err == nil {
			f.size, err = st.Size(ctx)
		}
		return err
	})
	return f, err
}

// serve starts servers on the store and applies the load to them.
func (c Benchmark) serve(ctx context.Context, st benchStore, f filledStore) (report bench.Report, err error) {
	var servers []bench.Server
	for range c.Processes {
		process, url, serveErr := st.serve(ctx)
		if serveErr != nil {
			return bench.Report{}, serveErr
		}
		defer func() { err = errors.Join(err, process.Process.Signal(syscall.SIGTERM), process.Wait()) }()
		servers = append(servers, bench.Server{URL: url, PID: process.Process.Pid})
	}
	client := bench.NewClient(servers, f.accounts, c.Connections)
	defer client.Close()
	if report, err = bench.Run(ctx, client, c.load(f.targets)); err != nil {
		return bench.Report{}, err
	}
	report.List, err = bench.ReadList(ctx, client, c.Actions/c.Accounts, time.Now())
	return report, err
}
