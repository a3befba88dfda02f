// Command trueup is a self-hosted ledger of partner commissions. Run it with
// --help for its commands.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // the rules need zones on machines without them

	"github.com/alecthomas/kong"
)

// commands are what the program can do; flags live here only.
type commands struct {
	Serve        serveCommand         `cmd:"" help:"Serve the ledger over HTTP."`
	Demo         demoCommand          `cmd:"" help:"Serve an account with campaigns, partners and orders to try things on."`
	Apply        applyCommand         `cmd:"" help:"Record accounts and reference data from a YAML or JSON file."`
	Import       importCommand        `cmd:"" help:"Import a file of orders or returns."`
	Token        tokenCommands        `cmd:"" help:"Create, list and disable the tokens of callers."`
	Inquiry      inquiryCommands      `cmd:"" help:"Create and list the inquiries of partners."`
	Action       actionCommands       `cmd:"" help:"Raise the cap of an action."`
	Submission   submissionCommands   `cmd:"" help:"Park a queued submission, or submit a failed one again."`
	Notification notificationCommands `cmd:"" aliases:"notifications" help:"List what event notifications have not delivered, and send it again."`
	Deeds        deedsCommand         `cmd:"" help:"List what operators did, newest first."`
	Verify       verifyCommand        `cmd:"" help:"Check that everything stored holds together; exit 1 if not."`
	Migrate      migrateCommand       `cmd:"" help:"Bring the database to this program's version."`
	Bench        benchCommand         `cmd:"" help:"Measure accepting and applying over HTTP on this machine."`
}

// streams are where a command writes; a test gives others.
type streams struct{ out, err io.Writer }

func (s streams) printf(format string, args ...any) { fmt.Fprintf(s.out, format, args...) }

func (s streams) logger() *slog.Logger { return slog.New(slog.NewJSONHandler(s.err, nil)) }

// gcPercent has the collector run a quarter as often as it would: the heap is
// some ten megabytes, and memory is cheaper than a tenth of the throughput.
const gcPercent = 400

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // who interrupts twice does not want to wait
	var c commands
	parsed := kong.Parse(&c, kong.Name("trueup"), kong.UsageOnError(),
		kong.Description("A self-hosted ledger of partner commissions."))
	parsed.BindTo(ctx, (*context.Context)(nil))
	parsed.FatalIfErrorf(parsed.Run(streams{out: os.Stdout, err: os.Stderr}))
}
