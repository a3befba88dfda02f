package cli

import (
	"cmp"
	"errors"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/cli/profile"
)

// selection decides between a server and a ledger on this machine, by the flags and the environment
// (trueup help targets).
type selection struct {
	url, profile string
	// ledger reports whether a folder or a database is named, and flags are those that name one on
	// the command line.
	ledger bool
	flags  []string
	// sid and token are the variables with the credentials for url.
	sid, token string
	// of returns the credentials of a profile. missing describes a profile without them.
	of      func(profile.Profile) profile.Credentials
	missing string
}

// server returns the URL and the credentials of the server, or nil if the ledger is on this machine.
func (s selection) server(k *kong.Context) (*profile.Credentials, error) {
	url, local, named := given(k, "url"), given(k, s.flags...), given(k, "profile")
	switch {
	case url && local:
		return nil, Usage("use --url, or --%s, not both", strings.Join(s.flags, " or --"))
	case named && (url || local):
		return nil, Usage("use --profile alone: it names the server and its credentials")
	case local:
		return nil, nil //nolint:nilnil // no server
	case s.url != "" && !named && (url || s.hasCredentials()):
		return &profile.Credentials{URL: s.url, SID: os.Getenv(s.sid), Token: os.Getenv(s.token)}, nil
	case s.profile == "" && s.ledger:
		return nil, nil //nolint:nilnil // the environment names a ledger
	}
	return s.fromProfile(cmp.Or(s.profile, profile.Default))
}

// fromProfile returns those of the profile with a name, or nil if no profile is named and the default
// one doesn't exist.
func (s selection) fromProfile(name string) (*profile.Credentials, error) {
	p, err := readProfile(name)
	if errors.Is(err, profile.ErrNotFound) && s.profile == "" {
		return nil, nil //nolint:nilnil // no server
	}
	if err != nil {
		return nil, Usage("--profile: %w", err)
	}
	c := s.of(p)
	if c == (profile.Credentials{}) {
		return nil, Usage("--profile: profile %q has %s", name, s.missing)
	}
	return &c, nil
}

// hasCredentials reports whether the environment has a SID and a token. A URL of the environment
// without them is that of a server which the user started, and not of one to use.
func (s selection) hasCredentials() bool { return os.Getenv(s.sid) != "" && os.Getenv(s.token) != "" }

// given reports whether one of the flags is on the command line.
func given(k *kong.Context, names ...string) bool {
	return slices.ContainsFunc(k.Path, func(p *kong.Path) bool {
		return p.Flag != nil && slices.Contains(names, p.Flag.Name) && !p.Resolved
	})
}

// readProfile returns the profile with a name.
func readProfile(name string) (profile.Profile, error) {
	path, err := profile.Path()
	if err != nil {
		return profile.Profile{}, err
	}
	profiles, err := profile.Load(path)
	if err != nil {
		return profile.Profile{}, err
	}
	return profiles.Get(name)
}
