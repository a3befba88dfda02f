package main

import (
	"context"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/command"
	"github.com/trueup-ledger/trueup/internal/cli/operate"
	"github.com/trueup-ledger/trueup/internal/invoicefile"
)

// doer is a command that uses the protocol.
type doer interface {
	Do(ctx context.Context, s *cli.Session) error
}

// reads is a command that reads from a server or from a ledger on this machine.
type reads[C doer] struct {
	cli.Target
	Command C `embed:""`
}

// Run runs the command. A server may be running.
func (c reads[C]) Run(ctx context.Context, k *kong.Context, s cli.Streams) error {
	return c.Target.Run(ctx, k, s, true, c.Command.Do)
}

// writes is a command that writes to a server or to a ledger on this machine.
type writes[C doer] struct {
	cli.Target
	Command C `embed:""`
}

// Run runs the command. A server may be running.
func (c writes[C]) Run(ctx context.Context, k *kong.Context, s cli.Streams) error {
	return c.Target.Run(ctx, k, s, false, c.Command.Do)
}

// operator is a command that uses the admin API.
type operator interface {
	doer
	// ID returns the account, or 0.
	ID() int64
}

// adminReads is like reads, for the admin API.
type adminReads[C operator] struct {
	cli.AdminTarget
	Command C `embed:""`
}

// Run runs the command. A server may be running.
func (c adminReads[C]) Run(ctx context.Context, k *kong.Context, s cli.Streams) error {
	return c.AdminTarget.Run(ctx, k, s, c.Command.ID(), true, c.Command.Do)
}

// adminWrites is like writes, for the admin API.
type adminWrites[C operator] struct {
	cli.AdminTarget
	Command C `embed:""`
}

// Run runs the command. A server may be running.
func (c adminWrites[C]) Run(ctx context.Context, k *kong.Context, s cli.Streams) error {
	return c.AdminTarget.Run(ctx, k, s, c.Command.ID(), false, c.Command.Do)
}

type tokenCommands struct {
	Create  adminWrites[operate.TokenCreate]  `cmd:"" help:"Create a token; its secret is shown only once."`
	List    adminReads[operate.TokenList]     `cmd:"" help:"List tokens."`
	Rotate  adminWrites[operate.TokenRotate]  `cmd:"" help:"Create a new secret for a token; the old one stays valid for a while."`
	Strict  adminWrites[operate.TokenStrict]  `cmd:"" help:"Make unknown parameters an error for a token."`
	Expire  adminWrites[operate.TokenExpire]  `cmd:"" help:"Set the expiry of a token."`
	Disable adminWrites[operate.TokenDisable] `cmd:"" help:"Disable a token permanently."`
}

type personCommands struct {
	Invite  adminWrites[operate.PersonInvite]  `cmd:"" help:"Invite a person to an account; its link is shown only once."`
	List    adminReads[operate.PersonList]     `cmd:"" help:"List people and their roles."`
	Role    adminWrites[operate.PersonRole]    `cmd:"" help:"Change the role of a person in an account, or end the membership."`
	Reset   adminWrites[operate.PersonReset]   `cmd:"" help:"Remove password, one-time codes and sessions of a person, and show a link."`
	Disable adminWrites[operate.PersonDisable] `cmd:"" help:"Disable a person until there is another invitation."`
}

type auditCommands struct {
	List adminReads[operate.Audit] `cmd:"" default:"withargs" help:"List the audit log, newest event first."`
}

type bridgeCommands struct {
	List  adminReads[operate.BridgeOrders]      `cmd:"" help:"List the orders of a bridge that wait or have a problem."`
	Retry adminWrites[operate.RetryBridgeOrder] `cmd:"" help:"Submit an order of a bridge again, with the present settings."`
}

type invoiceCommands struct {
	List   adminReads[operate.InvoiceList]   `cmd:"" help:"List invoices, those that were issued last first."`
	Get    invoiceGet                        `cmd:"" help:"Show an invoice, or write it as a PDF."`
	Issue  adminWrites[operate.InvoiceIssue] `cmd:"" help:"Issue the invoices that are due, as a server does."`
	Export adminReads[operate.InvoiceExport] `cmd:"" help:"Export invoices as CSV: a row for each line, for each entry, or bills for Xero."`
}

// invoiceGet is [operate.InvoiceGet] with the font of a ledger on this machine.
type invoiceGet struct {
	adminReads[operate.InvoiceGet]
}

// Run runs the command. A server may be running.
func (c invoiceGet) Run(ctx context.Context, k *kong.Context, s cli.Streams) (err error) {
	if c.Command.PDF != "" {
		if c.InvoiceFont, err = invoicefile.ReadFont(c.Command.InvoiceFont); err != nil {
			return cli.Usage("--invoice-font: %w", err)
		}
	}
	return c.adminReads.Run(ctx, k, s)
}

type balanceCommands struct {
	List     adminReads[operate.BalanceList] `cmd:"" help:"List what an account owes its partners."`
	Get      adminReads[operate.BalanceGet]  `cmd:"" help:"Show what an account owes a partner."`
	WriteOff adminWrites[operate.WriteOff]   `cmd:"" help:"Write off a balance that is carried from invoice to invoice."`
}

type paymentCommands struct {
	Record adminWrites[operate.PaymentRecord] `cmd:"" help:"Record the payment of an invoice."`
	Import adminWrites[operate.PaymentImport] `cmd:"" help:"Record the payments of a CSV file of bank transfers."`
}

type rateCommands struct {
	Import adminWrites[operate.RateImport] `cmd:"" help:"Record the exchange rates of a CSV file, such as eurofxref-hist.csv of the European Central Bank."`
	List   adminReads[operate.RateList]    `cmd:"" help:"List recorded exchange rates, newest day first."`
}

type notificationCommands struct {
	Deliveries adminReads[operate.Deliveries] `cmd:"" help:"List the pending and failed deliveries of a notification, newest first."`
	Resend     adminWrites[operate.Resend]    `cmd:"" help:"Resend the deliveries that were given up, or that of one update."`
	Secret     adminWrites[operate.Secret]    `cmd:"" help:"Create a secret that signs a notification; it is shown only once. The old one stays valid for a while."`
}

type actionCommands struct {
	List        reads[command.ActionList]        `cmd:"" help:"List actions, those that were updated last first."`
	Get         reads[command.ActionGet]         `cmd:"" help:"Show an action and its items."`
	Items       reads[command.ActionItems]       `cmd:"" help:"List the items of an action."`
	Updates     reads[command.ActionUpdates]     `cmd:"" help:"List the history of an action, newest first."`
	Adjustments reads[command.ActionAdjustments] `cmd:"" help:"List the returns after an action was locked."`
	Modify      writes[command.Modify]           `cmd:"" help:"Change the quantity, amount or category of an item."`
	Reverse     writes[command.Reverse]          `cmd:"" help:"Reverse an action."`
	Reset       writes[command.Reset]            `cmd:"" help:"Restore the tracked values of an action."`
	Undo        writes[command.Undo]             `cmd:"" help:"Restore the values that a submission changed."`
	Limit       adminWrites[operate.Limit]       `cmd:"" help:"Raise the modification limit of an action."`
	Cap         adminWrites[operate.Limit]       `cmd:"" hidden:"" help:"Deprecated: use limit."`
}

type orderCommands struct {
	Get    reads[command.OrderGet]     `cmd:"" help:"Show the actions of an order and their items."`
	Return writes[command.OrderReturn] `cmd:"" help:"Record that a customer returned units of an item."`
}

type conversionCommands struct {
	Create writes[command.ConversionCreate] `cmd:"" help:"Report an order."`
}

type submissionCommands struct {
	List  reads[command.SubmissionList]  `cmd:"" help:"List submissions, newest first."`
	Get   reads[command.SubmissionGet]   `cmd:"" help:"Show a submission and its outcome."`
	Watch reads[command.SubmissionWatch] `cmd:"" help:"Wait until a submission is complete."`
	Park  adminWrites[operate.Park]      `cmd:"" help:"Complete a queued submission as PARKED instead of applying it."`
	Retry adminWrites[operate.Retry]     `cmd:"" help:"Submit a failed submission again, with a new number and date."`
}

type adjustmentCommands struct {
	List reads[command.AdjustmentList] `cmd:"" help:"List adjustments, newest first."`
	Get  reads[command.AdjustmentGet]  `cmd:"" help:"Show an adjustment."`
}

type fileCommands struct {
	List   reads[command.FileList]   `cmd:"" help:"List batch files, newest first."`
	Get    reads[command.FileGet]    `cmd:"" help:"Show a batch file and its progress."`
	Errors reads[command.FileErrors] `cmd:"" help:"List the rows of a batch file that failed."`
}

type inquiryCommands struct {
	Create adminWrites[operate.InquiryCreate] `cmd:"" help:"Create an inquiry of a partner about an order."`
	List   reads[command.InquiryList]         `cmd:"" help:"List the inquiries of an account, newest first."`
	Get    reads[command.InquiryGet]          `cmd:"" help:"Show an inquiry with its comments."`
}

type partnerCommands struct {
	List reads[command.PartnerList] `cmd:"" help:"List partners."`
	Get  reads[command.PartnerGet]  `cmd:"" help:"Show a partner."`
}

type campaignCommands struct {
	List reads[command.CampaignList] `cmd:"" help:"List campaigns."`
	Get  reads[command.CampaignGet]  `cmd:"" help:"Show a campaign."`
}

type contractCommands struct {
	List reads[command.ContractList] `cmd:"" help:"List the contracts of a campaign."`
	Get  reads[command.ContractGet]  `cmd:"" help:"Show a contract."`
}

type promoCodeCommands struct {
	List reads[command.PromoCodeList] `cmd:"" help:"List promo codes."`
	Get  reads[command.PromoCodeGet]  `cmd:"" help:"Show a promo code."`
}

type profileCommands struct {
	List command.ProfileList `cmd:"" help:"List profiles."`
}
