package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/render"
)

// Tail prints updates as they are recorded.
type Tail struct {
	Output   string `group:"output" short:"o" enum:"table,jsonl" default:"table" placeholder:"FORMAT" help:"Format: ${enum} (default: ${default})."`
	Since    string `placeholder:"TIME" help:"Begin at TIME: a number of days ago such as 1d, a date or a timestamp (default: now)."`
	Campaign int    `placeholder:"ID" help:"Print the updates of a campaign."`
	Partner  int    `placeholder:"ID" help:"Print those of a partner."`
	Action   string `placeholder:"ID" help:"Print those of an action."`
	Order    string `placeholder:"ID" help:"Print those of an order."`
	State    string `placeholder:"STATE" help:"Print those of actions in a state."`
}

// Do prints updates until ctx is done.
func (c Tail) Do(ctx context.Context, s *cli.Session) error {
	since, err := parseTime(ctx, s, "since", c.Since)
	if err != nil {
		return err
	}
	for u, err := range s.Client.Follow(ctx, client.Follow{Since: since, Filter: client.UpdateFilter{
		CampaignID: c.Campaign, MediaPartnerID: c.Partner, ActionID: c.Action, OrderID: c.Order, State: c.State,
	}}) {
		if errors.Is(err, context.Canceled) {
			return nil // Ctrl-C ends it
		}
		if err == nil {
			err = c.print(ctx, s, u)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// print prints an update in a line.
func (c Tail) print(ctx context.Context, s *cli.Session, u client.Update) error {
	if c.Output == string(render.JSONLines) {
		return showing{cli.ShowFlags{Output: render.JSONLines}}.show(ctx, s, cli.Path("ActionUpdates", u.ID), nil)
	}
	_, err := fmt.Fprintf(s.Out, "%s  %-28s  %-9s  %-16s  %4d  %12s  %10s %s  %s\n", u.UpdateDate.Format(time.RFC3339), u.ID, u.State, render.Printable(u.SKU), u.Quantity,
		u.Currency.Format(u.DeltaAmount), u.Currency.Format(u.DeltaPayout), u.Currency, render.Printable(u.Disposition))
	return err
}
