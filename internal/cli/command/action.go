package command

import (
	"context"
	"encoding/json"
	"net/url"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/render"
)

var (
	actions = collection{
		path: "/Actions", key: "Actions", columns: render.Columns(
			"Id", "Oid:Order", "MediaPartnerId:Partner", "MediaPartnerName:Name", "State", "StateDetail:Detail",
			"Amount", "Payout:Commission", "Currency", "EventDate:Ordered"),
		hint: " Without --since, --order or --sku, the list has the actions that were updated in the last 7 days.",
	}
	actionColumns = render.Columns(
		"Id:Action", "Oid:Order", "CampaignName:Campaign", "ActionTrackerName:Event type", "MediaPartnerName:Partner",
		"MediaPartnerId:Partner id", "State", "StateDetail:Detail", "Amount", "Payout:Commission", "ClientCost:Cost", "Currency",
		"OriginalAmount:Original amount", "OriginalCurrency:Original currency", "EventDate:Ordered", "CreationDate:Tracked",
		"LockingDate:Locks", "ClearedDate:Cleared", "PromoCode:Promo code", "CustomerId:Customer", "Note")
	itemColumns = render.Columns(
		"Sku", "ItemName:Name", "Category", "Quantity", "SaleAmount:Amount", "Payout:Commission", "PayoutCurrency:Currency",
		"AdjustmentDate:Changed", "AdjustmentReason:Reason")
	updateColumns = render.Columns(
		"Id", "UpdateDate:Time", "Sku", "State", "Quantity", "DeltaAmount:Amount", "DeltaPayout:Commission", "Currency", "Disposition:Reason")
	adjustments = collection{path: "/Adjustments", key: "Adjustments", columns: render.Columns(
		"Id", "EffectiveDate:Time", "MediaPartnerId:Partner", "Sku", "Quantity", "DeltaQuantity:Returned", "DeltaAmount:Amount",
		"DeltaPayout:Commission", "Currency", "Reason", "InvoiceId:Invoice")}
)

// ActionList lists actions.
type ActionList struct {
	listing
	period
	Order     string `placeholder:"ID" help:"Select the actions of an order."`
	Partner   int64  `placeholder:"ID" help:"Select those of a partner."`
	Campaign  int64  `placeholder:"ID" help:"Select those of a campaign."`
	EventType int64  `placeholder:"ID" help:"Select those of an event type."`
	State     string `placeholder:"STATE" help:"Select those in a state: PENDING, APPROVED or REVERSED."`
	SKU       string `name:"sku" placeholder:"SKU" help:"Select those with an item."`
}

// Do lists the actions that match, those that were updated last first.
func (c ActionList) Do(ctx context.Context, s *cli.Session) error {
	p := cli.Parameters{}
	p.Set("Oid", c.Order)
	p.Set("MediaPartnerId", c.Partner)
	p.Set("CampaignId", c.Campaign)
	p.Set("ActionTrackerId", c.EventType)
	p.Set("State", c.State)
	p.Set("Sku", c.SKU)
	p.Set("Total", "false") // a list with a total has at most 20,000 actions
	if err := c.set(ctx, s, p, "StartDate", "EndDate"); err != nil {
		return err
	}
	return c.list(ctx, s, actions, url.Values(p))
}

// ActionGet shows an action.
type ActionGet struct {
	showing
	Action    string `arg:"" help:"Id of the action, such as 1000.2240.3293."`
	Effective bool   `help:"Show a locked action with its adjustments."`
	AsOf      string `placeholder:"TIME" help:"Show the action as it was at TIME: a number of days ago, a date or a timestamp."`
}

// Do shows the action, and in a table its items.
func (c ActionGet) Do(ctx context.Context, s *cli.Session) error {
	path := cli.Path("Actions", c.Action)
	if c.Effective {
		path += "/Effective"
	}
	at, err := parseTime(ctx, s, "as-of", c.AsOf)
	if err != nil {
		return err
	}
	p := cli.Parameters{}
	p.Set("AsOf", at)
	object, err := s.Client.Object(ctx, path, url.Values(p))
	if err != nil {
		return err
	}
	if err := c.Print(s, object, actionColumns); err != nil || c.Output != render.Table || len(c.Columns) > 0 {
		return err
	}
	s.Printf("\n")
	items := s.Client.Collection(ctx, path+"/Items", "ActionItems", url.Values(p))
	return render.List(s.Out, render.Table, s.Terminal, items, itemColumns)
}

// ActionItems lists the items of an action.
type ActionItems struct {
	listing
	Action    string `arg:"" help:"Id of the action."`
	Effective bool   `help:"List the items of a locked action with its adjustments."`
}

// Do lists the items.
func (c ActionItems) Do(ctx context.Context, s *cli.Session) error {
	path := cli.Path("Actions", c.Action)
	if c.Effective {
		path += "/Effective"
	}
	return c.list(ctx, s, collection{path: path + "/Items", key: "ActionItems", columns: itemColumns}, nil)
}

// ActionUpdates lists the history of an action.
type ActionUpdates struct {
	listing
	Action string `arg:"" help:"Id of the action."`
}

// Do lists the updates, newest first.
func (c ActionUpdates) Do(ctx context.Context, s *cli.Session) error {
	return c.list(ctx, s, collection{path: cli.Path("Actions", c.Action, "Updates"), key: "ActionUpdates", columns: updateColumns}, nil)
}

// ActionAdjustments lists the late returns of an action.
type ActionAdjustments struct {
	listing
	Action string `arg:"" help:"Id of the action."`
}

// Do lists the adjustments, newest first.
func (c ActionAdjustments) Do(ctx context.Context, s *cli.Session) error {
	return c.list(ctx, s, collection{path: cli.Path("Actions", c.Action, "Adjustments"), key: adjustments.key, columns: adjustments.columns}, nil)
}

// OrderGet shows the actions of an order with their items.
type OrderGet struct {
	Output render.Format `group:"output" short:"o" enum:"table,json,jsonl,csv,yaml" default:"table" placeholder:"FORMAT" help:"Format: ${enum} (default: ${default})."`
	Order  string        `arg:"" help:"Id of the order."`
}

// Do shows the actions.
func (c OrderGet) Do(ctx context.Context, s *cli.Session) error {
	found := 0
	objects := s.Client.Collection(ctx, actions.path, actions.key, url.Values{"Oid": {c.Order}})
	counted := func(yield func(json.RawMessage, error) bool) {
		for object, err := range objects {
			if err == nil {
				found++
			}
			if !yield(object, err) {
				return
			}
		}
	}
	if c.Output != render.Table {
		if err := render.List(s.Out, c.Output, s.Terminal, counted, actions.columns); err != nil {
			return err
		}
	} else if err := c.tables(ctx, s, counted); err != nil {
		return err
	}
	if found == 0 {
		return noOrder(c.Order)
	}
	return nil
}

// tables prints each action with its items.
func (c OrderGet) tables(ctx context.Context, s *cli.Session, objects render.Objects) error {
	separator := ""
	for object, err := range objects {
		if err != nil {
			return err
		}
		s.Printf("%s", separator)
		separator = "\n"
		if err := render.Object(s.Out, render.Table, s.Terminal, object, actionColumns); err != nil {
			return err
		}
		var action struct {
			ID string `json:"Id"`
		}
		if err := json.Unmarshal(object, &action); err != nil {
			return err
		}
		s.Printf("\n")
		items := s.Client.Collection(ctx, cli.Path("Actions", action.ID, "Items"), "ActionItems", nil)
		if err := render.List(s.Out, render.Table, s.Terminal, items, itemColumns); err != nil {
			return err
		}
	}
	return nil
}

// noOrder returns the error for an order without an action.
func noOrder(order string) error {
	return cli.NotFound("order %q has no action: check the id, and that it is credited to a partner (trueup submission list --order %[1]s)", order)
}
