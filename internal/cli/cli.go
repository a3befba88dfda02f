// Package cli has what the commands of the program share: the flags that select a ledger or a
// server, streams, errors with exit codes, and audit events of the user.
package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/user"
	"slices"
	"strconv"
	"time"

	"golang.org/x/term"

	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/store"
)

// Streams holds the streams of a command.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	// Log is the logger, or nil for the default one.
	Log *slog.Logger
}

// Printf prints to Out.
func (s Streams) Printf(format string, args ...any) { fmt.Fprintf(s.Out, format, args...) }

// Logger returns Log, or a logger that writes JSON to Err.
func (s Streams) Logger() *slog.Logger {
	if s.Log != nil {
		return s.Log
	}
	return slog.New(slog.NewJSONHandler(s.Err, nil))
}

// WriteFile calls to with a new file, or with the standard output if the name is empty.
func (s Streams) WriteFile(name string, to func(io.Writer) error) error {
	if name == "" {
		return to(s.Out)
	}
	return output.File(name, to)
}

// UserEvent returns an audit event whose actor is the user of the operating system.
func UserEvent(operation store.Operation, reason string) store.AuditEvent {
	actor := store.Actor{Source: store.SourceCommand, ID: "uid " + strconv.Itoa(os.Getuid())}
	if u, err := user.Current(); err == nil && u.Username != "" { // in a container the user may have no name
		actor.ID, actor.Name = u.Username, u.Name
	}
	return store.AuditEvent{Actor: actor, Operation: operation, Reason: reason, At: time.Now().UTC()}
}

// CheckAccount returns an error if the account doesn't exist.
func CheckAccount(ctx context.Context, st store.Scanner, account int64) error {
	accounts, err := st.Accounts(ctx)
	if err == nil && !slices.Contains(accounts, account) {
		err = NoAccount(account)
	}
	return err
}

// IsTerminal reports whether a stream is a terminal.
func IsTerminal(stream any) bool {
	file, is := stream.(*os.File)
	return is && term.IsTerminal(int(file.Fd()))
}
