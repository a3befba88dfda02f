package server

import (
	"context"
	"time"

	"github.com/trueup-ledger/trueup/internal/watchfolder"
)

// Watch configures the import of files from a folder.
type Watch struct {
	// Folder is the watched folder, or "" for none.
	Folder string
	// Settle is the time after which a file that does not change is complete.
	Settle time.Duration
}

// watch imports the files of the watched folder until ctx is done.
func (c Config) watch(ctx context.Context, s *services) error {
	if c.Watch.Folder == "" {
		return nil
	}
	return watchfolder.New(watchfolder.Config{
		Dir: c.Watch.Folder, Settle: c.Watch.Settle, Inbox: s.inbox, Store: c.Store, Check: c.Clock.Check, Log: c.Log,
	}).Run(ctx)
}
