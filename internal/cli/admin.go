package cli

import (
	"context"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/cli/profile"
	"github.com/trueup-ledger/trueup/internal/local"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// AdminTarget are the flags that select the admin API of a server, or a ledger on this machine.
type AdminTarget struct {
	StoreFlags
	ClockFlag
	URL     string `group:"target" env:"TRUEUP_ADMIN_URL" placeholder:"URL" help:"URL of the admin API of a server. The credentials are TRUEUP_ADMIN_SID and TRUEUP_ADMIN_TOKEN (default: the ledger of --data or --store)."`
	Profile string `group:"target" env:"TRUEUP_PROFILE" placeholder:"NAME" help:"Profile with a URL and credentials, as trueup login stores it, or trueup login --admin for the admin API."`

	// InvoiceFont is that of a ledger on this machine, or nil.
	InvoiceFont []byte `kong:"-"`
}

// Run is like [Target.Run], for the admin API. The account may be 0, for commands of the ledger as a
// whole.
func (t AdminTarget) Run(ctx context.Context, k *kong.Context, s Streams, account int64, readOnly bool, do func(context.Context, *Session) error) error {
	return t.run(ctx, k, s, account, local.Config{ReadOnly: readOnly}, do)
}

// RunArchived is like [AdminTarget.Run], for commands that write and use the archives of a ledger on
// this machine.
func (t AdminTarget) RunArchived(ctx context.Context, k *kong.Context, s Streams, account int64, archive store.ArchiveFolder, do func(context.Context, *Session) error) error {
	return t.run(ctx, k, s, account, local.Config{Archive: archive}, func(ctx context.Context, s *Session) error {
		if !s.Local && given(k, "archive") {
			return Usage("--archive is for a ledger on this machine: a server has a folder of its own")
		}
		s.Archived = archive != nil
		return do(ctx, s)
	})
}

// Server returns a client of the admin API of the server, or nil if the ledger is on this machine.
func (t AdminTarget) Server(k *kong.Context) (*admin.Client, error) {
	options, err := t.remote(k)
	if options == nil || err != nil {
		return nil, err
	}
	if err := t.checkRemote(options.BaseURL, options.SID, options.Token, admin.EnvSID, admin.EnvToken); err != nil {
		return nil, err
	}
	options.Retry = Retry
	c, err := admin.New(*options)
	if err != nil {
		return nil, Usage("%w", err)
	}
	return c, nil
}

func (t AdminTarget) run(ctx context.Context, k *kong.Context, s Streams, account int64, c local.Config, do func(context.Context, *Session) error) error {
	session := newSession(s)
	session.Account = int(account)
	now, err := t.Now()
	if err != nil {
		return err
	}
	session.Now = now
	if session.Admin, err = t.Server(k); err != nil {
		return err
	}
	if session.Admin != nil {
		if given(k, "invoice-font") {
			return Usage("--invoice-font is for a ledger on this machine: a server has a font of its own")
		}
		return ExitCode(do(ctx, session))
	}
	check := func(st *sqlstore.Store) (int64, error) {
		if account == 0 {
			return 0, nil
		}
		return account, CheckAccount(ctx, st, account)
	}
	c.InvoiceFont = t.InvoiceFont
	return openLocal(ctx, t.StoreFlags, t.ClockFlag, s, c, check, func(l *local.Ledger, _ Ledger) error {
		session.Admin, session.Local, session.drain = l.Admin, true, l.Drain
		return do(ctx, session)
	})
}

// remote returns the options of the client of a server, or nil if the ledger is on this machine.
func (t AdminTarget) remote(k *kong.Context) (*admin.Options, error) {
	c, err := selection{
		url: t.URL, profile: t.Profile, ledger: t.Data != "" || t.Store != "", flags: []string{"data", "store"},
		sid: admin.EnvSID, token: admin.EnvToken,
		of:      func(p profile.Profile) profile.Credentials { return p.Admin },
		missing: "no admin API: add it with trueup login --admin, or name a ledger with --data or --store",
	}.server(k)
	if c == nil {
		return nil, err
	}
	return &admin.Options{BaseURL: c.URL, SID: c.SID, Token: c.Token}, nil
}
