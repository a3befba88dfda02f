// Package settings gives the flags of a command line values from a configuration file and from
// files of secrets. A flag comes before an environment variable, that before the file, and the
// file before the default.
//
// The flags are the one declaration of the settings. Those of the command that serves that have an
// environment variable are settings; their keys and the names of the variables follow from the
// names of the flags. A flag with the tag secret can have its value in a file of its own. A flag
// with the tag alternative is not taken from the configuration file if the flag of that name is
// given otherwise.
package settings

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/output"
)

// Prefix begins the names of all environment variables.
const Prefix = "TRUEUP_"

const (
	// flagName is the flag that names the configuration file.
	flagName = "config"
	// fileSuffix is the suffix of keys and variables that name the file of a secret.
	fileSuffix = "_file"
	// maxSecret bounds a file with a secret.
	maxSecret = 64 << 10
)

// Tags of commands and flags.
const (
	tagNone        = "noconfig" // a command that doesn't read the file
	tagSecret      = "secret"
	tagAlternative = "alternative"
	tagFolder      = "folder" // a path that is none if it is empty
)

// Error is an error of a configuration file or of a file with a secret.
type Error struct{ error }

// Unwrap returns the error without its type.
func (e *Error) Unwrap() error { return e.error }

// Resolver is a [kong.Resolver] for the settings.
type Resolver struct {
	// command is the command that declares the settings.
	command string
	file    *file
}

// New returns a resolver for a parser whose command of the given name declares the settings. The
// parser needs a flag --config.
func New(command string) *Resolver { return &Resolver{command: command} }

// Option returns the option that adds the resolver to a parser.
func (r *Resolver) Option() kong.Option {
	return kong.OptionFunc(func(k *kong.Kong) error {
		return errors.Join(kong.WithBeforeResolve(r.load).Apply(k), kong.Resolvers(r).Apply(k))
	})
}

// Key returns the key of a flag in the configuration file.
func Key(flag *kong.Flag) string { return strings.ReplaceAll(flag.Name, "-", "_") }

// variable returns the environment variable of a key.
func variable(key string) string { return Prefix + strings.ToUpper(key) }

// IsSecret reports whether the value of a flag is secret.
func IsSecret(flag *kong.Flag) bool { return flag.Tag.Has(tagSecret) }

// Flags returns the flags of the command that are settings.
func Flags(app *kong.Application, command string) (flags []*kong.Flag) {
	for _, node := range app.Children {
		if node.Name != command {
			continue
		}
		for _, flag := range node.Flags {
			if isSetting(flag) {
				flags = append(flags, flag)
			}
		}
	}
	return flags
}

// isSetting reports whether a flag of a command is a setting.
func isSetting(flag *kong.Flag) bool { return slices.Contains(flag.Envs, variable(Key(flag))) }

// keys returns the keys of the configuration file.
func keys(flags []*kong.Flag) (keys []string) {
	for _, flag := range flags {
		keys = append(keys, Key(flag))
		if IsSecret(flag) {
			keys = append(keys, Key(flag)+fileSuffix)
		}
	}
	return keys
}

// load reads the configuration file before the flags are resolved, if the selected command has
// settings.
func (r *Resolver) load(ctx *kong.Context, trace *kong.Path) error {
	if trace.App == nil || ctx.Selected() == nil {
		return nil
	}
	i := slices.IndexFunc(ctx.Model.Flags, func(flag *kong.Flag) bool { return flag.Name == flagName })
	given := slices.ContainsFunc(ctx.Path, func(p *kong.Path) bool { return p.Flag == ctx.Model.Flags[i] })
	name, _ := ctx.FlagValue(ctx.Model.Flags[i]).(string)
	if name == "" || !slices.ContainsFunc(ctx.Selected().Flags, isSetting) {
		return nil
	}
	if ctx.Selected().Tag.Has(tagNone) {
		if given {
			return fmt.Errorf("--%s: %s reads no configuration file", flagName, ctx.Selected().Name)
		}
		return nil
	}
	var err error
	if r.file, err = readFile(name, keys(Flags(ctx.Model, r.command))); err != nil {
		return &Error{err}
	}
	return nil
}

// Validate implements [kong.Resolver].
func (r *Resolver) Validate(*kong.Application) error { return nil }

// Resolve implements [kong.Resolver]. It returns nil for a flag that has its value from the
// environment or by default. It parses a value once to name its line if it is invalid; kong parses
// it again.
func (r *Resolver) Resolve(ctx *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
	text, source, err := r.find(ctx, parent, flag)
	if err != nil {
		return nil, &Error{err}
	}
	if source == "" {
		return nil, nil //nolint:nilnil // kong's sign for no value
	}
	if err := flag.Parse(kong.ScanFromTokens(kong.Token{Type: kong.FlagValueToken, Value: text}), flag.Target); err != nil {
		return nil, &Error{fmt.Errorf("%s: %w", source, err)}
	}
	return text, nil
}

// find returns the text of a flag that a file has, and the file and line or the variable that names
// it. Without one the source is "".
func (r *Resolver) find(ctx *kong.Context, parent *kong.Path, flag *kong.Flag) (text, source string, err error) {
	if !isSetting(flag) {
		return "", "", nil
	}
	own, named := variable(Key(flag)), variable(Key(flag)+fileSuffix)
	_, given := os.LookupEnv(own)
	name := os.Getenv(named)
	switch {
	case name != "" && IsSecret(flag) && given:
		return "", "", fmt.Errorf("set %s or %s, not both", own, named)
	case name != "" && IsSecret(flag):
		return readSecret(name, named)
	case given || r.file == nil || r.replaced(ctx, parent, flag):
		return "", "", nil
	}
	return r.file.setting(flag)
}

// setting returns the text of a flag and its position. If the file has none, both are "".
func (f *file) setting(flag *kong.Flag) (text, source string, err error) {
	key := Key(flag)
	named, secret := f.values[key+fileSuffix] // only secrets have such a key
	v, found := f.values[key]
	switch {
	case secret && found:
		return "", "", fmt.Errorf("%s: set %s or %s%s, not both", f.at(named.line), key, key, fileSuffix)
	case secret:
		return readSecret(f.path(named.text), f.at(named.line))
	case !found:
		return "", "", nil
	case flag.Tag.Type == "path" || flag.Tag.Type == "existingfile" || flag.Tag.Has(tagFolder):
		return f.path(v.text), f.at(v.line), nil
	}
	return v.text, f.at(v.line), nil
}

// replaced reports whether the alternative of a flag was given in a way that comes before the
// configuration file.
func (r *Resolver) replaced(ctx *kong.Context, parent *kong.Path, flag *kong.Flag) bool {
	name := flag.Tag.Get(tagAlternative)
	if name == "" {
		return false
	}
	for _, other := range parent.Flags {
		if other.Name != name {
			continue
		}
		_, set := os.LookupEnv(variable(Key(other)))
		return set || IsSecret(other) && os.Getenv(variable(Key(other)+fileSuffix)) != "" ||
			slices.ContainsFunc(ctx.Path, func(p *kong.Path) bool { return p.Flag == other && !p.Resolved })
	}
	return false
}

// readSecret returns the content of a file without the line break at its end. The source names
// the file in messages and lists.
func readSecret(name, setting string) (text, source string, err error) {
	content, err := output.ReadFile(name, maxSecret)
	if err != nil {
		return "", "", fmt.Errorf("%s: %w", setting, err)
	}
	text = strings.TrimRight(string(content), "\r\n")
	if text == "" {
		return "", "", fmt.Errorf("%s: %s is empty", setting, name)
	}
	return text, setting, nil
}
