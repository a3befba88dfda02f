package main

import (
	"context"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/archive"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// archiveFlag selects the folder of the archives.
type archiveFlag struct {
	Archive string `folder:"" env:"TRUEUP_ARCHIVE" placeholder:"DIR" help:"Folder of the archives of removed records."`
}

// folder returns the folder, or nil if the flag is not set.
func (f archiveFlag) folder() store.ArchiveFolder {
	if f.Archive == "" {
		return nil
	}
	return archive.Folder(f.Archive)
}

type accountCommands struct {
	Retain retainCommand `cmd:"" help:"Archive and remove the records that the settings of an account no longer retain."`
}

type retainCommand struct {
	accountOperation
	archiveFlag
	DryRun bool `help:"Print what would be removed, and change nothing."`
}

// Run archives and removes old records. A server may be running. If the command is interrupted,
// repeat it.
func (c retainCommand) Run(ctx context.Context, s cli.Streams) error {
	folder := c.folder()
	if c.DryRun {
		folder = nil
	} else if folder == nil {
		return cli.Usage("--archive: name the folder for the removed records, or use --dry-run")
	}
	return c.run(ctx, store.OperationRetain, "settings", func(st *sqlstore.Store, event store.AuditEvent) error {
		set, err := st.RetentionSet(ctx, c.Account)
		if err != nil {
			return err
		}
		if !set {
			s.Printf("The account retains everything: set retain_actions_days or retain_submissions_days.\n")
			return nil
		}
		retained, err := st.Retain(ctx, c.Account, event.At, folder, event)
		for _, name := range retained.Files {
			s.Printf("Wrote %s.\n", name)
		}
		if retained.Queued {
			s.Printf("Submissions are queued: repeat the command once they are applied.\n")
		}
		if err == nil {
			s.Printf("%s %s.\n", map[bool]string{false: "Removed", true: "Would remove"}[c.DryRun], retained)
		}
		return err
	})
}
