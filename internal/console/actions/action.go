package actions

import (
	"iter"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/console/page"
	"github.com/trueup-ledger/trueup/internal/console/view"
)

var actionPage = view.Parse(templates, "templates/action.html")

// maxHistory is the number of updates and adjustments that the page of an action shows.
const maxHistory = 500

// action is the data of the page of an action.
type action struct {
	Action      *client.Action
	Items       []client.Item
	Updates     []client.Update
	Adjustments []client.Adjustment
}

// Get shows an action with its items and its history.
func Get(r *page.Request) (err error) {
	ctx, id := r.Context(), r.R.PathValue("action")
	var a action
	if a.Action, err = r.Client.Action(ctx, id); err != nil {
		return err
	}
	r.Title = a.Action.OrderID
	if a.Items, err = collect(r.Client.Items(ctx, id)); err != nil {
		return err
	}
	if a.Updates, err = collect(r.Client.UpdatesOfAction(ctx, id)); err != nil {
		return err
	}
	if a.Adjustments, err = collect(r.Client.AdjustmentsOfAction(ctx, id)); err != nil {
		return err
	}
	return r.Render(actionPage, a)
}

// collect returns at most [maxHistory] objects of a list.
func collect[T any](list iter.Seq2[T, error]) (all []T, err error) {
	for object, err := range list {
		if err != nil {
			return nil, err
		}
		if all = append(all, object); len(all) == maxHistory {
			break
		}
	}
	return all, nil
}
