package server

import (
	"context"
	"fmt"
	"net"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/sftpserver"
	"github.com/trueup-ledger/trueup/internal/watchfolder"
)

// Watch configures the import of files from a folder.
type Watch struct {
	// Folder is the watched folder, or "" for none.
	Folder string
	// Settle is the time after which a file that does not change is complete.
	Settle time.Duration
	// SFTP is the TCP address of an SFTP server for the folder, or "" for none. HostKey is the
	// file with its key, and Keys the folder with those of the accounts.
	SFTP, HostKey, Keys string
	// Quota is the maximum size of the files of an account in bytes.
	Quota int64
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

// listenSFTP listens for SFTP connections and returns a function that serves them. Without an
// address, neither does anything.
func (c Config) listenSFTP(ctx context.Context) (serve func(ctx context.Context) error, stop func() error, err error) {
	if c.Watch.SFTP == "" {
		return func(context.Context) error { return nil }, func() error { return nil }, nil
	}
	key, err := sftpserver.HostKey(c.Watch.HostKey)
	if err != nil {
		return nil, nil, fmt.Errorf("host key: %w", err)
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", c.Watch.SFTP)
	if err != nil {
		return nil, nil, fmt.Errorf("listen on %s for SFTP: %w", c.Watch.SFTP, err)
	}
	c.Log.Info("serving SFTP", "address", l.Addr().String(), "host_key", ssh.FingerprintSHA256(key.PublicKey()))
	s := sftpserver.New(sftpserver.Config{
		Folder: c.Watch.Folder, Keys: c.Watch.Keys, HostKey: key, MaxFile: batchfile.MaxSize, Quota: c.Watch.Quota,
		Accounts: c.Store.Accounts, Log: c.Log,
	})
	return func(ctx context.Context) error { return s.Serve(ctx, l) }, l.Close, nil
}
