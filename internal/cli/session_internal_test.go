package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/cli/profile"
)

// parse parses the flags of a target.
func parse(t *testing.T, args ...string) (Target, *kong.Context, error) {
	t.Helper()
	var grammar struct{ Target }
	parser, err := kong.New(&grammar)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := parser.Parse(args)
	return grammar.Target, parsed, err
}

func TestTargetPrecedence(t *testing.T) {
	const local = "local"
	both := map[string]string{"default": "https://default.example", "other": "https://other.example"}
	for _, test := range []struct {
		name     string
		profiles map[string]string
		env      map[string]string
		args     []string
		want     string
		fails    string
	}{
		{name: "without anything, the ledger is on this machine", want: local},
		{name: "the default profile names a server", profiles: both, want: "https://default.example"},
		{name: "other profiles are used by name only", profiles: map[string]string{"other": "https://other.example"}, want: local},
		{name: "a profile of the environment", profiles: both, env: map[string]string{"TRUEUP_PROFILE": "other"}, want: "https://other.example"},
		{name: "a profile flag precedes that of the environment", profiles: both, env: map[string]string{"TRUEUP_PROFILE": "default"}, args: []string{"--profile", "other"}, want: "https://other.example"},
		{name: "a profile flag precedes the URL of the environment", profiles: both, env: map[string]string{"TRUEUP_URL": "http://env.example"}, args: []string{"--profile", "other"}, want: "https://other.example"},
		{name: "the URL of the environment precedes profiles", profiles: both, env: map[string]string{"TRUEUP_URL": "http://env.example", "TRUEUP_PROFILE": "other"}, want: "http://env.example"},
		{name: "a URL of the environment without credentials isn't used", env: map[string]string{"TRUEUP_URL": "http://env.example", "TRUEUP_SID": ""}, want: local},
		{name: "a URL flag precedes the URL of the environment", env: map[string]string{"TRUEUP_URL": "http://env.example"}, args: []string{"--url", "http://flag.example"}, want: "http://flag.example"},
		{name: "a URL precedes a folder of the environment", env: map[string]string{"TRUEUP_DATA": "/data"}, args: []string{"--url", "http://flag.example"}, want: "http://flag.example"},
		{name: "a folder precedes everything of the environment", profiles: both, env: map[string]string{"TRUEUP_URL": "http://env.example", "TRUEUP_PROFILE": "other"}, args: []string{"--data", "/data"}, want: local},
		{name: "a database precedes everything of the environment", profiles: both, env: map[string]string{"TRUEUP_URL": "http://env.example"}, args: []string{"--store", "postgres://host/db"}, want: local},
		{name: "an account is that of a ledger on this machine", profiles: both, args: []string{"--account", "1"}, want: local},
		{name: "a folder of the environment precedes a default profile", profiles: both, env: map[string]string{"TRUEUP_DATA": "/data"}, want: local},
		{name: "a profile of the environment precedes a folder of it", profiles: both, env: map[string]string{"TRUEUP_DATA": "/data", "TRUEUP_PROFILE": "other"}, want: "https://other.example"},
		{name: "a URL and a folder contradict", args: []string{"--url", "http://flag.example", "--data", "/data"}, fails: "not both"},
		{name: "a URL and an account contradict", args: []string{"--url", "http://flag.example", "--account", "1"}, fails: "not both"},
		{name: "a URL and a profile contradict", profiles: both, args: []string{"--url", "http://flag.example", "--profile", "other"}, fails: "use --profile alone"},
		{name: "a profile and a folder contradict", profiles: both, args: []string{"--profile", "other", "--data", "/data"}, fails: "use --profile alone"},
		{name: "an unknown profile lists the known ones", profiles: both, args: []string{"--profile", "othre"}, fails: "there are default, other"},
	} {
		t.Run(test.name, func(t *testing.T) {
			config := t.TempDir()
			t.Setenv("XDG_CONFIG_HOME", config)
			env := map[string]string{"TRUEUP_URL": "", "TRUEUP_PROFILE": "", "TRUEUP_DATA": "", "TRUEUP_STORE": "", "TRUEUP_SID": "s", "TRUEUP_TOKEN": "t"}
			maps.Copy(env, test.env)
			for name, value := range env {
				t.Setenv(name, value)
				if value == "" {
					os.Unsetenv(name)
				}
			}
			for name, url := range test.profiles {
				if err := profile.Edit(filepath.Join(config, "trueup", "profiles.yaml"), name, func(p *profile.Profile) {
					p.Credentials = profile.Credentials{URL: url, SID: "s", Token: "t"}
				}); err != nil {
					t.Fatal(err)
				}
			}
			target, parsed, err := parse(t, test.args...)
			if err != nil {
				t.Fatal(err)
			}
			options, err := target.remote(parsed)
			if test.fails != "" {
				if code := (ExitError{}); !errors.As(err, &code) || code.Code != ExitUsage || !strings.Contains(err.Error(), test.fails) {
					t.Errorf("the error is %v, want %q", err, test.fails)
				}
				return
			}
			got := local
			if options != nil {
				got = options.BaseURL
			}
			if err != nil || got != test.want {
				t.Errorf("the target is %s, %v, want %s", got, err, test.want)
			}
		})
	}
}

func TestAdminTargetPrecedence(t *testing.T) {
	admin := profile.Credentials{URL: "https://admin.example", SID: "s", Token: "t"}
	account := profile.Credentials{URL: "https://account.example", SID: "s", Token: "t"}
	for _, test := range []struct {
		name     string
		profiles map[string]profile.Profile
		env      map[string]string
		args     []string
		want     string
		fails    string
	}{
		{name: "without anything, the ledger is on this machine"},
		{name: "the default profile names an admin API", profiles: map[string]profile.Profile{"default": {Admin: admin}}, want: admin.URL},
		{name: "a default profile without an admin API isn't left for another ledger", profiles: map[string]profile.Profile{"default": {Credentials: account}}, fails: "has no admin API"},
		{name: "a folder precedes the default profile", profiles: map[string]profile.Profile{"default": {Admin: admin}}, args: []string{"--data", "/data"}},
		{name: "a folder of the environment precedes the default profile", profiles: map[string]profile.Profile{"default": {Admin: admin}}, env: map[string]string{"TRUEUP_DATA": "/data"}},
		{name: "a URL of the environment needs credentials", env: map[string]string{"TRUEUP_ADMIN_URL": "http://env.example"}},
		{name: "a URL of the environment", env: map[string]string{"TRUEUP_ADMIN_URL": "http://env.example", "TRUEUP_ADMIN_SID": "s", "TRUEUP_ADMIN_TOKEN": "t"}, want: "http://env.example"},
		{name: "an unknown profile", args: []string{"--profile", "x"}, fails: "no such profile"},
	} {
		t.Run(test.name, func(t *testing.T) {
			config := t.TempDir()
			t.Setenv("XDG_CONFIG_HOME", config)
			for _, name := range []string{"TRUEUP_ADMIN_URL", "TRUEUP_ADMIN_SID", "TRUEUP_ADMIN_TOKEN", "TRUEUP_PROFILE", "TRUEUP_DATA", "TRUEUP_STORE"} {
				t.Setenv(name, test.env[name])
				if test.env[name] == "" {
					os.Unsetenv(name)
				}
			}
			for name, p := range test.profiles {
				if err := profile.Edit(filepath.Join(config, "trueup", "profiles.yaml"), name, func(edited *profile.Profile) { *edited = p }); err != nil {
					t.Fatal(err)
				}
			}
			var grammar struct{ AdminTarget }
			parser, err := kong.New(&grammar)
			if err != nil {
				t.Fatal(err)
			}
			parsed, err := parser.Parse(test.args)
			if err != nil {
				t.Fatal(err)
			}
			options, err := grammar.remote(parsed)
			if test.fails != "" {
				if err == nil || !strings.Contains(err.Error(), test.fails) {
					t.Errorf("the error is %v, want %q", err, test.fails)
				}
				return
			}
			got := ""
			if options != nil {
				got = options.BaseURL
			}
			if err != nil || got != test.want {
				t.Errorf("the target is %q, %v, want %q", got, err, test.want)
			}
		})
	}
}

func TestAServerHasAFontOfItsOwn(t *testing.T) {
	t.Setenv("TRUEUP_ADMIN_SID", "s")
	t.Setenv("TRUEUP_ADMIN_TOKEN", "t")
	var grammar struct {
		AdminTarget
		Font string `name:"invoice-font"`
	}
	parser, err := kong.New(&grammar)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := parser.Parse([]string{"--url", "http://127.0.0.1:1", "--invoice-font", "font.ttf"})
	if err != nil {
		t.Fatal(err)
	}
	err = grammar.Run(t.Context(), parsed, Streams{}, 1, true, func(context.Context, *Session) error {
		t.Error("the command ran")
		return nil
	})
	if code := (ExitError{}); !errors.As(err, &code) || code.Code != ExitUsage || !strings.Contains(err.Error(), "--invoice-font is for a ledger on this machine") {
		t.Errorf("the error is %v", err)
	}
}

func TestAChangeWithoutResponseIsNotRepeatable(t *testing.T) {
	dropped := &url.Error{Op: "Put", URL: "http://localhost", Err: io.ErrUnexpectedEOF}
	for _, test := range []struct {
		name string
		err  error
		want int
	}{
		{"a dropped connection", dropped, 1},
		{"a fault of the server", &client.Error{Status: http.StatusInternalServerError}, 1},
		{"a refused connection", &url.Error{Op: "Put", URL: "http://localhost", Err: syscall.ECONNREFUSED}, ExitUnavailable},
		{"too many requests", &client.Error{Status: http.StatusTooManyRequests}, ExitUnavailable},
		{"a bad request", &client.Error{Status: http.StatusBadRequest}, ExitUsage},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := ExitCode(Sent(test.err))
			if code := (ExitError{}); !errors.As(err, &code) || code.Code != test.want {
				t.Errorf("the error is %v, want the exit code %d", err, test.want)
			}
			if unknown := strings.Contains(err.Error(), "unknown whether"); unknown != (test.want == 1) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestExitCodes(t *testing.T) {
	status := func(code int) error { return fmt.Errorf("list: %w", &client.Error{Status: code}) }
	for _, test := range []struct {
		name string
		err  error
		want int
	}{
		{"a rejection", &client.Rejection{Code: "ACTION_LOCKED"}, ExitRejected},
		{"a bad request", status(http.StatusBadRequest), ExitUsage},
		{"a wrong token", status(http.StatusUnauthorized), ExitUnauthorized},
		{"a token that may only read", status(http.StatusForbidden), ExitUnauthorized},
		{"an unknown id", status(http.StatusNotFound), ExitNotFound},
		{"too many requests", status(http.StatusTooManyRequests), ExitUnavailable},
		{"a fault of the server", status(http.StatusInternalServerError), ExitUnavailable},
		{"a busy server", status(http.StatusServiceUnavailable), ExitUnavailable},
		{"no server", &url.Error{Op: "Get", URL: "http://localhost", Err: io.ErrUnexpectedEOF}, ExitUnavailable},
		{"a conflict", status(http.StatusConflict), ExitRejected},
		{"an interrupt", &url.Error{Op: "Get", URL: "http://localhost", Err: context.Canceled}, 1},
		{"another error", io.ErrShortWrite, 1},
		{"an error with a code of its own", Usage("--limit"), ExitUsage},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := 1
			if code := (ExitError{}); errors.As(ExitCode(test.err), &code) {
				got = code.Code
			}
			if got != test.want {
				t.Errorf("the exit code is %d, want %d", got, test.want)
			}
		})
	}
	if ExitCode(nil) != nil {
		t.Error("success has an error")
	}
	if err := ExitCode(context.Canceled); !errors.Is(err, ErrInterrupted) {
		t.Errorf("the error of an interrupt is %v", err)
	}
}

func TestConfirm(t *testing.T) {
	for _, test := range []struct {
		name, in    string
		interactive bool
		want        bool
		fails       string
	}{
		{"y is yes", "y\n", true, true, ""},
		{"Yes is yes", " Yes \n", true, true, ""},
		{"yes without a new line is yes", "yes", true, true, ""},
		{"an empty line is no", "\n", true, false, ""},
		{"anything else is no", "yep\n", true, false, ""},
		{"the end of the input is no", "", true, false, ""},
		{"nobody can be asked", "y\n", false, false, "add --yes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &Session{Streams: Streams{In: strings.NewReader(test.in), Err: io.Discard}, Interactive: test.interactive}
			got, err := s.Confirm(t.Context(), "Apply this?")
			if got != test.want || (err != nil) != (test.fails != "") || err != nil && !strings.Contains(err.Error(), test.fails) {
				t.Errorf("the reply is %v, %v", got, err)
			}
		})
	}
}

func TestInterruptEndsTheQuestion(t *testing.T) {
	in, typed := io.Pipe()
	defer typed.Close()
	asked, question := io.Pipe()
	ctx, interrupt := context.WithCancel(t.Context())
	go func() {
		_, _ = bufio.NewReader(asked).ReadString(']')
		interrupt()
		_, _ = io.Copy(io.Discard, asked)
	}()
	s := &Session{Streams: Streams{In: in, Err: question}, Interactive: true}
	if yes, err := s.Confirm(ctx, "Apply this?"); yes || err == nil || !strings.Contains(err.Error(), "nothing was changed") {
		t.Errorf("the reply is %v, %v", yes, err)
	}
}
