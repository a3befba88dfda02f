package operate

import (
	"context"
	"errors"
	"strings"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/refdata"
)

// Apply records the accounts and the reference data of a file.
type Apply struct {
	referenceFile
	DryRun bool `help:"Print the changes and record nothing."`
	Force  bool `help:"Record terms that are implausible, such as a rate over 100 %."`
}

// Recorder records the reference data of a file: in a server, or in a ledger on this machine, which it
// may create.
type Recorder interface {
	// Record records the file, which has the given text, or returns the changes for a dry run.
	Record(ctx context.Context, file *refdata.File, text []byte, c Apply) ([]refdata.Recorded, error)
}

// Do records the file and prints what changed. A ledger prices the submissions that it accepts from
// then on by the new data.
func (c Apply) Do(ctx context.Context, s cli.Streams, r Recorder) error {
	file, text, err := c.parse()
	if err != nil {
		return err
	}
	if c.Force {
		file.Force()
	}
	recorded, err := r.Record(ctx, file, text, c)
	output.Recorded(s.Out, recorded)
	if err == nil && c.DryRun {
		s.Printf("Dry run: nothing was recorded.\n")
	}
	return err
}

// Server is the [Recorder] of a server.
type Server struct{ *admin.Client }

// Record implements [Recorder].
func (r Server) Record(ctx context.Context, _ *refdata.File, text []byte, c Apply) ([]refdata.Recorded, error) {
	applied, err := r.Apply(ctx, admin.ReferenceFile{Content: string(text), Force: c.Force, DryRun: c.DryRun}, admin.WriteOptions{})
	if invalid := (*client.Error)(nil); errors.As(err, &invalid) && len(invalid.Fields) > 0 {
		return nil, c.explain(invalid.Fields)
	}
	if err != nil {
		return nil, err
	}
	recorded := make([]refdata.Recorded, len(applied.Accounts))
	for i, a := range applied.Accounts {
		recorded[i] = refdata.Recorded{Account: int64(a.Account), Entries: a.Recorded, Unlisted: a.Unlisted}
		for _, change := range a.Changes {
			recorded[i].Changes = append(recorded[i].Changes, refdata.FieldChange(change))
		}
	}
	return recorded, nil
}

// explain returns the error for what a server finds wrong in the file, a line for each.
func (c Apply) explain(fields []client.FieldError) error {
	lines := make([]string, len(fields))
	for i, f := range fields {
		if f.Field != "" {
			f.Field += ": "
		}
		lines[i] = c.name() + ": " + f.Field + f.Message
	}
	return cli.Usage("%s", strings.Join(lines, "\n"))
}
