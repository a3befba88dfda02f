package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/trueup-ledger/trueup/internal/bench"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

type benchCommand struct {
	dataFlag
	Actions     int           `default:"50000" help:"Actions stored before the load begins (default: ${default})."`
	Connections int           `default:"64" help:"Connections that modify items at once (default: ${default})."`
	Duration    time.Duration `default:"15s" help:"How long the load lasts (default: ${default})."`
	JSON        bool          `help:"Print the report as JSON."`
}

// Run fills a new store, serves it by a process of its own and puts load on that.
func (c benchCommand) Run(ctx context.Context, s streams) (err error) {
	dir := c.Data
	if dir == "" {
		if dir, err = os.MkdirTemp("", "trueup-bench-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	st, err := sqlstore.OpenSQLite(ctx, dir)
	if err != nil {
		return err
	}
	accounts, err := st.Accounts(ctx)
	if err == nil && len(accounts) > 0 {
		err = fmt.Errorf("--data %s: holds a ledger already; bench fills a new one", dir)
	}
	if err != nil {
		return errors.Join(err, st.Close())
	}
	begin := time.Now()
	targets, sid, secret, err := bench.Prepare(ctx, st, time.Now(), c.Actions)
	if err = errors.Join(err, st.Close()); err != nil {
		return err
	}
	fmt.Fprintf(s.err, "%d actions stored in %v\n", c.Actions, time.Since(begin).Round(time.Millisecond))
	server, url, err := startServer(ctx, dir)
	if err != nil {
		return err
	}
	client := bench.NewClient(url, sid, secret, server.Process.Pid, c.Connections)
	report, err := bench.Run(ctx, client, bench.Load{Connections: c.Connections, Duration: c.Duration, Targets: targets})
	if err == nil {
		report.List, err = bench.ReadList(ctx, client, c.Actions, time.Now())
	}
	if err = errors.Join(err, server.Process.Signal(syscall.SIGTERM), server.Wait()); err != nil {
		return err
	}
	return c.print(s, report)
}

// startServer runs this program's serve and answers it once it is ready.
func startServer(ctx context.Context, dir string) (*exec.Cmd, string, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	server := exec.CommandContext(ctx, program, "serve", "--data", dir, "--listen", "127.0.0.1:0", "--admin-listen", "off")
	server.Stderr = os.Stderr
	out, err := server.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := server.Start(); err != nil {
		return nil, "", err
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if url, found := strings.CutPrefix(lines.Text(), "TRUEUP_URL="); found {
			return server, url, nil
		}
	}
	return nil, "", fmt.Errorf("the server did not start: %w", server.Wait())
}

func (c benchCommand) print(s streams, r bench.Report) error {
	if c.JSON {
		return json.NewEncoder(s.out).Encode(r)
	}
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) { fmt.Fprintf(table, name+"\t"+format+"\n", args...) }
	row("accepted", "%d (%.0f a second), %d refused", r.Accepted, perSecond(r.Accepted, r.Accepting), r.Refused)
	row("applied", "%.0f a second", perSecond(r.Accepted, r.Applying))
	row("request to answer", "p50 %v, p99 %v, max %v", r.Answer.P50, r.Answer.P99, r.Answer.Max)
	row("accepted to applied", "p50 %v, p99 %v, max %v (%d watched)", r.Effect.P50, r.Effect.P99, r.Effect.Max, r.Effect.Count)
	row("server memory", "%d MiB resident, %d MiB at its peak", r.Resident>>20, r.ResidentPeak>>20)
	row("a page of actions", "%d KiB, first byte after %v, whole after %v, memory up %d MiB",
		r.List.Bytes>>10, r.List.FirstByte, r.List.Whole, r.List.Growth>>20)
	return table.Flush()
}

func perSecond(n int, d time.Duration) float64 { return float64(n) / d.Seconds() }
