package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

type applyCommand struct {
	storeFlags
	File string `short:"f" required:"" type:"existingfile" placeholder:"FILE" help:"Reference file, in YAML or JSON."`
}

// Run records the reference data. A server may be running: it prices the submissions that
// it accepts from then on by the new data.
func (c applyCommand) Run(ctx context.Context, s streams) error {
	text, err := readUpTo(c.File, refdata.MaxSize)
	if err != nil {
		return err
	}
	file, err := refdata.Parse(filepath.Base(c.File), text)
	if err != nil {
		return err
	}
	return change(ctx, s, c.create(s.created), func(st *sqlstore.Store, s streams) error {
		event := userEvent(store.OperationRecord, "")
		recorded, err := file.Record(ctx, st, event.At, event)
		for _, r := range recorded {
			s.printf("account %d: %d entries new or changed\n", r.Account, r.Entries)
		}
		return err
	})
}

// readUpTo reads a file. It fails if the file has more than limit bytes.
func readUpTo(name string, limit int64) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err == nil && int64(len(text)) > limit {
		err = fmt.Errorf("%s: larger than %d MiB: split it", name, limit>>20)
	}
	return text, err
}
