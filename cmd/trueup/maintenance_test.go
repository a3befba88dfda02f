package main_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/pgtest"
)

// sampled returns resources whose responses must be equal on copies of a ledger.
func sampled() []string {
	now := time.Now().UTC()
	dates := url.Values{"PageSize": {"100"}, "StartDate": {now.AddDate(0, 0, -40).Format(time.RFC3339)}, "EndDate": {now.Format(time.RFC3339)}}.Encode()
	return []string{
		"/Actions?" + dates, "/ActionUpdates?" + dates, "/Campaigns", "/Invoices?PageSize=20", "/ActionInquiries?PageSize=20",
		"/APISubmissions?PageSize=50",
	}
}

// sample returns the responses of a server on a store to requests for resources.
func sample(t *testing.T, token credentials, resources []string, store ...string) map[string]string {
	t.Helper()
	p, err := start(program, "", nil, os.Stderr, "TRUEUP_URL", append([]string{"serve", "--listen", "127.0.0.1:0"}, store...)...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := p.command.Wait(); err != nil {
			t.Errorf("the server failed: %v", err)
		}
	}()
	responses := make(map[string]string)
	for _, resource := range resources {
		req, err := token.request("GET", p.env["TRUEUP_URL"]+"/Advertisers/"+token.sid+resource, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s (%v)", resource, resp.StatusCode, body, err)
		}
		resp.Body.Close()
		responses[resource] = string(body)
	}
	return responses
}

// TestCopiesServeTheSameResponses copies the demo to PostgreSQL and back, and compares the bytes of
// responses.
func TestCopiesServeTheSameResponses(t *testing.T) {
	t.Parallel()
	database := pgtest.Schema(t)
	dir, back := filepath.Join(t.TempDir(), "demo"), filepath.Join(t.TempDir(), "back")
	if err := copyDemo(dir); err != nil {
		t.Fatal(err)
	}
	token := credentialsIn(t, run(t, "token", "create", "--account", "1", "--data", dir))
	resources := sampled()
	want := sample(t, token, resources, "--data", dir)
	run(t, "copy", "--from", dir, "--to", database)
	run(t, "copy", "--from", database, "--to", back)
	for _, store := range [][]string{{"--store", database}, {"--data", back}} {
		for resource, got := range sample(t, token, resources, store...) {
			if got != want[resource] || !strings.Contains(got, "1") {
				t.Errorf("%s: %s returns %d bytes, want %d:\n%.2000s\n%.2000s", store[0], resource, len(got), len(want[resource]), got, want[resource])
			}
		}
	}
}

// kill starts a command and kills it once a file exists. It reports whether the command was killed
// before it succeeded.
func kill(t *testing.T, file string, args ...string) bool {
	t.Helper()
	command := exec.Command(program, args...)
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	for {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatalf("trueup %s: %v\n%s", args[0], err, &out)
			}
			return false
		default:
		}
		if _, err := os.Lstat(file); err == nil {
			if err := command.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			return <-ended != nil
		}
	}
}

// TestKilledCommandsLeaveNothingOrAll kills each command in the middle and repeats it.
func TestKilledCommandsLeaveNothingOrAll(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "demo")
	if err := copyDemo(dir); err != nil {
		t.Fatal(err)
	}
	whole := filepath.Join(t.TempDir(), "whole.db")
	run(t, "backup", "create", whole, "--data", dir)
	backup, restored, copied := filepath.Join(t.TempDir(), "copy.db"), filepath.Join(t.TempDir(), "restored"), filepath.Join(t.TempDir(), "copied")
	for _, tt := range []struct {
		name         string
		middle, file string
		args, verify []string
	}{
		{"backup", backup + ".partial", backup, []string{"backup", "create", backup, "--data", dir}, []string{"backup", "verify", backup}},
		{
			"restore", filepath.Join(restored, "incomplete", "trueup.db"), filepath.Join(restored, "trueup.db"),
			[]string{"restore", whole, "--data", restored},
			[]string{"verify", "--data", restored},
		},
		{
			"copy", filepath.Join(copied, "incomplete", "trueup.db"), filepath.Join(copied, "trueup.db"),
			[]string{"copy", "--from", dir, "--to", copied},
			[]string{"verify", "--data", copied},
		},
	} {
		if kill(t, tt.middle, tt.args...) {
			if _, err := os.Lstat(tt.file); err == nil {
				run(t, tt.verify...) // complete, and not to be repeated
				continue
			}
			run(t, tt.args...)
		}
		if out := run(t, tt.verify...); !strings.Contains(out, "no violations") {
			t.Errorf("%s: %s", tt.name, out)
		}
		if _, err := os.Lstat(tt.middle); err == nil {
			t.Errorf("%s left %s", tt.name, tt.middle)
		}
	}
}
