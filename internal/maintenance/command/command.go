// Package command declares the flags of the commands for backups, restores and copies, and runs
// them.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/trueup-ledger/trueup/internal/maintenance"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/sqldb/backup"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// verifier returns the function that verifies a store and prints to out.
func verifier(out io.Writer) maintenance.Verify {
	return func(ctx context.Context, st *sqlstore.Store) error { return maintenance.VerifyStore(ctx, out, st, nil) }
}

// Create is the command that creates a backup.
type Create struct {
	File   string `arg:"" type:"path" help:"File to create."`
	Verify bool   `help:"Verify the copy as trueup verify does, before it gets its name."`
	Fast   bool   `help:"Don't pause for the server beside it."`
}

// ForPostgres returns the error for a PostgreSQL database, which names the command to use.
func (c Create) ForPostgres(database string) error {
	return fmt.Errorf("backup is for SQLite; back up PostgreSQL with: pg_dump --format=custom --file=%s --dbname=%s",
		shellQuote(c.File), shellQuote(withoutPassword(database)))
}

// Do copies the store in a folder to a file that doesn't exist yet.
func (c Create) Do(ctx context.Context, out io.Writer, dir string) error {
	o := sqlstore.BackupOptions{Paced: !c.Fast}
	if c.Verify {
		o.Verify = func(st *sqlstore.Store) error { return maintenance.VerifyStore(ctx, out, st, nil) }
	}
	start := time.Now()
	took, err := sqlstore.Backup(ctx, dir, c.File, o)
	if err != nil {
		return fmt.Errorf("back up the store in %s: %w", dir, err)
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Copied %d bytes in %v and checked them in %v: %s\n", info.Size(),
		took.Round(time.Millisecond), (time.Since(start) - took).Round(time.Millisecond), c.File)
	return nil
}

// withoutPassword returns a PostgreSQL URL without its password, which pg_dump asks for or
// takes from PGPASSWORD or ~/.pgpass.
func withoutPassword(database string) string { return passwords.ReplaceAllString(database, "$1$2") }

// passwords matches the passwords of a URL: before the host, and among the parameters.
var passwords = regexp.MustCompile(`^(\w+://[^:/?@]*):[^/?]*(@)|(?:\bpassword|\bsslpassword)=[^&]*&?`)

// shellQuote quotes a text for a POSIX shell.
func shellQuote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// Check is the command that verifies a backup.
type Check struct {
	File string `arg:"" type:"path" help:"Backup. It is only read, and may be on a read-only disk."`
}

// Do prints what a backup contains, and verifies it.
func (c Check) Do(ctx context.Context, out io.Writer) error {
	stamp, err := backup.ReadStamp(c.File)
	if err != nil {
		return err
	}
	contents, err := maintenance.Check(ctx, c.File, verifier(out))
	if errors.Is(err, sqldb.ErrOlder) {
		return fmt.Errorf("%s was made by an earlier version (%w); trueup restore migrates and verifies a copy of it", c.File, err)
	}
	if err != nil {
		return fmt.Errorf("verify %s: %w", c.File, err)
	}
	fmt.Fprintf(out, "Made %s, %d bytes: %v.\n", made(stamp.Made), stamp.Size, contents)
	return nil
}

// made formats the time of a backup.
func made(at time.Time) string {
	if at.IsZero() {
		return "at an unknown time"
	}
	return at.Format(time.RFC3339)
}

// List is the command that lists backups.
type List struct {
	Folder string `arg:"" type:"existingdir" help:"Folder of the backups."`
}

// Do prints the backups in a folder, newest first.
func (c List) Do(out io.Writer) error {
	backups, unreadable := maintenance.List(c.Folder)
	if len(backups) == 0 {
		if unreadable == nil {
			fmt.Fprintln(out, "There are no backups.")
		}
		return unreadable
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "MADE\tBYTES\tFILE")
	for _, b := range backups {
		fmt.Fprintf(table, "%s\t%d\t%s\n", made(b.Made), b.Size, b.File)
	}
	return errors.Join(table.Flush(), unreadable)
}

// Restore is the command that restores a backup.
type Restore struct {
	File        string `arg:"" type:"path" help:"Backup. It is only read."`
	Reason      string `placeholder:"TEXT" help:"Reason for the audit log."`
	NoVerify    bool   `help:"Check only SQLite's structures, and not what trueup verify does."`
	AcceptClock bool   `help:"Trust the clock although it is far ahead of the newest record in the backup."`
}

// Do restores the backup to a folder.
func (c Restore) Do(ctx context.Context, out io.Writer, dir string, e store.AuditEvent) error {
	r := maintenance.Restore{File: c.File, Folder: dir, Event: e, AcceptClock: c.AcceptClock}
	if !c.NoVerify {
		r.Verify = verifier(out)
	}
	restored, err := r.Run(ctx)
	switch {
	case errors.Is(err, sqldb.ErrInUse):
		return fmt.Errorf("%w: stop the server, or choose another folder with --data", err)
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%w; choose another folder with --data, or move all files of this one away", err)
	case err != nil:
		return fmt.Errorf("restore %s: %w", c.File, err)
	}
	fmt.Fprintf(out, "Restored the backup made %s to %s: %v.\n", made(restored.Made), dir, restored.Contents)
	if m := restored.Migration; m.From != m.To {
		fmt.Fprintf(out, "Migrated the store from version %d to %d.\n", m.From, m.To)
	}
	fmt.Fprintf(out, afterRestore, shellQuote(dir))
	return nil
}

// afterRestore is what an operator must know before the next step.
const afterRestore = `
The ledger has nothing that happened after the backup. Before you serve it:
- Stop the server of the other copy for good: two would issue the same invoice numbers.
- Have callers repeat their writes since then; import files and reference data again.
- Repeat erasures, disabled tokens, bonuses, write-offs and payments that were recorded since then.
- Compare invoices that were issued since then: they are issued again, and can differ.
- Warn receivers of event notifications: events are sent again, and ids are used again.
Next: trueup serve --data %s
`

// Copy is the command that copies a ledger.
type Copy struct {
	From string `required:"" env:"TRUEUP_COPY_FROM" placeholder:"DIR|URL" help:"Folder of a SQLite database, or URL of a PostgreSQL database."`
	To   string `required:"" env:"TRUEUP_COPY_TO" placeholder:"URL|DIR" help:"URL of a PostgreSQL database without a ledger, or folder without one."`
}

// Do copies the ledger. It returns an error that wraps [maintenance.ErrNoLedger] if there is none.
func (c Copy) Do(ctx context.Context, out io.Writer) error {
	begin := time.Now()
	copied, err := maintenance.Copy{
		From: maintenance.Place(c.From), To: maintenance.Place(c.To), Verify: verifier(out),
		Progress: func(part string) { fmt.Fprintln(out, part+"…") },
	}.Run(ctx)
	switch {
	case errors.Is(err, sqldb.ErrInUse):
		return fmt.Errorf("%w: stop all servers of both ledgers", err)
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%w: --to needs an empty place", err)
	case err != nil:
		return err
	}
	fmt.Fprintf(out, "Copied %d rows of %d tables in %v, and both ledgers are equal: %v.\n",
		copied.Rows, copied.Tables, time.Since(begin).Round(time.Millisecond), copied.Contents)
	next := "--data " + shellQuote(c.To)
	if sqldb.IsPostgres(c.To) {
		next = "--store " + shellQuote(withoutPassword(c.To))
	}
	fmt.Fprintf(out, "Don't serve %v again: the copies would diverge. Next: trueup serve %s\n", maintenance.Place(c.From), next)
	return nil
}
