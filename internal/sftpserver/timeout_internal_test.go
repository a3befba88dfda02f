package sftpserver

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
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/crypto/ssh"
)

func newSigner(t *testing.T) ssh.Signer {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

func TestACallerThatDoesNotLogInIsDisconnected(t *testing.T) {
	key := newSigner(t)
	synctest.Test(t, func(t *testing.T) {
		here, there := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, here) }()
		begin := time.Now()
		New(Config{HostKey: key, Log: slog.New(slog.DiscardHandler)}).serve(t.Context(), there, "network")
		if got := time.Since(begin); got != handshakeTimeout {
			t.Errorf("disconnected after %v", got)
		}
	})
}

func TestAnIdleConnectionEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		here, there := net.Pipe()
		defer func() { _ = here.Close() }()
		begin := time.Now()
		go func() {
			time.Sleep(idleTimeout - time.Second)
			_, _ = here.Write([]byte("a"))
		}()
		n, err := io.Copy(io.Discard, idleConn{there})
		if got := time.Since(begin); n != 1 || err == nil || got != 2*idleTimeout-time.Second {
			t.Errorf("%d bytes, ended after %v, %v", n, got, err)
		}
		begin = time.Now()
		if _, err := (idleConn{there}).Write([]byte("a")); err == nil || time.Since(begin) != idleTimeout {
			t.Errorf("writing ended after %v, %v", time.Since(begin), err)
		}
	})
}

func TestAConnectionEndsOnceItsKeyIsRemoved(t *testing.T) {
	key, keys := newSigner(t).PublicKey(), t.TempDir()
	file := filepath.Join(keys, "1.pub")
	if err := os.WriteFile(file, ssh.MarshalAuthorizedKey(key), 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		begin := time.Now()
		time.AfterFunc(time.Hour, func() { _ = os.Remove(file) })
		New(Config{Keys: keys}).watchKey(ctx, cancel, login{account: 1, key: key})
		if got := time.Since(begin); context.Cause(ctx) != errKey || got < time.Hour || got > time.Hour+keyInterval {
			t.Errorf("ended after %v: %v", got, context.Cause(ctx))
		}
	})
}

// muteConn is a connection of a client that doesn't read anymore once it is muted.
type muteConn struct {
	net.Conn
	writes  chan []byte
	isMuted atomic.Bool
}

func (c *muteConn) Read(b []byte) (int, error) {
	for {
		if n, err := c.Conn.Read(b); err != nil || !c.isMuted.Load() {
			return n, err
		}
	}
}

// Write returns at once: both sides of an SSH connection begin with a write.
func (c *muteConn) Write(b []byte) (int, error) {
	c.writes <- bytes.Clone(b)
	return len(b), nil
}

// send writes what was given to Write until the test ends.
func (c *muteConn) send(ended <-chan struct{}) {
	for {
		select {
		case b := <-c.writes:
			_, _ = c.Conn.Write(b)
		case <-ended:
			return
		}
	}
}

func TestAConnectionEndsWithoutTheConsentOfItsCaller(t *testing.T) {
	key, hostKey, keys, folder := newSigner(t), newSigner(t), t.TempDir(), t.TempDir()
	file := filepath.Join(keys, "1.pub")
	if err := os.WriteFile(file, ssh.MarshalAuthorizedKey(key.PublicKey()), 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		here, there := net.Pipe()
		conn := &muteConn{Conn: here, writes: make(chan []byte, 100)}
		ended := make(chan struct{})
		go conn.send(ended)
		go func() {
			defer close(ended)
			New(Config{
				Folder: folder, Keys: keys, HostKey: hostKey, Log: slog.New(slog.DiscardHandler),
				Accounts: func(context.Context) ([]int64, error) { return []int64{1}, nil },
			}).serve(t.Context(), there, "network")
		}()
		c, channels, requests, err := ssh.NewClientConn(conn, "", &ssh.ClientConfig{
			User: "1", Auth: []ssh.AuthMethod{ssh.PublicKeys(key)}, HostKeyCallback: ssh.FixedHostKey(hostKey.PublicKey()),
		})
		if err != nil {
			t.Fatal(err)
		}
		client := ssh.NewClient(c, channels, requests)
		session, err := client.NewSession()
		if err == nil {
			err = session.RequestSubsystem("sftp")
		}
		if err != nil {
			t.Fatal(err)
		}
		conn.isMuted.Store(true)
		begin := time.Now()
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		<-ended
		if got := time.Since(begin); got > keyInterval {
			t.Errorf("ended after %v", got)
		}
		_ = client.Close()
	})
}

func TestFailuresOfANetworkExpire(t *testing.T) {
	var l limits
	now := time.Now()
	for range maxFailures {
		l.fail("a", now)
	}
	if l.connect("a", now.Add(failureWindow-1)) || !l.connect("b", now) || !l.connect("a", now.Add(failureWindow)) {
		t.Error("a network is refused for another time")
	}
	for i := range maxTracked + 1 {
		l.fail(time.Duration(i).String(), now)
	}
	if len(l.failures) > maxTracked {
		t.Errorf("%d networks are tracked", len(l.failures))
	}
}

func TestAnIPv6NetworkCountsAsOneCaller(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7:22": "192.0.2.7", "[::ffff:192.0.2.7]:1": "192.0.2.7",
		"[2001:db8:1:2:3::4]:22": "2001:db8:1:2::/64", "[fe80::1%eth0]:22": "fe80::/64",
	} {
		parsed, err := net.ResolveTCPAddr("tcp", address)
		if got := networkOf(parsed); err != nil || got != want {
			t.Errorf("%s is of %s, want %s", address, got, want)
		}
	}
}
