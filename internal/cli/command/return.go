package command

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/render"
)

// OrderReturn returns units of an item, for a caller who knows the order and not the action.
type OrderReturn struct {
	changing
	Order    string `arg:"" help:"Id of the order."`
	SKU      string `arg:"" name:"sku" help:"Sku of the item that the customer returned."`
	Quantity *int   `placeholder:"N" help:"Number of units that were returned (default: all)."`
	Action   string `placeholder:"ID" help:"Action, if several have the item."`
	Note     string `placeholder:"TEXT" help:"Note for the record."`
}

// line is an item of an action.
type line struct {
	action client.Action
	item   client.Item
	// last is the last change of the action that the item has.
	last string
}

// Do reduces the quantity of the item.
func (c OrderReturn) Do(ctx context.Context, s *cli.Session) error {
	if c.Quantity != nil && *c.Quantity < 1 {
		return cli.Usage("--quantity %d: must be at least 1; omit it for all units", *c.Quantity)
	}
	found, err := c.find(ctx, s)
	if err != nil {
		return err
	}
	units := found.item.Quantity
	if c.Quantity != nil {
		units = *c.Quantity
	}
	if found.item.Quantity == 0 {
		return cli.Rejected("nothing is left to return: all units of %s of %s are returned", c.SKU, found.action.ID)
	}
	if units > found.item.Quantity {
		return cli.Usage("--quantity: %s has %d units of %s that are not returned", found.action.ID, found.item.Quantity, c.SKU)
	}
	m := client.Modification{
		ActionID: found.action.ID, ExpectedUpdateID: found.last, Note: c.Note, WriteOptions: client.WriteOptions{MaxWait: maxWait},
		Items: []client.ItemChange{{SKU: found.item.SKU, Quantity: new(found.item.Quantity - units)}},
	}
	return c.change(ctx, s, m, func() (*client.Pending, error) { return s.Client.Modify(ctx, m) })
}

// find returns the item with the SKU. It returns an error that names the possibilities unless
// exactly one action has it.
func (c OrderReturn) find(ctx context.Context, s *cli.Session) (line, error) {
	var found []line
	var skus []string
	orders := 0
	for action, err := range s.Client.Actions(ctx, client.ActionFilter{OrderID: c.Order}) {
		if err != nil {
			return line{}, err
		}
		orders++
		if c.Action != "" && c.Action != action.ID {
			continue
		}
		last, err := lastChange(ctx, s, action.ID) // before the items: a change in between is then noticed
		if err != nil {
			return line{}, err
		}
		for item, err := range currentItems(ctx, s, action) {
			if err != nil {
				return line{}, err
			}
			if skus = append(skus, item.SKU); item.SKU == c.SKU {
				found = append(found, line{action, item, last})
			}
		}
	}
	switch {
	case orders == 0:
		return line{}, noOrder(c.Order)
	case len(found) == 0:
		return line{}, cli.NotFound("order %q has no item %q; its items are %s", c.Order, c.SKU, render.Printable(cli.Join(skus)))
	case len(found) > 1:
		var lines []string
		for _, l := range found {
			lines = append(lines, fmt.Sprintf("%s (%s, %s)", l.action.ID, render.Printable(l.action.ActionTrackerName), render.Printable(l.action.MediaPartnerName)))
		}
		return line{}, cli.Usage("--action: several actions have the item: %s", strings.Join(lines, ", "))
	}
	return found[0], nil
}

// currentItems returns the items of an action, with its adjustments if it is locked.
func currentItems(ctx context.Context, s *cli.Session, action client.Action) iter.Seq2[client.Item, error] {
	if action.State == "APPROVED" {
		return s.Client.EffectiveItems(ctx, action.ID)
	}
	return s.Client.Items(ctx, action.ID)
}
