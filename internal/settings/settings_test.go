package settings_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/settings"
)

// app is a command line with settings.
type app struct {
	Config string      `env:"TRUEUP_CONFIG"`
	Serve  serve       `cmd:""`
	Verify storeFlags  `cmd:""`
	Other  struct{}    `cmd:""`
	Demo   demoCommand `cmd:"" noconfig:""`
}

type storeFlags struct {
	Data  string `type:"path" env:"TRUEUP_DATA" alternative:"store"`
	Store string `env:"TRUEUP_STORE" secret:"" alternative:"data"`
}

type serve struct {
	storeFlags
	Listen         string   `default:"127.0.0.1:8080" env:"TRUEUP_LISTEN"`
	TrustedProxies []string `env:"TRUEUP_TRUSTED_PROXIES"`
	Emulate        bool     `env:"TRUEUP_EMULATE"`
	Seed           *uint64  `env:"TRUEUP_SEED"`
	AcceptClock    bool
}

type demoCommand struct {
	Listen string `env:"TRUEUP_LISTEN"`
}

// environment unsets the variables of the program and sets those given.
func environment(t *testing.T, variables map[string]string) {
	t.Helper()
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, settings.Prefix) {
			t.Setenv(name, "") // restores it
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, value := range variables {
		t.Setenv(name, value)
	}
}

// parse parses a command line with a configuration file, which is in a folder with the files.
func parse(t *testing.T, config string, files map[string]string, args ...string) (app, []settings.Setting, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var a app
	resolver := settings.New("serve")
	parser, err := kong.New(&a, resolver.Option(), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	if config != "" {
		name := filepath.Join(dir, "trueup.yaml")
		if err := os.WriteFile(name, []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--config", name)
	}
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "$DIR", dir)
	}
	ctx, err := parser.Parse(args)
	if err != nil || args[0] != "serve" {
		return a, nil, err
	}
	list, err := resolver.Effective(ctx)
	return a, list, err
}

func TestAFlagPrecedesTheEnvironmentTheFileAndTheDefault(t *testing.T) {
	for name, c := range map[string]struct {
		args        []string
		environment map[string]string
		config      string
		want        string
		source      string
	}{
		"flag":        {[]string{"--listen=flag:1"}, map[string]string{"TRUEUP_LISTEN": "env:1"}, "listen: file:1", "flag:1", ""},
		"environment": {nil, map[string]string{"TRUEUP_LISTEN": "env:1"}, "listen: file:1", "env:1", "TRUEUP_LISTEN"},
		"file":        {nil, nil, "# comment\nlisten: file:1", "file:1", "trueup.yaml:2"},
		"default":     {nil, nil, "emulate: true", "127.0.0.1:8080", "default"},
		"no file":     {nil, nil, "", "127.0.0.1:8080", "default"},
		"empty file":  {nil, nil, "# nothing", "127.0.0.1:8080", "default"},
	} {
		t.Run(name, func(t *testing.T) {
			environment(t, c.environment)
			a, list, err := parse(t, c.config, nil, append([]string{"serve"}, c.args...)...)
			if err != nil {
				t.Fatal(err)
			}
			if a.Serve.Listen != c.want {
				t.Errorf("listen is %s, want %s", a.Serve.Listen, c.want)
			}
			for _, s := range list {
				if s.Key == "listen" && c.source != "" && (filepath.Base(s.Source) != c.source || s.Value != c.want) {
					t.Errorf("the setting is %+v, want source %s", s, c.source)
				}
			}
		})
	}
}

func TestValuesOfAllTypes(t *testing.T) {
	environment(t, nil)
	a, _, err := parse(t, "trusted_proxies:\n  - 10.0.0.0/8\n  - ::1\nemulate: true\nseed: 18446744073709551615\ndata: ledger\n", nil, "serve")
	if err != nil {
		t.Fatal(err)
	}
	if s := a.Serve; strings.Join(s.TrustedProxies, " ") != "10.0.0.0/8 ::1" || !s.Emulate || s.Seed == nil || *s.Seed != 1<<64-1 {
		t.Errorf("the settings are %+v", s)
	}
	if !filepath.IsAbs(a.Serve.Data) || filepath.Base(a.Serve.Data) != "ledger" || strings.Contains(a.Serve.Data, "settings") {
		t.Errorf("the path %s is not relative to the folder of the file", a.Serve.Data)
	}
}

func TestASecretCanHaveAFileOfItsOwn(t *testing.T) {
	files := map[string]string{"secret": "postgres://u:p@h/file\n", "empty": "\n"}
	for name, c := range map[string]struct {
		config      string
		environment map[string]string
		want        string // or an error
	}{
		"named by the configuration file":             {"store_file: secret", nil, "postgres://u:p@h/file"},
		"named by the environment":                    {"store: postgres://h/config", map[string]string{"TRUEUP_STORE_FILE": "$DIR/secret"}, "postgres://u:p@h/file"},
		"the environment precedes the file":           {"store_file: secret", map[string]string{"TRUEUP_STORE": "postgres://h/env"}, "postgres://h/env"},
		"a key and its file":                          {"store_file: secret\nstore: postgres://h/config", nil, "trueup.yaml:1: set store or store_file, not both"},
		"a variable and its file":                     {"", map[string]string{"TRUEUP_STORE": "x", "TRUEUP_STORE_FILE": "$DIR/secret"}, "set TRUEUP_STORE or TRUEUP_STORE_FILE, not both"},
		"an empty file":                               {"store_file: empty", nil, "is empty"},
		"no file":                                     {"store_file: none", nil, "trueup.yaml:1: open"},
		"a setting that is no secret has no such key": {"listen_file: secret", nil, `unknown setting "listen_file"`},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			for name := range c.environment {
				c.environment[name] = strings.ReplaceAll(c.environment[name], "$DIR", dir)
			}
			environment(t, c.environment)
			a, list, err := parse(t, c.config, files, "serve")
			if err != nil {
				if typed := (*settings.Error)(nil); !strings.Contains(err.Error(), c.want) || !errors.As(err, &typed) {
					t.Errorf("the error is %v, want %s", err, c.want)
				}
				return
			}
			if a.Serve.Store != c.want {
				t.Errorf("the store is %s, want %s", a.Serve.Store, c.want)
			}
			var printed bytes.Buffer
			if err := settings.Print(&printed, list); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(printed.String(), "postgres") || !strings.Contains(printed.String(), "********") {
				t.Errorf("the secret is printed: %s", &printed)
			}
		})
	}
}

func TestErrorsNameTheLineAndTheNearestSetting(t *testing.T) {
	for name, c := range map[string]struct{ config, want string }{
		"a misspelled key":                 {"emulate: true\nlisen: x", `trueup.yaml:2: unknown setting "lisen": did you mean listen?`},
		"a key of the command line":        {"trusted-proxies: x", `unknown setting "trusted-proxies": did you mean trusted_proxies?`},
		"an unknown key":                   {"colour: x", `trueup.yaml:1: unknown setting "colour"`},
		"a flag that is not a setting":     {"accept_clock: true", `unknown setting "accept_clock"`},
		"all unknown keys":                 {"colour: x\nlisten: a:1\nshape: y", `trueup.yaml:3: unknown setting "shape"`},
		"a key that is there twice":        {"listen: a:1\nlisten: b:1", "trueup.yaml:2: listen: also set in line 1"},
		"a number that is none":            {"emulate: true\nseed: x", "trueup.yaml:2: --seed: expected"},
		"no value":                         {"listen:", "trueup.yaml:1: listen: has no value"},
		"a mapping":                        {"listen: {a: 1}", "trueup.yaml:1: listen: must be a value or a list"},
		"a list of lists":                  {"trusted_proxies: [[a]]", "must not be a list of lists"},
		"a comma in a list":                {"trusted_proxies: ['a,b']", "without commas"},
		"a list in place of settings":      {"- listen", "trueup.yaml:1: write one setting per line"},
		"invalid YAML":                     {"listen: [", "trueup.yaml:1: not valid YAML"},
		"no UTF-8":                         {"listen: \xff", "not UTF-8"},
		"two documents":                    {"listen: a:1\n---\nlisten: b:1", "must be one document"},
		"an anchor, which no value can be": {"listen: &a x", "must be a value or a list"},
	} {
		t.Run(name, func(t *testing.T) {
			environment(t, nil)
			_, _, err := parse(t, c.config, nil, "serve")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v, want %s", err, c.want)
			}
			if typed := (*settings.Error)(nil); !errors.As(err, &typed) {
				t.Errorf("the error is a %T", err)
			}
		})
	}
}

func TestAFileThatIsTooLargeIsRefused(t *testing.T) {
	environment(t, nil)
	if _, _, err := parse(t, "#"+strings.Repeat("x", 1<<20), nil, "serve"); err == nil || !strings.Contains(err.Error(), "larger than 1 MiB") {
		t.Errorf("the error is %v", err)
	}
}

func TestTheAlternativeOfASettingReplacesThatOfTheFile(t *testing.T) {
	for name, c := range map[string]struct {
		args        []string
		environment map[string]string
		data, store string
	}{
		"nothing given":         {nil, nil, "", "postgres://h/config"},
		"a flag":                {[]string{"--data=/flag"}, nil, "/flag", ""},
		"a variable":            {nil, map[string]string{"TRUEUP_DATA": "/env"}, "/env", ""},
		"the flag of the store": {[]string{"--store=postgres://h/flag"}, nil, "", "postgres://h/flag"},
	} {
		t.Run(name, func(t *testing.T) {
			environment(t, c.environment)
			a, _, err := parse(t, "store: postgres://h/config", nil, append([]string{"verify"}, c.args...)...)
			if err != nil || a.Verify.Data != c.data || a.Verify.Store != c.store {
				t.Errorf("the settings are %+v, %v", a.Verify, err)
			}
		})
	}
}

func TestOnlyCommandsWithSettingsReadTheFile(t *testing.T) {
	environment(t, nil)
	for command, want := range map[string]string{"serve": "unknown setting", "verify": "unknown setting", "other": "", "demo": "demo reads no configuration file"} {
		_, _, err := parse(t, "colour: x", nil, command)
		if (want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, want %q", command, err, want)
		}
	}
	environment(t, map[string]string{"TRUEUP_CONFIG": "/none/trueup.yaml"})
	if _, _, err := parse(t, "", nil, "demo"); err != nil {
		t.Errorf("with the variable, demo fails: %v", err)
	}
	if _, _, err := parse(t, "", nil, "serve"); err == nil {
		t.Error("serve ignores the variable")
	}
}
