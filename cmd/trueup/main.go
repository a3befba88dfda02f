// Trueup is a self-hosted ledger of partner commissions.
//
// Run trueup --help for the list of commands.
package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // for machines without a time zone database

	"github.com/alecthomas/kong"

	batchfile "github.com/trueup-ledger/trueup/internal/batchfile/command"
	"github.com/trueup-ledger/trueup/internal/cli"
	protocol "github.com/trueup-ledger/trueup/internal/cli/command"
	"github.com/trueup-ledger/trueup/internal/cli/completion"
	"github.com/trueup-ledger/trueup/internal/cli/help"
	"github.com/trueup-ledger/trueup/internal/cli/manual"
	"github.com/trueup-ledger/trueup/internal/cli/operate"
	"github.com/trueup-ledger/trueup/internal/export"
	"github.com/trueup-ledger/trueup/internal/settings"
)

// commands is the command line.
type commands struct {
	Config string `type:"path" env:"TRUEUP_CONFIG" placeholder:"FILE" help:"Configuration file with the settings of serve (docs/configuration.md)."`

	Serve         serveCommand    `cmd:"" group:"Serve" help:"Serve the ledger over HTTP."`
	Demo          demoCommand     `cmd:"" group:"Serve" noconfig:"" help:"Serve a demo account with campaigns, partners and orders."`
	Apply         applyCommand    `cmd:"" group:"Serve" help:"Record accounts and reference data from a YAML or JSON file."`
	Configuration configCommands  `cmd:"" group:"Serve" name:"config" help:"Check the configuration of a server."`
	Login         protocol.Login  `cmd:"" group:"Serve" help:"Store the URL and the credentials of a server."`
	Logout        protocol.Logout `cmd:"" group:"Serve" help:"Remove the credentials of a server."`
	Profile       profileCommands `cmd:"" group:"Serve" help:"List the servers with stored credentials."`

	Action     actionCommands           `cmd:"" group:"Orders" help:"List, show, modify and reverse actions."`
	Order      orderCommands            `cmd:"" group:"Orders" help:"Show an order, and record a return."`
	Conversion conversionCommands       `cmd:"" group:"Orders" help:"Report an order."`
	Modify     writes[protocol.Modify]  `cmd:"" group:"Orders" help:"Short for: action modify."`
	Reverse    writes[protocol.Reverse] `cmd:"" group:"Orders" help:"Short for: action reverse."`
	Submission submissionCommands       `cmd:"" group:"Orders" help:"List, watch, park and retry submissions."`
	Tail       reads[protocol.Tail]     `cmd:"" group:"Orders" help:"Print updates as they are recorded."`
	Import     writes[batchfile.Import] `cmd:"" group:"Orders" help:"Import a file of orders or returns."`
	File       fileCommands             `cmd:"" group:"Orders" help:"List batch files and the rows that failed."`

	Campaign  campaignCommands           `cmd:"" group:"Programs" help:"List campaigns."`
	Partner   partnerCommands            `cmd:"" group:"Programs" help:"List partners."`
	Contract  contractCommands           `cmd:"" group:"Programs" help:"List contracts."`
	PromoCode promoCodeCommands          `cmd:"" group:"Programs" help:"List promo codes."`
	Inquiry   inquiryCommands            `cmd:"" group:"Programs" help:"Create and list inquiries of partners."`
	Rate      rateCommands               `cmd:"" group:"Programs" aliases:"rates" help:"Import and list exchange rates."`
	Whatif    adminReads[operate.Whatif] `cmd:"" group:"Programs" help:"Estimate what past orders would have paid under other terms; nothing is changed."`

	Adjustment adjustmentCommands         `cmd:"" group:"Commission" help:"List returns after locking."`
	Invoice    invoiceCommands            `cmd:"" group:"Commission" help:"List, show, issue and export invoices of partners."`
	Balance    balanceCommands            `cmd:"" group:"Commission" help:"Show what an account owes its partners, and write off balances."`
	Bonus      adminWrites[operate.Bonus] `cmd:"" group:"Commission" help:"Record a bonus of a partner, or a deduction."`
	Payment    paymentCommands            `cmd:"" group:"Commission" help:"Record payments of invoices."`
	Export     reads[protocol.Export]     `cmd:"" group:"Commission" help:"Export actions, items, updates or payouts as CSV, JSON lines or Parquet."`

	Account      accountCommands              `cmd:"" group:"Administration" help:"Remove old records of an account."`
	Token        tokenCommands                `cmd:"" group:"Administration" help:"Manage API tokens."`
	Person       personCommands               `cmd:"" group:"Administration" help:"Invite people to the console, and manage their roles."`
	Notification notificationCommands         `cmd:"" group:"Administration" aliases:"notifications" help:"List and resend failed deliveries of event notifications."`
	Bridge       bridgeCommands               `cmd:"" group:"Administration" help:"List and retry orders of shops."`
	Audit        auditCommands                `cmd:"" group:"Administration" help:"List the audit log."`
	Erase        archiveWrites[operate.Erase] `cmd:"" group:"Administration" help:"Erase the personal data of a customer."`

	Backup  backupCommands `cmd:"" group:"Maintenance" help:"Create, verify and list backups of a SQLite ledger."`
	Restore restoreCommand `cmd:"" group:"Maintenance" help:"Restore a backup to a folder without a ledger."`
	Copy    copyCommand    `cmd:"" group:"Maintenance" help:"Copy a ledger from SQLite to PostgreSQL, or back."`
	Verify  verifyCommand  `cmd:"" group:"Maintenance" help:"Verify the stored data; exit with status 1 if a check fails."`
	Recover recoverCommand `cmd:"" group:"Maintenance" help:"Report or accept the loss of writes when the write-ahead log is damaged."`
	Migrate migrateCommand `cmd:"" group:"Maintenance" help:"Migrate the database to the version of this program."`
	Bench   benchCommand   `cmd:"" group:"Maintenance" noconfig:"" help:"Measure throughput and latency over HTTP."`

	Help       help.Command       `cmd:"" group:"Help" help:"Describe a command or a topic."`
	Completion completion.Command `cmd:"" group:"Help" help:"Print a script that completes commands in a shell."`
	Man        manual.Command     `cmd:"" group:"Help" help:"Write manual pages."`
	Version    versionCommand     `cmd:"" group:"Help" help:"Print the version."`

	Deprecated adminReads[operate.Audit] `cmd:"" name:"deeds" hidden:"" help:"Deprecated: use audit."` //nolint:misspell // the name in version 0.1
	Complete   completion.Complete       `cmd:"" name:"__complete" hidden:"" help:"Complete a command line."`
}

// gcPercent makes the garbage collector run a quarter as often as by default. The heap is
// about ten megabytes, and the default costs a tenth of the throughput.
const gcPercent = 400

// wrapHandler is [server.Config.Wrap] of all servers. Tests set it.
var wrapHandler func(http.Handler) http.Handler

// newParser returns the parser of the command line. The resolver gives flags their settings.
func newParser(c *commands, r *settings.Resolver) *kong.Kong {
	return kong.Must(c, kong.Name("trueup"), kong.Help(help.Print),
		kong.Description("A self-hosted ledger of partner commissions."),
		kong.Vars{"exports": protocol.ExportNames(), "exportTimeout": export.MaxDuration.String()}, r.Option())
}

func main() {
	runtime.MemProfileRate = 0 // no command serves the profile, whose table of stacks takes 1.4 MB
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	var c commands
	parser := newParser(&c, settings.New(serveName))
	parsed, err := parser.Parse(os.Args[1:])
	failUsage(parser, err)
	parsed.BindTo(ctx, (*context.Context)(nil))
	s := cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
	slog.SetDefault(s.Logger())
	parsed.FatalIfErrorf(parsed.Run(s))
}
