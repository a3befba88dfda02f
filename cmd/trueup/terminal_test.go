package main_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// dialog is a command on a terminal.
type dialog struct {
	t        *testing.T
	command  *exec.Cmd
	terminal *os.File
	output   strings.Builder
}

// newDialog starts a command on a terminal.
func newDialog(t *testing.T, env []string, args ...string) *dialog {
	t.Helper()
	d := &dialog{t: t, command: exec.Command(program, args...)}
	d.command.Env = append(os.Environ(), env...)
	terminal, err := pty.StartWithSize(d.command, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	d.terminal = terminal
	t.Cleanup(func() { terminal.Close() })
	return d
}

// waitFor reads until the output contains a text.
func (d *dialog) waitFor(text string) {
	d.t.Helper()
	buf := make([]byte, 1024)
	for !strings.Contains(d.output.String(), text) {
		n, err := d.terminal.Read(buf)
		d.output.Write(buf[:n])
		if err != nil {
			d.t.Fatalf("the output has no %q: %v\n%s", text, err, d.output.String())
		}
	}
}

// typeText types a text.
func (d *dialog) typeText(text string) {
	d.t.Helper()
	if _, err := io.WriteString(d.terminal, text); err != nil {
		d.t.Fatal(err)
	}
}

// end waits until the command ends, and returns all that it printed and its exit code.
func (d *dialog) end() (output string, code int) {
	d.t.Helper()
	_, _ = io.Copy(&d.output, d.terminal) // ends with EIO once the program has ended
	return d.output.String(), exitCode(d.t, d.command.Wait())
}

// exitCode returns the exit code of a command that ended with err.
func exitCode(t *testing.T, err error) int {
	t.Helper()
	failed := (*exec.ExitError)(nil)
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	if failed == nil {
		return 0
	}
	return failed.ExitCode()
}

// newOrder reports an order in a ledger, and returns the harness and the flag that selects it.
func newOrder(t *testing.T) *harness {
	t.Helper()
	h := newSQLiteHarness(t)
	h.run(t, "conversion", "create", "--event-type", "2240", "--partner", "10", "--order", "O-1", "--item", "A,9,90", "--yes")
	return h
}

func TestPersonIsAsked(t *testing.T) {
	h := newOrder(t)
	modify := append([]string{"modify", "1000.2240.1", "A", "--quantity", "8"}, h.store...)
	quantity := func() string {
		return h.run(t, "action", "items", "1000.2240.1", "-o", "csv", "--columns", "Quantity")
	}
	for _, test := range []struct {
		name, reply string
		code        int
		want, left  string
	}{
		{"no changes nothing", "n\n", 0, "Nothing was changed.", "9"},
		{"an empty line changes nothing", "\n", 0, "Nothing was changed.", "9"},
		{"the end of the input changes nothing", "\x04", 0, "Nothing was changed.", "9"},
		{"Ctrl-C changes nothing", "\x03", 1, "interrupted: nothing was changed", "9"},
		{"yes changes it", "y\n", 0, "Applied as submission A-", "8"},
	} {
		d := newDialog(t, nil, modify...)
		d.waitFor("Apply this? [y/N] ")
		d.typeText(test.reply)
		output, code := d.end()
		if code != test.code || !strings.Contains(output, test.want) {
			t.Errorf("%s: the exit code is %d, the output is\n%s", test.name, code, output)
		}
		if got := quantity(); got != "Quantity\n"+test.left+"\n" {
			t.Errorf("%s: the quantity is %s", test.name, got)
		}
	}
}

func TestChangeAfterThePreviewIsNotOverwritten(t *testing.T) {
	h := newOrder(t)
	d := newDialog(t, nil, append([]string{"modify", "1000.2240.1", "A", "--quantity", "8"}, h.store...)...)
	d.waitFor("Apply this? [y/N] ")
	h.run(t, "modify", "1000.2240.1", "A", "--quantity", "5", "--yes")
	d.typeText("y\n")
	if output, code := d.end(); code != 3 || !strings.Contains(output, "STALE_ACTION") {
		t.Errorf("the exit code is %d, the output is\n%s", code, output)
	}
	h.verify(t)
}

func TestTokenIsNotShown(t *testing.T) {
	server := respond(t, http.StatusOK, `{"CompanyName":"Shop"}`)
	for _, test := range []struct {
		name, typed string
		code        int
		want        string
	}{
		{"a token is stored", "secret\n", 0, "Logged in to Shop"},
		{"Ctrl-C stores nothing", "secret\x03", 1, "interrupted: nothing was stored"},
		{"an empty token is refused", "\n", 2, "no AuthToken"},
	} {
		config := t.TempDir()
		d := newDialog(t, []string{"XDG_CONFIG_HOME=" + config, "TRUEUP_TOKEN="}, "login", server.URL, "--sid", "IR1")
		d.waitFor("AuthToken: ")
		d.typeText(test.typed)
		output, code := d.end()
		if code != test.code || !strings.Contains(output, test.want) || strings.Contains(output, "secret") {
			t.Errorf("%s: the exit code is %d, the output is\n%s", test.name, code, output)
		}
		if _, err := os.Stat(filepath.Join(config, "trueup", "profiles.yaml")); (err == nil) != (test.code == 0) {
			t.Errorf("%s: the profile: %v", test.name, err)
		}
	}
}

func TestTablesFitTheTerminal(t *testing.T) {
	h := newOrder(t)
	d := newDialog(t, []string{"TERM=xterm", "NO_COLOR="}, append([]string{"action", "list", "--columns", "Id,CampaignName,State,Uri,Amount"}, h.store...)...)
	output, code := d.end()
	if code != 0 || !strings.Contains(output, "\x1b[33mPENDING\x1b[0m") || !strings.Contains(output, "…") {
		t.Errorf("the exit code is %d, the output is\n%q", code, output)
	}
}

// respond starts a server that sends the same response to all requests.
func respond(t *testing.T, status int, body string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server
}

// onServer returns a command that uses a server.
func onServer(server *httptest.Server, args ...string) *exec.Cmd {
	command := exec.Command(program, args...)
	command.Env = append(os.Environ(), "TRUEUP_URL="+server.URL, "TRUEUP_SID=IR1", "TRUEUP_TOKEN=secret")
	return command
}

func TestBusyServers(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusServiceUnavailable, http.StatusTooManyRequests, http.StatusInternalServerError} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			output, err := onServer(respond(t, status, `{"Message":"the database is busy"}`), "action", "list").CombinedOutput()
			if code := exitCode(t, err); code != 6 || !strings.Contains(string(output), "the database is busy") {
				t.Errorf("the exit code is %d, the output is\n%s", code, output)
			}
		})
	}
}

func TestFailedPageEndsWithAnError(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("Page") == "2" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		fmt.Fprint(w, `{"@nextpageuri":"/Advertisers/IR1/Actions?Page=2","Actions":[{"Id":"1"}]}`)
	}))
	t.Cleanup(server.Close)
	for format, want := range map[string]string{"json": "[\n  {\n    \"Id\": \"1\"\n  }", "jsonl": "{\"Id\":\"1\"}\n", "csv": "", "yaml": "- Id: \"1\"\n"} {
		output, err := onServer(server, "action", "list", "--limit", "0", "-o", format).Output()
		if code := exitCode(t, err); code != 4 || string(output) != want {
			t.Errorf("%s: the exit code is %d, the output is %q", format, code, output)
		}
	}
}

func TestInterrupts(t *testing.T) {
	t.Parallel()
	queued := `{"BatchId":"A-1","Status":"Queued"}`
	for _, test := range []struct {
		name, response string
		args           []string
		code           int
		want           string
	}{
		{"Ctrl-C ends tail", `{"ActionUpdates":[]}`, []string{"tail"}, 0, ""},
		{"Ctrl-C ends a watch", queued, []string{"submission", "watch", "A-1"}, 1, "interrupted: a change that was sent can still be applied; see: trueup submission list"},
		{"Ctrl-C ends a list", "", []string{"action", "list"}, 1, "interrupted"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			asked := make(chan struct{})
			once := sync.OnceFunc(func() { close(asked) })
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				once()
				if test.response == "" {
					<-r.Context().Done() // it never responds
				}
				_, _ = io.WriteString(w, test.response)
			}))
			t.Cleanup(server.Close)
			command := onServer(server, test.args...)
			var output strings.Builder
			command.Stdout, command.Stderr = &output, &output
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			<-asked
			if err := command.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
			code := exitCode(t, command.Wait())
			if code != test.code || !strings.Contains(output.String(), test.want) || test.want == "" && output.Len() > 0 {
				t.Errorf("the exit code is %d, the output is\n%s", code, output.String())
			}
		})
	}
}

func TestWatchEndsAfterItsTimeout(t *testing.T) {
	t.Parallel()
	server := respond(t, http.StatusOK, `{"BatchId":"A-1","Status":"Queued"}`)
	output, err := onServer(server, "submission", "watch", "A-1", "--timeout", time.Millisecond.String()).CombinedOutput()
	if code := exitCode(t, err); code != 6 || !strings.Contains(string(output), "submission A-1 is not complete after 1ms; it stays queued") {
		t.Errorf("the exit code is %d, the output is\n%s", code, output)
	}
}

// TestCommandsBesideServer changes an action by turns on the ledger and on its server. Both have each
// change once, in order.
func TestCommandsBesideServer(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, h *harness) {
		h.run(t, "conversion", "create", "--event-type", "2240", "--partner", "10", "--order", "O-1", "--item", "A,9,90", "--yes")
		p, _ := h.serve(t)
		remote := func(args ...string) string {
			command := exec.Command(program, args...)
			command.Env = append(os.Environ(), "TRUEUP_URL="+p.env["TRUEUP_URL"], "TRUEUP_SID="+h.sid, "TRUEUP_TOKEN="+h.secret)
			output, err := command.Output()
			if err != nil {
				t.Fatalf("%v: %v", args, err)
			}
			return string(output)
		}
		for quantity := 8; quantity > 2; quantity -= 2 {
			h.run(t, "modify", "1000.2240.1", "A", "--yes", "--quantity", strconv.Itoa(quantity))
			remote("modify", "1000.2240.1", "A", "--yes", "--quantity", strconv.Itoa(quantity-1))
		}
		updates := []string{"action", "updates", "1000.2240.1", "-o", "csv", "--columns", "Quantity"}
		want := "Quantity\n3\n4\n5\n6\n7\n8\n9\n"
		if got := h.run(t, updates...); got != want {
			t.Errorf("the ledger has %q, want %q", got, want)
		}
		if got := remote(updates...); got != want {
			t.Errorf("the server has %q, want %q", got, want)
		}
		h.stop(t, p)
	})
}
