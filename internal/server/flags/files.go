package flags

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/trueup-ledger/trueup/internal/server"
)

// Files holds the flags of the import of files from a folder.
type Files struct {
	Watch       string        `type:"path" env:"TRUEUP_WATCH" placeholder:"DIR" help:"Import the batch files that are put into DIR/ACCOUNT/in (default: none)."`
	WatchSettle time.Duration `default:"5s" env:"TRUEUP_WATCH_SETTLE" placeholder:"DURATION" help:"With --watch: time after which a file that does not change is complete (default: ${default})."`
}

// Apply sets the fields of c that the flags configure.
func (f Files) Apply(c *server.Config) error {
	if f.WatchSettle < 0 {
		return errors.New("--watch-settle: must not be negative")
	}
	if err := checkFolder(f.Watch); err != nil {
		return fmt.Errorf("--watch: %w", err)
	}
	c.Watch = server.Watch{Folder: f.Watch, Settle: f.WatchSettle}
	return nil
}

// checkFolder reports that a folder doesn't exist. An empty name stands for none.
func checkFolder(name string) error {
	if name == "" {
		return nil
	}
	info, err := os.Stat(name)
	if err == nil && !info.IsDir() {
		return fmt.Errorf("%s is not a folder", name)
	}
	return err
}
