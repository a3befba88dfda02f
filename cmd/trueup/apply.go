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
	dataFlag
	File string `short:"f" required:"" type:"existingfile" placeholder:"FILE" help:"The file, in YAML or JSON."`
}

// Run records what the file says, also while a server runs on the folder:
// submissions accepted from then on are judged by it.
func (c applyCommand) Run(ctx context.Context, s streams) error {
	text, err := readUpTo(c.File, refdata.MaxSize)
	if err != nil {
		return err
	}
	file, err := refdata.Parse(filepath.Base(c.File), text)
	if err != nil {
		return err
	}
	return c.change(ctx, s, func(st *sqlstore.Store, s streams) error {
		by := byUser(store.OperationRecord, "")
		recorded, err := file.Record(ctx, st, by.At, by)
		for _, r := range recorded {
			s.printf("account %d: %d entries new or changed\n", r.Account, r.Entries)
		}
		return err
	})
}

// readUpTo reads a file that has at most so many bytes.
func readUpTo(name string, limit int64) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err == nil && int64(len(text)) > limit {
		err = fmt.Errorf("%s: over %d MiB: split it", name, limit>>20)
	}
	return text, err
}
