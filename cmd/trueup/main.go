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
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // for machines without a time zone database

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/accounting/command"
	"github.com/trueup-ledger/trueup/internal/cli"
	protocol "github.com/trueup-ledger/trueup/internal/cli/command"
	"github.com/trueup-ledger/trueup/internal/cli/operate"
	"github.com/trueup-ledger/trueup/internal/export"
	"github.com/trueup-ledger/trueup/internal/settings"
)

// commands is the command line.
type commands struct {
	Config string `type:"path" env:"TRUEUP_CONFIG" placeholder:"FILE" help:"Configuration file with the settings of serve (docs/configuration.md)."`

	Serve         serveCommand              `cmd:"" help:"Serve the ledger over HTTP."`
	Demo          demoCommand               `cmd:"" noconfig:"" help:"Serve a demo account with campaigns, partners and orders."`
	Login         protocol.Login            `cmd:"" help:"Store the URL and the credentials of a server."`
	Logout        protocol.Logout           `cmd:"" help:"Remove the credentials of a server."`
	Profile       profileCommands           `cmd:"" help:"List the servers with stored credentials."`
	Action        actionCommands            `cmd:"" help:"List, show, modify and reverse actions."`
	Order         orderCommands             `cmd:"" help:"Show an order, and record a return."`
	Conversion    conversionCommands        `cmd:"" help:"Report an order."`
	Modify        writes[protocol.Modify]   `cmd:"" help:"Short for: action modify."`
	Reverse       writes[protocol.Reverse]  `cmd:"" help:"Short for: action reverse."`
	Submission    submissionCommands        `cmd:"" help:"List, watch, park and retry submissions."`
	Tail          reads[protocol.Tail]      `cmd:"" help:"Print updates as they are recorded."`
	Adjustment    adjustmentCommands        `cmd:"" help:"List returns after locking."`
	File          fileCommands              `cmd:"" help:"List batch files and the rows that failed."`
	Campaign      campaignCommands          `cmd:"" help:"List campaigns."`
	Partner       partnerCommands           `cmd:"" help:"List partners."`
	Contract      contractCommands          `cmd:"" help:"List contracts."`
	PromoCode     promoCodeCommands         `cmd:"" help:"List promo codes."`
	Apply         applyCommand              `cmd:"" help:"Record accounts and reference data from a YAML or JSON file."`
	Import        importCommand             `cmd:"" help:"Import a file of orders or returns."`
	Export        reads[protocol.Export]    `cmd:"" help:"Export actions, items, updates or payouts as CSV, JSON lines or Parquet."`
	Rates         ratesCommands             `cmd:"" help:"Import and list exchange rates."`
	Invoice       invoiceCommands           `cmd:"" help:"List, show, issue and export invoices of partners."`
	Bonus         writeBooks[command.Bonus] `cmd:"" help:"Record a bonus of a partner, or a deduction."`
	Balance       balanceCommands           `cmd:"" help:"Show what an account owes its partners, and write off balances."`
	Payment       paymentCommands           `cmd:"" help:"Record payments of invoices."`
	Token         tokenCommands             `cmd:"" help:"Manage API tokens."`
	Inquiry       inquiryCommands           `cmd:"" help:"Create and list inquiries of partners."`
	Account       accountCommands           `cmd:"" help:"Remove old records of an account."`
	Notification  notificationCommands      `cmd:"" aliases:"notifications" help:"List and resend failed deliveries of event notifications."`
	Audit         auditCommands             `cmd:"" help:"List the audit log."`
	Deprecated    adminReads[operate.Audit] `cmd:"" name:"deeds" hidden:"" help:"Deprecated: use audit."` //nolint:misspell // the name in version 0.1
	Backup        backupCommands            `cmd:"" help:"Create, verify and list backups of a SQLite ledger."`
	Restore       restoreCommand            `cmd:"" help:"Restore a backup to a folder without a ledger."`
	Copy          copyCommand               `cmd:"" help:"Copy a ledger from SQLite to PostgreSQL, or back."`
	Whatif        whatifCommand             `cmd:"" help:"Estimate what past orders would have paid under other terms; nothing is changed."`
	Erase         eraseCommand              `cmd:"" help:"Erase the personal data of a customer."`
	Verify        verifyCommand             `cmd:"" help:"Verify the stored data; exit with status 1 if a check fails."`
	Recover       recoverCommand            `cmd:"" help:"Report or accept the loss of writes when the write-ahead log is damaged."`
	Migrate       migrateCommand            `cmd:"" help:"Migrate the database to the version of this program."`
	Configuration configCommands            `cmd:"" name:"config" help:"Check the configuration of a server."`
	Bench         benchCommand              `cmd:"" noconfig:"" help:"Measure throughput and latency over HTTP."`
	Version       versionCommand            `cmd:"" help:"Print the version."`
}

// gcPercent makes the garbage collector run a quarter as often as by default. The heap is
// about ten megabytes, and the default costs a tenth of the throughput.
const gcPercent = 400

// wrapHandler is [server.Config.Wrap] of all servers. Tests set it.
var wrapHandler func(http.Handler) http.Handler

// newParser returns the parser of the command line. The resolver gives flags their settings.
func newParser(c *commands, r *settings.Resolver) *kong.Kong {
	return kong.Must(c, kong.Name("trueup"), kong.Help(printHelp),
		kong.Description("A self-hosted ledger of partner commissions."),
		kong.Vars{"exports": protocol.ExportNames(), "exportTimeout": export.MaxDuration.String()}, r.Option())
}

func main() {
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
