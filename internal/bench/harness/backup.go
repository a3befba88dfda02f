package harness

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/trueup-ledger/trueup/internal/bench"
	"github.com/trueup-ledger/trueup/internal/maintenance"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// runBackups measures writes during backups and before, and fails if they are too slow or a backup
// lacks writes.
func (c Benchmark) runBackups(ctx context.Context) error {
	report, err := c.measureBackups(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(c.Out).Encode(report)
	} else {
		err = report.print(c.Out)
	}
	return errors.Join(err, report.check())
}

// measureBackups fills a store and applies loads to a server on it.
func (c Benchmark) measureBackups(ctx context.Context) (report backupReport, err error) {
	report.Rate = c.Rate
	st, remove, err := newStore(ctx, c.Place, c.Reuse)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	fixture, err := c.prepare(ctx, st)
	if err != nil {
		return report, err
	}
	process, url, err := st.serve(ctx)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, process.Process.Signal(syscall.SIGTERM), process.Wait()) }()
	client := bench.NewClient([]bench.Server{{URL: url, PID: process.Process.Pid}}, fixture.accounts, c.Connections)
	defer client.Close()
	dir, err := os.MkdirTemp(filepath.Dir(st.Folder), "trueup-bench-backup-")
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	for n := range c.Backups {
		pair, err := c.measureBackup(ctx, client, fixture, st, filepath.Join(dir, fmt.Sprintf("%d.db", n)))
		if err != nil {
			return report, err
		}
		report.Pairs = append(report.Pairs, pair)
	}
	return report, nil
}

// measureBackup applies a load, and then one that ends with a backup to a file, which it verifies
// and removes.
func (c Benchmark) measureBackup(ctx context.Context, client *bench.Client, f filledStore, st benchStore, file string) (pair backupPair, err error) {
	load := c.load(f.targets)
	before, err := bench.Run(ctx, client, load)
	if err != nil {
		return pair, err
	}
	pair.Before = before.Response
	end := make(chan struct{})
	load.Duration, load.Requests, load.End, load.WarmUp = 0, 0, end, 0
	failed := make(chan error, 1)
	go func() {
		defer close(end)
		failed <- func() (err error) {
			if pair.Acknowledged, err = countSubmissions(ctx, st.Folder); err != nil {
				return err
			}
			begin := time.Now()
			err = c.backUp(ctx, st, file)
			pair.Took = bench.Millis(time.Since(begin))
			return err
		}()
	}()
	during, err := bench.Run(ctx, client, load)
	if err := errors.Join(err, <-failed); err != nil {
		return pair, err
	}
	pair.During = during.Response
	info, err := os.Stat(file)
	if err != nil {
		return pair, err
	}
	pair.Bytes = info.Size()
	contents, err := maintenance.Check(ctx, file, func(ctx context.Context, st *sqlstore.Store) error {
		return maintenance.VerifyStore(ctx, c.Progress, st, nil)
	})
	pair.Saved = contents.Submissions
	return pair, errors.Join(err, os.Remove(file))
}

// backUp runs the program that backs up the store.
func (c Benchmark) backUp(ctx context.Context, st benchStore, file string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	command := exec.CommandContext(ctx, program, "backup", "create", file)
	command.Env, command.Stdout, command.Stderr = st.environment(), c.Progress, c.Progress
	return command.Run()
}

// countSubmissions returns the number of submissions of a store in a folder.
func countSubmissions(ctx context.Context, dir string) (int64, error) {
	st, err := sqlstore.OpenSQLiteReadOnly(ctx, dir)
	if err != nil {
		return 0, err
	}
	count, err := st.CountSubmissions(ctx)
	return count, errors.Join(err, st.Close())
}
