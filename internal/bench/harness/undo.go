package harness

import (
	"context"
	"encoding/json"
	"errors"
	"syscall"
	"time"

	"github.com/trueup-ledger/trueup/internal/bench"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// runUndo measures the writes of an account while another one undoes changes, and fails if
// they are too slow.
func (c Benchmark) runUndo(ctx context.Context) error {
	report, err := c.measureUndo(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(c.Out).Encode(report)
	} else {
		err = report.Print(c.Out)
	}
	return errors.Join(err, report.Check(c.MaxP99))
}

// measureUndo fills a new store and applies the load to a server on it.
func (c Benchmark) measureUndo(ctx context.Context) (report bench.UndoReport, err error) {
	st, remove, err := newStore(ctx, c.Place, false)
	if err != nil {
		return bench.UndoReport{}, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	var load bench.UndoLoad
	var accounts []bench.Account
	err = st.use(ctx, c.Create, func(st *sqlstore.Store) error {
		known, err := st.Accounts(ctx)
		if err == nil && len(known) > 0 {
			err = errors.New("--data: the folder has a ledger; use an empty folder")
		}
		if err == nil {
			load, accounts, err = bench.PrepareUndo(ctx, st, time.Now())
		}
		return err
	})
	if err != nil {
		return bench.UndoReport{}, err
	}
	process, url, err := st.serve(ctx)
	if err != nil {
		return bench.UndoReport{}, err
	}
	defer func() { err = errors.Join(err, process.Process.Signal(syscall.SIGTERM), process.Wait()) }()
	client := bench.NewClient([]bench.Server{{URL: url, PID: process.Process.Pid}}, accounts, 2)
	defer client.Close()
	load.Undos, load.Duration = c.Undos, c.Duration
	return bench.RunUndo(ctx, client, load)
}
