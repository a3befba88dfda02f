package main_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestDemoRunsBesideAnother starts two demos with the default settings while the default port
// is in use.
func TestDemoRunsBesideAnother(t *testing.T) {
	t.Parallel()
	if l, err := net.Listen("tcp", "127.0.0.1:8080"); err == nil { // otherwise another process uses it
		defer l.Close()
	}
	home := t.TempDir()
	log, err := os.Create(filepath.Join(home, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	addresses := make(map[string]bool)
	for _, folder := range []string{"demo", "demo-2"} {
		if err := copyDemo(filepath.Join(home, "trueup", folder)); err != nil {
			t.Fatal(err)
		}
		p, err := start(program, "", []string{"XDG_DATA_HOME=" + home}, log, "TRUEUP_TOKEN", "demo", "--env")
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := p.command.Process.Signal(syscall.SIGINT); err != nil {
				t.Error(err)
			}
			if err := p.command.Wait(); err != nil {
				t.Errorf("the demo in %s failed: %v", folder, err)
			}
		}()
		addresses[p.env["TRUEUP_URL"]] = true
	}
	if len(addresses) != 2 || addresses["http://127.0.0.1:8080"] {
		t.Errorf("addresses %v", addresses)
	}
	text, err := os.ReadFile(log.Name())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"the address is in use: listening on a free port", "another demo is running: using another folder", "trueup/demo-2"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the log lacks %q:\n%s", want, text)
		}
	}
}
