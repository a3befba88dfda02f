package command

import (
	"context"
	"net/url"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/render"
)

var (
	submissions = collection{path: "/APISubmissions", key: "APISubmission", columns: render.Columns(
		"BatchId:Id", "SubmissionDate:Time", "Type", "Status", "OrderId:Order", "ActionId:Action", "ErrorType:Error", "ErrorReason:Code")}
	submissionColumns = render.Columns(
		"BatchId:Submission", "SubmissionDate:Submitted", "CompletionDate:Completed", "Type", "Status", "OrderId:Order", "ActionId:Action",
		"ErrorType:Error", "ErrorReason:Code", "ErrorMessage:Message", "Payload")
	files = collection{path: "/FTPFileSubmissions", key: "FTPFileSubmissions", columns: render.Columns(
		"BatchId:Id", "SubmissionDate:Time", "FileName:File", "Type", "Status", "TotalRecords:Rows", "TotalErrors:Failed")}
	fileErrorColumns = render.Columns("Line", "OrderId:Order", "Sku", "Status", "Reason:Code", "ErrorMessage:Message")
)

// SubmissionList lists submissions.
type SubmissionList struct {
	listing
	period
	Status string `placeholder:"STATUS" help:"Select submissions that are Queued, In Progress or Complete."`
	Type   string `placeholder:"TYPE" help:"Select those of a type: Conversion, Modification or Reversal."`
	Order  string `placeholder:"ID" help:"Select those of an order."`
	Action string `placeholder:"ID" help:"Select those of an action."`
	Failed bool   `help:"Select those that the rules rejected."`
}

// Do lists the submissions, newest first.
func (c SubmissionList) Do(ctx context.Context, s *cli.Session) error {
	p := cli.Parameters{}
	p.Set("Status", c.Status)
	p.Set("Type", c.Type)
	p.Set("OrderId", c.Order)
	p.Set("ActionId", c.Action)
	if c.Failed {
		p.Set("HasError", "true")
	}
	if err := c.set(ctx, s, p, "StartDate", "EndDate"); err != nil {
		return err
	}
	return c.list(ctx, s, submissions, url.Values(p))
}

// SubmissionGet shows a submission.
type SubmissionGet struct {
	showing
	Submission string `arg:"" help:"Id of the submission, such as A-01a221b4-8d45-83a7-92d7-000000000ce0."`
}

// Do shows the submission.
func (c SubmissionGet) Do(ctx context.Context, s *cli.Session) error {
	return c.show(ctx, s, cli.Path("APISubmissions", c.Submission), submissionColumns)
}

// SubmissionWatch waits until a submission is complete.
type SubmissionWatch struct {
	showing
	Submission string        `arg:"" help:"Id of the submission."`
	Timeout    time.Duration `default:"1m" placeholder:"TIME" help:"Longest time to wait (default: ${default})."`
}

// watchInterval is the pause between two requests.
const watchInterval = 250 * time.Millisecond

// Do waits for the submission and shows it. A rejection is an error.
func (c SubmissionWatch) Do(ctx context.Context, s *cli.Session) error {
	ctx, cancel := context.WithTimeoutCause(ctx, c.Timeout, cli.Unavailable("submission %s is not complete after %v; it stays queued", c.Submission, c.Timeout))
	defer cancel()
	for {
		submission, err := s.Client.Submission(ctx, c.Submission)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			return err
		}
		if submission.Status == client.StatusComplete {
			if err := c.show(ctx, s, cli.Path("APISubmissions", c.Submission), submissionColumns); err != nil {
				return err
			}
			if submission.ErrorType != "" {
				return cli.Rejected("submission %s was rejected: %s", submission.ID, submission.ErrorReason)
			}
			return nil
		}
		select {
		case <-time.After(watchInterval):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// AdjustmentList lists adjustments.
type AdjustmentList struct {
	listing
	period
	Campaign int64  `placeholder:"ID" help:"Select the adjustments of a campaign."`
	Partner  int64  `placeholder:"ID" help:"Select those of a partner."`
	Action   string `placeholder:"ID" help:"Select those of an action."`
	Invoice  string `placeholder:"ID" help:"Select those on an invoice."`
}

// Do lists the adjustments, newest first.
func (c AdjustmentList) Do(ctx context.Context, s *cli.Session) error {
	p := cli.Parameters{}
	p.Set("CampaignId", c.Campaign)
	p.Set("MediaPartnerId", c.Partner)
	p.Set("ActionId", c.Action)
	p.Set("InvoiceId", c.Invoice)
	if err := c.setOpen(ctx, s, p, "StartDate", "EndDate"); err != nil {
		return err
	}
	return c.list(ctx, s, adjustments, url.Values(p))
}

// AdjustmentGet shows an adjustment.
type AdjustmentGet struct {
	showing
	Adjustment string `arg:"" help:"Id of the adjustment, such as 1000.2240.4.A14."`
}

// Do shows the adjustment.
func (c AdjustmentGet) Do(ctx context.Context, s *cli.Session) error {
	return c.show(ctx, s, cli.Path("Adjustments", c.Adjustment), adjustments.columns)
}

// FileList lists batch files.
type FileList struct {
	listing
	period
}

// Do lists the files, newest first.
func (c FileList) Do(ctx context.Context, s *cli.Session) error {
	p := cli.Parameters{}
	if err := c.setOpen(ctx, s, p, "SubmissionDateStart", "SubmissionDateEnd"); err != nil {
		return err
	}
	return c.list(ctx, s, files, url.Values(p))
}

// FileGet shows a batch file.
type FileGet struct {
	showing
	File string `arg:"" help:"Id of the file."`
}

// Do shows the file.
func (c FileGet) Do(ctx context.Context, s *cli.Session) error {
	return c.show(ctx, s, cli.Path("FTPFileSubmissions", c.File), files.columns)
}

// FileErrors lists the rows of a batch file that failed.
type FileErrors struct {
	listing
	File string `arg:"" help:"Id of the file."`
}

// Do lists the rows in the order of the file.
func (c FileErrors) Do(ctx context.Context, s *cli.Session) error {
	return c.list(ctx, s, collection{path: cli.Path("FTPFileSubmissions", c.File, "ErrorDetails"), key: "ErrorDetail", columns: fileErrorColumns}, nil)
}
