package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

type backupCommand struct {
	storeFlags
	File   string `arg:"" type:"path" help:"File to create."`
	Verify bool   `help:"Verify the copy as trueup verify does, before it gets its name."`
}

// Run copies the store to a file that doesn't exist yet.
func (c backupCommand) Run(ctx context.Context, s streams) error {
	if c.Store != "" {
		return fmt.Errorf("backup is for SQLite; back up PostgreSQL with: pg_dump --format=custom --file=%s --dbname=%s",
			shellQuote(c.File), shellQuote(withoutPassword(c.Store)))
	}
	dir, err := c.dir(ledgerFolder)
	if err != nil {
		return err
	}
	var verify func(*sqlstore.Store) error
	if c.Verify {
		verify = func(st *sqlstore.Store) error { return verifyStore(ctx, s, st) }
	}
	start := time.Now()
	took, err := sqlstore.Backup(ctx, dir, c.File, sqlstore.BackupOptions{Verify: verify})
	if err != nil {
		return fmt.Errorf("back up the store in %s: %w", dir, err)
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return err
	}
	s.printf("Copied %d bytes in %v and checked them in %v: %s\n", info.Size(),
		took.Round(time.Millisecond), (time.Since(start) - took).Round(time.Millisecond), c.File)
	return nil
}

// withoutPassword returns a PostgreSQL URL without its password, which pg_dump asks for or
// takes from PGPASSWORD or ~/.pgpass.
func withoutPassword(store string) string { return passwords.ReplaceAllString(store, "$1$2") }

// passwords matches the passwords of a URL: before the host, and among the parameters.
var passwords = regexp.MustCompile(`^(\w+://[^:/?@]*):[^/?]*(@)|(?:\bpassword|\bsslpassword)=[^&]*&?`)

// shellQuote quotes a text for a POSIX shell.
func shellQuote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
