package sftpserver_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"github.com/trueup-ledger/trueup/internal/sftpserver"
)

// fixture is a server with the accounts 1 and 2, of which each has a key.
type fixture struct {
	*testing.T
	config  sftpserver.Config
	address string
	keys    map[string]ssh.Signer
	log     *syncBuffer
}

// syncBuffer is a buffer that a server writes to while a test reads it.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(b)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func newKey(t *testing.T) ssh.Signer {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{T: t, log: new(syncBuffer), keys: map[string]ssh.Signer{"1": newKey(t), "2": newKey(t)}}
	f.config = sftpserver.Config{
		Folder: t.TempDir(), Keys: t.TempDir(), HostKey: newKey(t), MaxFile: 1 << 20, Quota: 2 << 20,
		Accounts: func(context.Context) ([]int64, error) { return []int64{1, 2}, nil },
		Log:      slog.New(slog.NewTextHandler(f.log, nil)),
	}
	for account, key := range f.keys {
		f.authorize(account, string(ssh.MarshalAuthorizedKey(key.PublicKey())))
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f.address = l.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- sftpserver.New(f.config).Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return f
}

// authorize writes the authorized keys of an account.
func (f *fixture) authorize(account, keys string) {
	f.Helper()
	if err := os.WriteFile(filepath.Join(f.config.Keys, account+".pub"), []byte(keys), 0o600); err != nil {
		f.Fatal(err)
	}
}

// dial connects as a user with a key.
func (f *fixture) dial(user string, key ssh.Signer) (*ssh.Client, error) {
	return ssh.Dial("tcp", f.address, &ssh.ClientConfig{
		User: user, Auth: []ssh.AuthMethod{ssh.PublicKeys(key)}, HostKeyCallback: ssh.FixedHostKey(f.config.HostKey.PublicKey()), Timeout: time.Minute,
	})
}

// login returns a client of an account.
func (f *fixture) login(account string) *sftp.Client {
	f.Helper()
	conn, err := f.dial(account, f.keys[account])
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = conn.Close() })
	c, err := sftp.NewClient(conn)
	if err != nil {
		f.Fatal(err)
	}
	return c
}

// upload uploads a file.
func upload(c *sftp.Client, name string, content []byte) error {
	w, err := c.Create(name)
	if err != nil {
		return err
	}
	if _, err := w.ReadFrom(bytes.NewReader(content)); err != nil {
		_ = w.Close()
		return err
	}
	return w.Close()
}

// download returns the content of a file.
func download(c *sftp.Client, name string) (string, error) {
	r, err := c.Open(name)
	if err != nil {
		return "", err
	}
	defer r.Close()
	content, err := io.ReadAll(r)
	return string(content), err
}

// names returns the names of the entries of a folder.
func (f *fixture) names(c *sftp.Client, folder string) string {
	f.Helper()
	infos, err := c.ReadDir(folder)
	if err != nil {
		f.Fatal(err)
	}
	names := make([]string, len(infos))
	for i, info := range infos {
		names[i] = info.Name()
	}
	return strings.Join(names, " ")
}

// put writes a file below the watched folder.
func (f *fixture) put(name, content string) {
	f.Helper()
	name = filepath.Join(f.config.Folder, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		f.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		f.Fatal(err)
	}
}

// stored returns the content of a file below the watched folder, or "" if there is none.
func (f *fixture) stored(name string) string {
	content, _ := os.ReadFile(filepath.Join(f.config.Folder, name))
	return string(content)
}

// until waits until the condition is true.
func (f *fixture) until(is func() bool) {
	f.Helper()
	for deadline := time.Now().Add(time.Minute); !is(); <-time.After(time.Millisecond) {
		if time.Now().After(deadline) {
			f.Fatalf("the log is\n%s", f.log)
		}
	}
}
