package command

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"net/http"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/render"
	"github.com/trueup-ledger/trueup/money"
)

// maxWait is the time for which the server is asked to delay its response until the change is
// applied.
const maxWait = 10 * time.Second

// changing are the flags of commands that change an action.
type changing struct {
	DryRun bool          `help:"Show the effect, and change nothing."`
	Yes    bool          `short:"y" help:"Don't ask."`
	Output render.Format `group:"output" short:"o" enum:"table,json,jsonl,csv,yaml" default:"table" placeholder:"FORMAT" help:"Format of the submission: ${enum} (default: ${default})."`
}

// change shows the effect of a command, asks, sends the command, and waits until it is applied.
func (c changing) change(ctx context.Context, s *cli.Session, command client.Command, send func() (*client.Pending, error)) error {
	if c.DryRun && c.Output != render.Table {
		return cli.Usage("-o: formats the submission of a change, and a dry run makes none: omit it")
	}
	if err := c.preview(ctx, s, command); err != nil || c.DryRun {
		return err
	}
	if !c.Yes {
		if yes, err := s.Confirm(ctx, "Apply this?"); !yes || err != nil {
			if err == nil {
				s.Notef("Nothing was changed.\n")
			}
			return err
		}
	}
	pending, err := send()
	if err != nil {
		return cli.Sent(err)
	}
	submission, err := pending.Wait(ctx)
	switch {
	case submission == nil:
		return cli.Failed("submission %[1]s was sent, and its outcome is unknown: %[2]w; see: trueup submission watch %[1]s", pending.SubmissionID, err)
	case c.Output != render.Table:
		return errors.Join(err, showing{cli.ShowFlags{Output: c.Output}}.show(ctx, s, cli.Path("APISubmissions", submission.ID), submissionColumns))
	case err == nil:
		s.Printf("Applied as submission %s.\n", submission.ID)
	}
	return err
}

// preview shows the effect of a command. The Brand API can't compute it.
func (c changing) preview(ctx context.Context, s *cli.Session, command client.Command) error {
	preview, err := s.Client.DryRun(ctx, command)
	switch {
	case errors.Is(err, client.ErrNoDryRun) && c.DryRun:
		return cli.Usage("--dry-run: %w", err)
	case errors.Is(err, client.ErrNoDryRun):
		s.Notef("The Brand API has no dry runs: the effect is unknown.\n")
		return nil
	case err != nil:
		return err
	}
	return c.print(s, preview)
}

// print prints the effect of a change. It prints to the error stream if the submission is the output
// in a format for programs, or if a person is asked who doesn't see the output.
func (c changing) print(s *cli.Session, p *client.Preview) error {
	out, terminal := s.Out, s.Terminal
	asks := !c.DryRun && !c.Yes && s.Interactive
	if c.Output != render.Table || asks && !cli.IsTerminal(s.Out) {
		out, terminal = s.Err, render.NewTerminal(s.Err)
	}
	if p.After == nil {
		s.Notef("The server sent no effect.\n")
		return nil
	}
	after, before := p.After, cmp.Or(p.Before, p.After) // a conversion has no values before
	currency := after.Action.Currency
	rows := make([][]string, 0, len(after.Items)+1)
	for _, item := range after.Items {
		old := itemOf(before.Items, item.SKU)
		rows = append(rows, []string{
			item.SKU, changed(strconv.Itoa(old.Quantity), strconv.Itoa(item.Quantity)),
			changed(currency.Format(old.SaleAmount), currency.Format(item.SaleAmount)),
			changed(currency.Format(old.Payout), currency.Format(item.Payout)), changed(cmp.Or(old.Category, "-"), cmp.Or(item.Category, "-")),
		})
	}
	b, a := before.Action, after.Action
	rows = append(rows, []string{"Total", "", changed(currency.Format(b.Amount), currency.Format(a.Amount)), changed(currency.Format(b.Payout), currency.Format(a.Payout)), ""})
	if err := render.Rows(out, terminal, []string{"ITEM", "QUANTITY", "AMOUNT " + string(currency), "COMMISSION " + string(currency), "CATEGORY"}, rows, 1, 2, 3); err != nil {
		return err
	}
	return c.printNotes(s, p, currency)
}

// printNotes prints adjustments, and what is not known yet.
func (c changing) printNotes(s *cli.Session, p *client.Preview, currency money.Currency) error {
	for _, d := range p.Adjustments {
		s.Notef("The action is locked: an adjustment of %s %s for %s is on the invoice of %s.\n", currency.Format(d.DeltaPayout), currency, render.Printable(d.SKU), p.InvoicePeriod)
	}
	if p.Queued > 0 {
		s.Notef("%d earlier changes are queued. Their effect is not included.\n", p.Queued)
	}
	return nil
}

// itemOf returns the item with a SKU, or a new item.
func itemOf(items []client.Item, sku string) client.Item {
	for _, item := range items {
		if item.SKU == sku {
			return item
		}
	}
	return client.Item{}
}

// changed returns a value with the one before, if they differ.
func changed(before, after string) string {
	if before == after {
		return after
	}
	return before + " → " + after
}

// lastChange returns the id of the last update or adjustment of an action, so that a change by
// somebody else in the meantime is not overwritten. The Brand API has no such precondition.
func lastChange(ctx context.Context, s *cli.Session, action string) (string, error) {
	adjustment, found, err := first(s.Client.AdjustmentsOfAction(ctx, action))
	if found || err != nil && !isMissing(err) {
		return adjustment.ID, err
	}
	update, _, err := first(s.Client.UpdatesOfAction(ctx, action))
	if isMissing(err) {
		err = nil
	}
	return update.ID, err
}

// first returns the first object of a list, if there is one.
func first[T any](objects iter.Seq2[T, error]) (object T, found bool, err error) {
	next, stop := iter.Pull2(objects)
	defer stop()
	object, err, found = next()
	return object, found && err == nil, err
}

// isMissing reports whether a server lacks a list.
func isMissing(err error) bool {
	response := (*client.Error)(nil)
	return errors.As(err, &response) && response.Status == http.StatusNotFound
}

// Modify changes an item of an action, or the amount of an action without items.
type Modify struct {
	changing
	Action   string `arg:"" help:"Id of the action, such as 1000.2240.3293."`
	SKU      string `arg:"" name:"sku" optional:"" help:"Sku of the item; omit it for the amount of an action without items."`
	Quantity *int   `placeholder:"N" help:"New quantity; 0 reverses the item."`
	Amount   string `placeholder:"AMOUNT" help:"New amount of the line, or of the action without items."`
	Category string `placeholder:"TEXT" help:"New category of the item."`
	Reason   string `default:"ORDER_UPDATE" placeholder:"CODE" help:"Reason (default: ${default})."`
	Note     string `placeholder:"TEXT" help:"Note for the record."`
}

// Do changes the item.
func (c Modify) Do(ctx context.Context, s *cli.Session) error {
	if c.Quantity == nil && c.Amount == "" && c.Category == "" {
		return cli.Usage("nothing to change: use --quantity, --amount or --category")
	}
	if c.SKU == "" && (c.Quantity != nil || c.Category != "") {
		return cli.Usage("--quantity and --category are for an item: name its Sku after the action")
	}
	action, err := s.Client.Action(ctx, c.Action)
	if err != nil {
		return err
	}
	m := client.Modification{ActionID: action.ID, Reason: c.Reason, Note: c.Note, WriteOptions: client.WriteOptions{MaxWait: maxWait}}
	if m.ExpectedUpdateID, err = lastChange(ctx, s, action.ID); err != nil {
		return err
	}
	var amount *money.Amount
	if c.Amount != "" {
		m.Currency = action.Currency
		parsed, err := action.Currency.ParseAmount(c.Amount)
		if err != nil {
			return cli.Usage("--amount %q: %w, in %s", c.Amount, err, action.Currency)
		}
		amount = &parsed
	}
	if c.SKU == "" {
		m.Amount = amount
	} else {
		m.Items = []client.ItemChange{{SKU: c.SKU, Quantity: c.Quantity, Amount: amount, Category: c.Category}}
	}
	return c.change(ctx, s, m, func() (*client.Pending, error) { return s.Client.Modify(ctx, m) })
}

// Reverse reverses an action.
type Reverse struct {
	changing
	Action string `arg:"" help:"Id of the action."`
	Reason string `required:"" placeholder:"CODE" help:"Reason, such as ITEM_RETURNED, ORDER_ERROR or CONSUMER_FRAUD."`
	Note   string `placeholder:"TEXT" help:"Note for the record."`
}

// Do reverses the action.
func (c Reverse) Do(ctx context.Context, s *cli.Session) error {
	last, err := lastChange(ctx, s, c.Action)
	if err != nil {
		return err
	}
	r := client.Reversal{ActionID: c.Action, Reason: c.Reason, ExpectedUpdateID: last, Note: c.Note, WriteOptions: client.WriteOptions{MaxWait: maxWait}}
	return c.change(ctx, s, r, func() (*client.Pending, error) { return s.Client.Reverse(ctx, r) })
}

// Reset restores the tracked values of an action.
type Reset struct {
	changing
	Action string `arg:"" help:"Id of the action."`
	Note   string `placeholder:"TEXT" help:"Note for the record."`
}

// Do resets the action.
func (c Reset) Do(ctx context.Context, s *cli.Session) error {
	last, err := lastChange(ctx, s, c.Action)
	if err != nil {
		return err
	}
	r := client.Reset{ActionID: c.Action, ExpectedUpdateID: last, Note: c.Note, WriteOptions: client.WriteOptions{MaxWait: maxWait}}
	return c.change(ctx, s, r, func() (*client.Pending, error) { return s.Client.Reset(ctx, r) })
}

// Undo restores the values that a submission changed.
type Undo struct {
	changing
	Submission string `arg:"" help:"Id of the submission (see: trueup submission list --action ID)."`
	Note       string `placeholder:"TEXT" help:"Note for the record."`
}

// Do undoes the submission.
func (c Undo) Do(ctx context.Context, s *cli.Session) error {
	u := client.Undo{SubmissionID: c.Submission, Note: c.Note, WriteOptions: client.WriteOptions{MaxWait: maxWait}}
	submission, err := s.Client.Submission(ctx, c.Submission)
	if err == nil && submission.ActionID != "" {
		u.ExpectedUpdateID, err = lastChange(ctx, s, submission.ActionID)
	}
	if err != nil {
		return err
	}
	return c.change(ctx, s, u, func() (*client.Pending, error) { return s.Client.Undo(ctx, u) })
}
