package sftpserver_test

import (
	"crypto/rand"
	"crypto/rsa"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/trueup-ledger/trueup/internal/sftpserver"
)

func TestOnlyTheKeysOfAnAccountLogIn(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.authorize("3", string(ssh.MarshalAuthorizedKey(f.keys["1"].PublicKey())))
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := ssh.NewSignerFromKey(short)
	if err != nil {
		t.Fatal(err)
	}
	restricted := newKey(t)
	f.authorize("1", "# comment\n\nno key\nfrom=\"10.0.0.1\" "+string(ssh.MarshalAuthorizedKey(restricted.PublicKey()))+
		string(ssh.MarshalAuthorizedKey(rsaKey.PublicKey()))+string(ssh.MarshalAuthorizedKey(f.keys["1"].PublicKey())))
	for name, test := range map[string]struct {
		user string
		key  ssh.Signer
		log  string
	}{
		"another account":          {"2", f.keys["1"], "not one of the account"},
		"an unknown key":           {"1", newKey(t), "not one of the account"},
		"a key with options":       {"1", restricted, "which are not supported"},
		"a short key":              {"1", rsaKey, "less than 2048 bits"},
		"a name":                   {"root", f.keys["1"], "must be the number of an account"},
		"a path":                   {"../1", f.keys["1"], "must be the number of an account"},
		"a number with a zero":     {"01", f.keys["1"], "must be the number of an account"},
		"no account":               {"0", f.keys["1"], "must be the number of an account"},
		"an account without a key": {"7", f.keys["1"], "not one of the account"},
	} {
		if c, err := f.dial(test.user, test.key); err == nil {
			t.Errorf("%s: logged in", name)
			_ = c.Close()
		}
		f.until(func() bool {
			for line := range strings.Lines(f.log.String()) {
				if strings.Contains(line, test.log) && strings.Contains(line, ssh.FingerprintSHA256(test.key.PublicKey())) && strings.Contains(line, "account="+test.user+" ") {
					return true
				}
			}
			return false
		})
	}
}

func TestAnAccountThatIsNotInTheLedgerGetsNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.authorize("3", string(ssh.MarshalAuthorizedKey(f.keys["1"].PublicKey())))
	if c, err := f.dial("3", f.keys["1"]); err == nil { // the key is right
		if _, err := c.NewSession(); err == nil {
			t.Error("there is a session")
		}
	}
	f.until(func() bool { return strings.Contains(f.log.String(), "there is no such account") })
	if _, err := os.Stat(filepath.Join(f.config.Folder, "3")); err == nil {
		t.Error("there is a folder")
	}
}

func TestPasswordsAndOtherMethodsAreRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for name, method := range map[string]ssh.AuthMethod{
		"a password": ssh.Password("secret"),
		"a dialogue": ssh.KeyboardInteractive(func(string, string, []string, []bool) ([]string, error) { return nil, nil }),
	} {
		c, err := ssh.Dial("tcp", f.address, &ssh.ClientConfig{User: "1", Auth: []ssh.AuthMethod{method}, HostKeyCallback: ssh.FixedHostKey(f.config.HostKey.PublicKey())})
		if err == nil {
			t.Errorf("%s logs in", name)
			_ = c.Close()
		}
	}
	if strings.Contains(f.log.String(), "secret") {
		t.Errorf("the log is\n%s", f.log)
	}
}

func TestOnlySFTPIsServed(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c, err := f.dial("1", f.keys["1"])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	session, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.NewSession(); err == nil {
		t.Error("there are two sessions")
	}
	for name, err := range map[string]error{
		"a command":         session.Start("id"),
		"a terminal":        session.RequestPty("xterm", 24, 80, nil),
		"a variable":        session.Setenv("A", "b"),
		"another subsystem": session.RequestSubsystem("netconf"),
	} {
		if err == nil {
			t.Errorf("the server grants %s", name)
		}
	}
	if ok, err := session.SendRequest("shell", true, nil); ok || err != nil {
		t.Errorf("a shell: %t, %v", ok, err)
	}
	if conn, err := c.Dial("tcp", f.address); err == nil {
		t.Error("the server forwards connections", conn.Close())
	}
	if l, err := c.Listen("tcp", "127.0.0.1:0"); err == nil {
		t.Error("the server forwards a port", l.Close())
	}
	if ok, err := session.SendRequest("subsystem", true, ssh.Marshal(struct{ Name string }{"sftp"})); !ok || err != nil {
		t.Errorf("SFTP: %t, %v", ok, err)
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for range 4 {
		f.login("1")
	}
	c, err := f.dial("1", f.keys["1"])
	if err == nil {
		if err = c.Wait(); err == nil {
			t.Error("the account has five connections")
		}
	}
	f.until(func() bool { return strings.Contains(f.log.String(), "the account has 4 connections") })
	for range 4 {
		f.until(func() bool { // the refused connection has ended
			c, err := f.dial("2", f.keys["2"])
			if err == nil {
				t.Cleanup(func() { _ = c.Close() })
			}
			return err == nil
		})
	}
	if c, err := f.dial("2", f.keys["2"]); err == nil {
		t.Error("the address has nine connections", c.Close())
	}
}

func TestFailedLoginsRefuseAnAddress(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for i := range 10 {
		if _, err := f.dial("1", f.keys["2"]); err == nil {
			t.Fatal("the wrong key logs in")
		}
		f.until(func() bool { return strings.Count(f.log.String(), "SFTP login refused") > i })
	}
	if c, err := f.dial("1", f.keys["1"]); err == nil {
		t.Error("the address can log in", c.Close())
	}
}

func TestAConnectionWithoutALoginIsNoFailure(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for range 20 {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", f.address)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.Close()
	}
	f.until(func() bool { // the connections end
		c, err := f.dial("1", f.keys["1"])
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
}

func TestHostKeyIsCreatedOnce(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "host_key")
	first, err := sftpserver.HostKey(file)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
	again, err := sftpserver.HostKey(file)
	if err != nil || ssh.FingerprintSHA256(again.PublicKey()) != ssh.FingerprintSHA256(first.PublicKey()) {
		t.Errorf("the second key: %v", err)
	}
	if entries, err := os.ReadDir(filepath.Dir(file)); err != nil || len(entries) != 1 {
		t.Errorf("the folder: %v, %v", entries, err)
	}
	if err := os.Chmod(file, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := sftpserver.HostKey(file); err == nil || !strings.Contains(err.Error(), "0600") {
		t.Errorf("a key that others can read: %v", err)
	}
	if err := os.WriteFile(file+"2", []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sftpserver.HostKey(file + "2"); err == nil || !strings.Contains(err.Error(), "host_key2") {
		t.Errorf("a file without a key: %v", err)
	}
}
