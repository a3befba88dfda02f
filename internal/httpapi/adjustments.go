package httpapi

import (
	"iter"

	"github.com/trueup-ledger/trueup/internal/httpapi/view"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/settle"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// getAdjustments writes a list of adjustments: all, or those of the action in the path.
func (c *call) getAdjustments() error {
	var action ids.ActionID
	if text := c.r.PathValue("action"); text != "" {
		var err error
		if action, err = ids.ParseActionID(text); err != nil {
			return errNotFound
		}
	}
	return serveList(c, encode.Adjustments, query.DecodeAdjustments,
		func(r store.Reader, f query.Adjustments, p search.Page) (search.PageInfo, iter.Seq2[settle.Adjustment, error], error) {
			if action != (ids.ActionID{}) {
				f.Action = action
				if _, err := r.Action(action); err != nil {
					return search.PageInfo{}, nil, err
				}
			}
			return c.adjustments(r, f, p)
		}, appendAdjustment)
}

// adjustments reads a page of adjustments with their invoices.
func (c *call) adjustments(r store.Reader, f query.Adjustments, p search.Page) (search.PageInfo, iter.Seq2[settle.Adjustment, error], error) {
	finder := c.finder(r)
	matches, err := finder.Narrow(f.Invoice, &f.Partner, &f.Effective)
	if err != nil || !matches {
		return search.PageInfo{}, func(func(settle.Adjustment, error) bool) {}, err
	}
	info, found, err := r.Adjustments(f.AdjustmentFilter, p)
	return info, finder.Adjustments(found), err
}

func (c *call) getAdjustment() error {
	id, err := ids.ParseAdjustmentID(c.r.PathValue("adjustment"))
	if err != nil {
		return errNotFound
	}
	one := query.Adjustments{AdjustmentFilter: search.AdjustmentFilter{Action: id.Action, Number: id.Number}}
	return serveObject(c, func(r store.Reader) (found settle.Adjustment, err error) {
		_, all, err := c.adjustments(r, one, search.Page{Size: 1, Number: 1})
		if err != nil {
			return found, err
		}
		for found, err := range all {
			return found, err
		}
		return found, ledger.ErrNotFound
	}, appendAdjustment)
}

func appendAdjustment(e *encode.Encoder, dst []byte, d settle.Adjustment) []byte {
	return e.AppendAdjustment(dst, view.Adjustment(d))
}

func (c *call) getEffective() error { return c.viewEffective(c.writeAction) }

func (c *call) getEffectiveItems() error { return c.viewEffective(c.writeItems) }

// viewEffective calls f with the action in the path as its adjustments leave it.
func (c *call) viewEffective(f func(settle.Action) error) error {
	id, err := ids.ParseActionID(c.r.PathValue("action"))
	if err != nil {
		return errNotFound
	}
	a, err := c.settledAction(func(r store.Reader) (ledger.Action, error) { return r.Effective(id) })
	if err != nil {
		return err
	}
	return f(a)
}
