package flags

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/trueup-ledger/trueup/internal/server"
	"github.com/trueup-ledger/trueup/internal/sftpserver"
)

// Files holds the flags of the import of files from a folder.
type Files struct {
	Watch       string        `type:"path" env:"TRUEUP_WATCH" placeholder:"DIR" help:"Import the batch files that are put into DIR/ACCOUNT/in (default: none)."`
	WatchSettle time.Duration `default:"5s" env:"TRUEUP_WATCH_SETTLE" placeholder:"DURATION" help:"With --watch: time after which a file that does not change is complete (default: ${default})."`
	SFTPListen  string        `name:"sftp-listen" env:"TRUEUP_SFTP_LISTEN" placeholder:"ADDR" help:"With --watch: address on which accounts upload files over SFTP (default: none)."`
	SFTPHostKey string        `name:"sftp-host-key" type:"path" env:"TRUEUP_SFTP_HOST_KEY" placeholder:"FILE" help:"With --sftp-listen: private key of the server; a new one is written to a file that does not exist."`
	SFTPKeys    string        `name:"sftp-keys" type:"path" env:"TRUEUP_SFTP_KEYS" placeholder:"DIR" help:"With --sftp-listen: folder with the authorized keys of each account in ACCOUNT.pub; a change has effect at once."`
	SFTPQuota   int64         `name:"sftp-quota" default:"1024" env:"TRUEUP_SFTP_QUOTA" placeholder:"MIB" help:"With --sftp-listen: MiB that the files of an account may take (default: ${default})."`
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
	if f.SFTPListen == "" {
		return nil
	}
	if err := f.checkSFTP(); err != nil {
		return err
	}
	c.Watch.SFTP, c.Watch.HostKey, c.Watch.Keys, c.Watch.Quota = f.SFTPListen, f.SFTPHostKey, f.SFTPKeys, f.SFTPQuota<<20
	return nil
}

// checkSFTP reports settings with which no SFTP server can start.
func (f Files) checkSFTP() error {
	if f.Watch == "" || f.SFTPHostKey == "" || f.SFTPKeys == "" {
		return errors.New("--sftp-listen: needs --watch, --sftp-host-key and --sftp-keys")
	}
	if f.SFTPQuota < 1 || f.SFTPQuota > maxQuota {
		return fmt.Errorf("--sftp-quota: must be a number from 1 to %d", maxQuota)
	}
	if err := checkAddress(f.SFTPListen); err != nil {
		return fmt.Errorf("--sftp-listen: %w", err)
	}
	if err := checkFolder(f.SFTPKeys); err != nil {
		return fmt.Errorf("--sftp-keys: %w", err)
	}
	if _, err := os.Stat(f.SFTPHostKey); err == nil { // serve creates a missing one
		if _, err := sftpserver.HostKey(f.SFTPHostKey); err != nil {
			return fmt.Errorf("--sftp-host-key: %w", err)
		}
	}
	return nil
}

// maxQuota is the maximum of --sftp-quota, a TiB.
const maxQuota = 1 << 20

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
