package command

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/profile"
	"github.com/trueup-ledger/trueup/internal/cli/render"
)

// maxToken bounds a token that is read.
const maxToken = 4 << 10

// Login stores the URL and the credentials of a server.
type Login struct {
	URL     string `arg:"" help:"URL of the server, such as https://ledger.example.com."`
	SID     string `name:"sid" placeholder:"SID" help:"AccountSID of the token (default: TRUEUP_SID, or TRUEUP_ADMIN_SID with --admin)."`
	Admin   bool   `help:"Log in to the admin API, with its URL and the SID of an admin token."`
	Profile string `default:"default" env:"TRUEUP_PROFILE" placeholder:"NAME" help:"Name of the profile (default: ${default})."`
}

// Run reads the AuthToken from TRUEUP_TOKEN, or TRUEUP_ADMIN_TOKEN with --admin, from a terminal
// without showing it, or from the standard input. It stores the profile if the server accepts the credentials.
func (c Login) Run(ctx context.Context, s cli.Streams) error {
	if err := profile.CheckName(c.Profile); err != nil {
		return cli.Usage("--profile: %w", err)
	}
	sidVariable, tokenVariable := client.EnvSID, client.EnvToken
	if c.Admin {
		sidVariable, tokenVariable = admin.EnvSID, admin.EnvToken
	}
	if c.SID = cmp.Or(c.SID, os.Getenv(sidVariable)); c.SID == "" {
		return cli.Usage("--sid is missing: name the SID of the token, or set %s", sidVariable)
	}
	token, err := readToken(ctx, s, tokenVariable)
	if err != nil {
		return err
	}
	path, err := profile.Path()
	if err != nil {
		return err
	}
	credentials := profile.Credentials{URL: c.URL, SID: c.SID, Token: token}
	name, err := c.verify(ctx, credentials)
	if err != nil {
		return cli.ExitCode(err)
	}
	if err := profile.Edit(path, c.Profile, func(p *profile.Profile) {
		if c.Admin {
			p.Admin = credentials
		} else {
			p.Credentials = credentials
		}
	}); err != nil {
		return err
	}
	s.Printf("Logged in to %s at %s. The credentials are in %s, profile %s.\n", render.Printable(name), c.URL, path, c.Profile)
	return nil
}

// verify returns the name of the account, or of the admin API, if the server accepts the credentials.
func (c Login) verify(ctx context.Context, credentials profile.Credentials) (string, error) {
	if c.Admin {
		remote, err := admin.New(admin.Options{BaseURL: credentials.URL, SID: credentials.SID, Token: credentials.Token, Retry: cli.Retry})
		if err != nil {
			return "", cli.Usage("%w", err)
		}
		_, _, err = first(remote.Accounts(ctx))
		return "the admin API", err
	}
	remote, err := client.New(client.Options{BaseURL: credentials.URL, SID: credentials.SID, Token: credentials.Token, Retry: cli.Retry})
	if err != nil {
		return "", cli.Usage("%w", err)
	}
	company, err := remote.Company(ctx)
	if err != nil {
		return "", err
	}
	return company.CompanyName, nil
}

// readToken reads the AuthToken. variable is the environment variable that may have it.
func readToken(ctx context.Context, s cli.Streams, variable string) (string, error) {
	if token := os.Getenv(variable); token != "" {
		return token, nil
	}
	read := func() (string, error) {
		return bufio.NewReader(io.LimitReader(s.In, maxToken)).ReadString('\n')
	}
	if cli.IsTerminal(s.In) {
		fd := int(s.In.(*os.File).Fd())
		state, err := term.MakeRaw(fd) // before the prompt, so that nothing that is typed is shown
		if err != nil {
			return "", fmt.Errorf("read the AuthToken: %w", err)
		}
		defer term.Restore(fd, state) //nolint:errcheck // there is nothing else to try
		terminal := term.NewTerminal(struct {
			io.Reader
			io.Writer
		}{s.In, s.Err}, "")
		read = func() (string, error) {
			text, err := terminal.ReadPassword("AuthToken: ")
			if errors.Is(err, io.EOF) { // Ctrl-C or Ctrl-D
				fmt.Fprintf(s.Err, "\r\n")
				err = context.Canceled
			}
			return text, err
		}
	}
	text, err := cli.Await(ctx, read)
	switch {
	case errors.Is(err, context.Canceled):
		return "", errors.New("interrupted: nothing was stored")
	case err != nil && !errors.Is(err, io.EOF):
		return "", fmt.Errorf("read the AuthToken: %w", err)
	}
	if text = strings.TrimSpace(text); text == "" {
		return "", cli.Usage("no AuthToken: type it, pass it on the standard input, or set %s", variable)
	}
	return text, nil
}

// Logout removes a profile.
type Logout struct {
	Profile string `default:"default" env:"TRUEUP_PROFILE" placeholder:"NAME" help:"Name of the profile (default: ${default})."`
}

// Run removes the profile. The token stays valid.
func (c Logout) Run(s cli.Streams) error {
	path, err := profile.Path()
	if err != nil {
		return err
	}
	if err := profile.Remove(path, c.Profile); err != nil {
		return cli.NotFound("%w", err)
	}
	s.Printf("Removed profile %s. Its token stays valid: disable it with trueup token disable.\n", c.Profile)
	return nil
}

// ProfileList lists profiles.
type ProfileList struct{}

// Run prints the profiles, without their secrets.
func (ProfileList) Run(s cli.Streams) error {
	path, err := profile.Path()
	if err != nil {
		return err
	}
	f, err := profile.Load(path)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, name := range f.Names() {
		p := f.Profiles[name]
		rows = append(rows, []string{name, p.URL, p.SID, p.Admin.URL})
	}
	return render.Rows(s.Out, render.NewTerminal(s.Out), []string{"PROFILE", "URL", "SID", "ADMIN URL"}, rows)
}
