package main

import (
	"context"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/operate"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/archive"
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

// archiveWrites is like adminWrites, for commands that use the archives.
type archiveWrites[C operator] struct {
	cli.AdminTarget
	archiveFlag
	Command C `embed:""`
}

// Run runs the command. A server may be running.
func (c archiveWrites[C]) Run(ctx context.Context, k *kong.Context, s cli.Streams) error {
	return c.AdminTarget.RunArchived(ctx, k, s, c.Command.ID(), c.folder(), c.Command.Do)
}

type accountCommands struct {
	Retain archiveWrites[operate.Retain] `cmd:"" help:"Archive and remove the records that the settings of an account no longer retain."`
}
