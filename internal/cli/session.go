package cli

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/cli/profile"
	"github.com/trueup-ledger/trueup/internal/cli/render"
	"github.com/trueup-ledger/trueup/internal/local"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// Target are the flags that select a server, or an account of a ledger on this machine.
type Target struct {
	StoreFlags
	ClockFlag
	URL     string `group:"target" env:"TRUEUP_URL" placeholder:"URL" help:"URL of a server. The credentials are TRUEUP_SID and TRUEUP_TOKEN (default: the server of the profile, or else the ledger of --data or --store)."`
	Profile string `group:"target" env:"TRUEUP_PROFILE" placeholder:"NAME" help:"Profile with a URL and credentials, as trueup login stores it (default: \"default\", if there is one)."`
	Account int64  `group:"target" placeholder:"ID" help:"Account of the ledger of --data or --store (default: its only one)."`
}

// drainTimeout bounds the time for which a command waits, at its end, until everything that it
// queued is applied.
const drainTimeout = time.Minute

// Retry bounds the attempts of a command: a person waits for it.
var Retry = client.Retry{MaxAttempts: 4}

// Session is a connection of a command to a server, or to a ledger on this machine.
type Session struct {
	Streams
	// Client is a client of the account, and Admin one of the admin API. A session has one of them.
	Client *client.Client
	Admin  *admin.Client
	// Account is the account of commands of the admin API, or 0.
	Account int
	// Local reports whether the ledger is on this machine. Servers may use it at the same time.
	Local bool
	// Archived reports whether the ledger on this machine has a folder of archives.
	Archived bool
	// Ledger is the ledger of Client, if it is on this machine, for commands that stream to its store.
	Ledger Ledger
	// drain applies what is queued in a ledger on this machine, or is nil.
	drain func(context.Context) error
	// Terminal is the one that shows Out.
	Terminal render.Terminal
	// Interactive reports whether a person can be asked.
	Interactive bool
	// Now returns the present time, or that of the test clock.
	Now func() time.Time
}

// Ledger is an account of a ledger on this machine.
type Ledger struct {
	Store   *sqlstore.Store
	Account int64
}

// Run opens a session, calls do and closes the session. A command that writes nothing opens a
// ledger read-only. Errors have exit codes.
func (t Target) Run(ctx context.Context, k *kong.Context, s Streams, readOnly bool, do func(context.Context, *Session) error) error {
	session := newSession(s)
	var err error
	if session.Now, err = t.Now(); err != nil {
		return err
	}
	options, err := t.remote(k)
	if err != nil {
		return err
	}
	if options == nil {
		return t.local(ctx, session, readOnly, do)
	}
	if err := t.checkRemote(options.BaseURL, options.SID, options.Token, client.EnvSID, client.EnvToken); err != nil {
		return err
	}
	options.Retry = Retry
	if session.Client, err = client.New(*options); err != nil {
		return Usage("%w", err)
	}
	return ExitCode(do(ctx, session))
}

// checkRemote returns an error if the flag is set, or if the credentials for a server are missing from
// the given environment variables.
func (f ClockFlag) checkRemote(url, sid, token, sidVariable, tokenVariable string) error {
	if f.Clock != nil {
		return Usage("--clock is for a ledger on this machine: %s has a clock of its own", url)
	}
	if sid == "" || token == "" {
		return ExitError{fmt.Errorf("no credentials for %s: set %s and %s, or run trueup login and omit --url", url, sidVariable, tokenVariable), ExitUnauthorized}
	}
	return nil
}

func newSession(s Streams) *Session {
	return &Session{Streams: s, Terminal: render.NewTerminal(s.Out), Interactive: IsTerminal(s.In) && IsTerminal(s.Err), Now: time.Now}
}

// remote returns the options of the client of a server, or nil if the ledger is on this machine.
func (t Target) remote(k *kong.Context) (*client.Options, error) {
	c, err := selection{
		url: t.URL, profile: t.Profile, ledger: t.Data != "" || t.Store != "", flags: []string{"data", "store", "account"},
		sid: client.EnvSID, token: client.EnvToken,
		of:      func(p profile.Profile) profile.Credentials { return p.Credentials },
		missing: "no account: add one with trueup login, or name a ledger with --data or --store",
	}.server(k)
	if c == nil {
		return nil, err
	}
	return &client.Options{BaseURL: c.URL, SID: c.SID, Token: c.Token}, nil
}

// local calls do with a session of the ledger on this machine. A server may be running.
func (t Target) local(ctx context.Context, session *Session, readOnly bool, do func(context.Context, *Session) error) error {
	return openLocal(ctx, t.StoreFlags, t.ClockFlag, session.Streams, local.Config{ReadOnly: readOnly}, func(st *sqlstore.Store) (int64, error) {
		return t.account(ctx, st)
	}, func(l *local.Ledger, ledger Ledger) error {
		session.Client, session.Local, session.Ledger = l.Client, true, ledger
		return do(ctx, session)
	})
}

// openLocal calls do with the ledger on this machine and the account that the function account
// returns. It completes the configuration of the ledger.
func openLocal(
	ctx context.Context, f StoreFlags, clock ClockFlag, s Streams, c local.Config, account func(*sqlstore.Store) (int64, error), do func(*local.Ledger, Ledger) error,
) error {
	guard, err := clock.Guard(s.Logger())
	if err != nil {
		return err
	}
	place, exists, err := f.Exists(ctx, LedgerFolder)
	if err != nil {
		return err
	}
	if !exists {
		return NotFound("no ledger in %s: for the ledger of a server, use --url or trueup login; for one on this machine, check --data or --store, or create one with trueup apply", place)
	}
	open := f.Open
	if c.ReadOnly {
		open = f.OpenReadOnly
	}
	return UseStore(ctx, open, LedgerFolder, func(st *sqlstore.Store) (err error) {
		c.Store, c.Actor, c.Clock, c.Log = st.Roles(), UserEvent("", "").Actor, guard, s.Logger()
		if c.Account, err = account(st); err != nil {
			return err
		}
		if !c.ReadOnly {
			if err := clock.Check(ctx, st); err != nil {
				return err
			}
		}
		ledger, err := local.Open(c)
		if err != nil {
			return err
		}
		err = ExitCode(do(ledger, Ledger{st, c.Account}))
		drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
		defer cancel()
		return errors.Join(err, ledger.Close(drain))
	})
}

// account returns the account of the flag, or the only one of the ledger.
func (t Target) account(ctx context.Context, st *sqlstore.Store) (int64, error) {
	if t.Account != 0 {
		return t.Account, CheckAccount(ctx, st, t.Account)
	}
	accounts, err := st.Accounts(ctx)
	switch {
	case err != nil:
		return 0, err
	case len(accounts) == 0:
		return 0, NotFound("the ledger has no account: record one with: trueup apply -f FILE")
	case len(accounts) > 1:
		return 0, Usage("--account: name one of the accounts of the ledger: %s", Join(accounts))
	}
	return accounts[0], nil
}

// maxListed is the number of values that a message lists.
const maxListed = 10

// Join returns the first ten values as text.
func Join[T any](values []T) string {
	text := ""
	for i, v := range values[:min(len(values), maxListed)] {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprint(v)
	}
	if len(values) > maxListed {
		text += ", …"
	}
	return text
}

// ErrInterrupted is the error of a command that a signal ended.
var ErrInterrupted = errors.New("interrupted: a change that was sent can still be applied; see: trueup submission list")

// Sent returns the error of a change whose request failed. It says that the change may be applied,
// unless the server certainly didn't accept it: then the command can be repeated.
func Sent(err error) error {
	response := (*client.Error)(nil)
	switch {
	case errors.As(err, &response) && response.Status < http.StatusInternalServerError,
		errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, context.Canceled):
		return err
	}
	return Failed("it is unknown whether the change was applied: %w; see: trueup submission list", err)
}

// ExitCode returns an error of the client with its exit code.
func ExitCode(err error) error {
	var (
		code     interface{ ExitCode() int }
		rejected *client.Rejection
		response *client.Error
	)
	switch {
	case err == nil, errors.As(err, &code):
		return err
	case errors.Is(err, context.Canceled):
		return ErrInterrupted
	case errors.As(err, &rejected):
		return ExitError{err, ExitRejected}
	case !errors.As(err, &response):
		if isUnreachable(err) {
			return ExitError{fmt.Errorf("%w: check --url, and that the server runs", err), ExitUnavailable}
		}
		return err
	}
	err = &responseError{response}
	switch status := response.Status; {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return ExitError{err, ExitUnauthorized}
	case status == http.StatusNotFound:
		return ExitError{err, ExitNotFound}
	case status == http.StatusConflict:
		return ExitError{err, ExitRejected}
	case status == http.StatusTooManyRequests, status >= http.StatusInternalServerError:
		return ExitError{err, ExitUnavailable}
	case status == http.StatusBadRequest:
		return ExitError{err, ExitUsage}
	}
	return err
}

// responseError is an error response as a person reads it: without the request, which the command
// made.
type responseError struct{ response *client.Error }

// Error returns the message and the invalid fields. For a failure of the server it has the id of the
// request, by which the log has the reason.
func (e *responseError) Error() string {
	var text strings.Builder
	for _, f := range e.response.Fields {
		if text.Len() > 0 {
			text.WriteString("; ")
		}
		text.WriteString(f.Field + ": " + f.Message)
	}
	if text.Len() == 0 {
		text.WriteString(e.response.Message)
	}
	if e.response.Status >= http.StatusInternalServerError {
		text.WriteString(" (request " + e.response.RequestID + ")")
	}
	return text.String()
}

// Unwrap returns the error response.
func (e *responseError) Unwrap() error { return e.response }

// isUnreachable reports whether a request failed before a response, for a reason that may pass.
func isUnreachable(err error) bool {
	if untrusted := (*tls.CertificateVerificationError)(nil); errors.As(err, &untrusted) {
		return false
	}
	var network interface{ Timeout() bool }
	return errors.As(err, &network) || errors.Is(err, os.ErrDeadlineExceeded)
}

// Settle waits until the caches of all servers have expired, after a change of a ledger on this
// machine. A server needs no wait for a change that it made itself.
func (s *Session) Settle(ctx context.Context) {
	if !s.Local {
		return
	}
	select {
	case <-time.After(sqlstore.CacheTTL):
	case <-ctx.Done():
	}
}

// Drain applies the queued submissions of a ledger on this machine. A server applies its own.
func (s *Session) Drain(ctx context.Context) error {
	if s.drain == nil {
		return nil
	}
	return s.drain(ctx)
}

// Notef prints a note for a person, beside the output.
func (s *Session) Notef(format string, args ...any) { fmt.Fprintf(s.Err, format, args...) }

// Confirm asks a question and reports whether the reply is yes. Without a person to ask, it
// returns an error that names the flag.
func (s *Session) Confirm(ctx context.Context, question string) (bool, error) {
	if !s.Interactive {
		return false, Usage("nothing was changed: add --yes to do it without a question, or --dry-run")
	}
	s.Notef("%s [y/N] ", question)
	reply, err := Await(ctx, func() (string, error) { return bufio.NewReader(s.In).ReadString('\n') })
	if err != nil {
		s.Notef("\n")
	}
	switch {
	case errors.Is(err, context.Canceled):
		return false, errors.New("interrupted: nothing was changed")
	case err != nil && !errors.Is(err, io.EOF):
		return false, fmt.Errorf("read the reply: %w", err)
	}
	switch strings.ToLower(strings.TrimSpace(reply)) {
	case "y", "yes":
		return true, nil
	}
	return false, nil
}

// Await returns the text that read returns, or the error of ctx if that is done first: a person may
// type nothing more.
func Await(ctx context.Context, read func() (string, error)) (string, error) {
	var (
		text string
		err  error
	)
	done := make(chan struct{})
	go func() {
		defer close(done)
		text, err = read()
	}()
	select {
	case <-done:
		return text, err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
