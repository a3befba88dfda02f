// Package sftpserver receives batch files over SFTP. An account logs in with its number and one of
// its keys, and sees its folders of a watched folder, and nothing else.
package sftpserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"github.com/trueup-ledger/trueup/internal/watchfolder"
)

const (
	// handshakeTimeout bounds the time until a caller has logged in, and idleTimeout that without
	// a byte from the caller or to it.
	handshakeTimeout = 20 * time.Second
	idleTimeout      = 5 * time.Minute
	// keyInterval is the interval at which the key of a connection is looked up again.
	keyInterval = 10 * time.Second
	// maxTries is the maximum number of keys that a caller may offer on a connection.
	maxTries = 6
	// acceptPause is the pause after a connection could not be accepted.
	acceptPause = time.Second
)

// Config configures a [Server].
type Config struct {
	// Folder is the watched folder.
	Folder string
	// Keys is the folder with a file ACCOUNT.pub of authorized keys for each account.
	Keys    string
	HostKey ssh.Signer
	// MaxFile is the maximum size of a file in bytes, and Quota that of all files of an account.
	MaxFile, Quota int64
	// Accounts returns the accounts of the store.
	Accounts func(ctx context.Context) ([]int64, error)
	Log      *slog.Logger
}

// Server is an SFTP server. Create one with [New].
type Server struct {
	Config
	limits limits

	mu       sync.Mutex
	accounts map[int64]*account
}

// New returns a server, which does nothing until Serve is called.
func New(c Config) *Server {
	return &Server{Config: c, accounts: make(map[int64]*account)}
}

// Serve serves the connections of a listener until ctx is done. Uploads that are not complete then
// are removed.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	var group sync.WaitGroup
	defer group.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	for {
		conn, err := l.Accept()
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, net.ErrClosed):
			return err
		case err != nil:
			s.Log.Error("accepting an SFTP connection failed", "error", err)
			select {
			case <-time.After(acceptPause):
			case <-ctx.Done():
			}
			continue
		}
		network := networkOf(conn.RemoteAddr())
		if !s.limits.connect(network, time.Now()) {
			_ = conn.Close()
			continue
		}
		group.Go(func() {
			defer s.limits.disconnect(network)
			s.serve(ctx, conn, network)
		})
	}
}

// login is a login of an account.
type login struct {
	account int64
	key     ssh.PublicKey
	// user and offered are the name and the last key that the caller has offered.
	user    string
	offered string
}

// serve serves a connection.
func (s *Server) serve(ctx context.Context, conn net.Conn, network string) {
	conn = idleConn{conn}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	context.AfterFunc(ctx, func() { _ = conn.Close() })
	timeout := time.AfterFunc(handshakeTimeout, cancel)
	var l login
	c, channels, requests, err := ssh.NewServerConn(conn, s.sshConfig(&l))
	timeout.Stop()
	log := s.Log.With("address", conn.RemoteAddr().String(), "account", l.user, "key", l.offered)
	if err != nil {
		if l.user != "" { // a health check offers no key
			s.limits.fail(network, time.Now())
			log.Warn("SFTP login refused", "error", err)
		}
		return
	}
	defer func() { _ = c.Close() }()
	go ssh.DiscardRequests(requests)
	if err := s.serveAccount(ctx, c, l, channels, log); err != nil {
		log.Warn("SFTP connection refused", "error", err)
	}
}

// sshConfig returns the configuration of a connection. It sets l to the login.
func (s *Server) sshConfig(l *login) *ssh.ServerConfig {
	c := &ssh.ServerConfig{
		ServerVersion: "SSH-2.0-Trueup", MaxAuthTries: maxTries,
		PublicKeyCallback: func(meta ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) { //nolint:gosec // only the log uses what it keeps
			l.user, l.offered = loggedName(meta.User()), ssh.FingerprintSHA256(key)
			account, err := parseUser(meta.User())
			if err == nil {
				err = s.checkKey(account, key)
			}
			return &ssh.Permissions{}, err
		},
		VerifiedPublicKeyCallback: func(meta ssh.ConnMetadata, key ssh.PublicKey, p *ssh.Permissions, _ string) (*ssh.Permissions, error) {
			account, err := parseUser(meta.User())
			l.account, l.key = account, key
			return p, err
		},
	}
	c.AddHostKey(s.HostKey)
	return c
}

// serveAccount serves the channels of a caller that has logged in over conn.
func (s *Server) serveAccount(ctx context.Context, conn io.Closer, l login, channels <-chan ssh.NewChannel, log *slog.Logger) error {
	known, err := s.Accounts(ctx)
	if err != nil {
		return err
	}
	if !slices.Contains(known, l.account) {
		return errors.New("there is no such account")
	}
	a := s.account(l.account)
	if !a.connect() {
		return fmt.Errorf("the account has %d connections", maxPerAccount)
	}
	defer a.disconnect()
	root, err := os.OpenRoot(s.Folder)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	dir, err := watchfolder.OpenAccount(root, l.account)
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }()
	log.Info("SFTP login")
	defer log.Info("SFTP logout")
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	context.AfterFunc(ctx, func() { _ = conn.Close() }) // a caller may never confirm that its channel is closed
	go s.watchKey(ctx, cancel, l)
	serveChannels(ctx, channels, &files{account: a, dir: dir, log: log})
	return context.Cause(ctx)
}

// watchKey cancels a connection once its key is no longer authorized.
func (s *Server) watchKey(ctx context.Context, cancel context.CancelCauseFunc, l login) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(keyInterval):
		}
		if err := s.checkKey(l.account, l.key); err != nil {
			cancel(err)
			return
		}
	}
}

// serveChannels serves the sessions of a connection, one at a time, until ctx is done.
func serveChannels(ctx context.Context, channels <-chan ssh.NewChannel, f *files) {
	var group sync.WaitGroup
	defer group.Wait()
	free := make(chan struct{}, 1)
	for {
		var c ssh.NewChannel
		select {
		case <-ctx.Done():
			return
		case c = <-channels:
		}
		if c == nil { // the connection is closed
			return
		}
		if c.ChannelType() != "session" {
			_ = c.Reject(ssh.Prohibited, "only SFTP is available")
			continue
		}
		select {
		case free <- struct{}{}:
		default:
			_ = c.Reject(ssh.ResourceShortage, "use one session for each connection")
			continue
		}
		group.Go(func() {
			defer func() { <-free }()
			serveSession(ctx, c, f)
		})
	}
}

// exitStatus is the message of a session that ends without an error.
const exitStatus = "\x00\x00\x00\x00"

// serveSession serves a session. Its only request that is granted is the subsystem sftp.
func serveSession(ctx context.Context, c ssh.NewChannel, f *files) {
	channel, requests, err := c.Accept()
	if err != nil {
		return
	}
	stop := context.AfterFunc(ctx, func() { _ = channel.Close() })
	defer stop()
	var group sync.WaitGroup
	defer group.Wait()
	defer func() { _ = channel.Close() }()
	begun := false
	for r := range requests {
		var subsystem struct{ Name string }
		granted := r.Type == "subsystem" && !begun && ssh.Unmarshal(r.Payload, &subsystem) == nil && subsystem.Name == "sftp"
		if r.WantReply {
			_ = r.Reply(granted, nil)
		}
		if !granted {
			continue
		}
		begun = true
		group.Go(func() {
			_ = sftp.NewRequestServer(channel, sftp.Handlers{FileGet: f, FilePut: f, FileCmd: f, FileList: f}).Serve()
			_, _ = channel.SendRequest("exit-status", false, []byte(exitStatus))
			_ = channel.Close()
		})
	}
}
