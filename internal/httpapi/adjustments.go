package httpapi

import (
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// getAdjustments writes a list of adjustments: all, or those of the action in the path.
func (c *call) getAdjustments() error {
	q, err := query.DecodeAdjustments(c.params, c.env())
	if err != nil {
		return err
	}
	action := c.r.PathValue("action")
	if action != "" {
		if q.Filter.Action, err = ids.ParseActionID(action); err != nil {
			return errNotFound
		}
	}
	return c.readStore(func(r store.Reader) error {
		if action != "" {
			if _, err := r.Action(q.Filter.Action); err != nil {
				return err
			}
		}
		info, adjustments, err := r.Adjustments(q.Filter, q.Page)
		if err != nil {
			return err
		}
		return writeList(c, encode.List{Collection: encode.Adjustments, Filters: q.Filters, Page: q.Page, Info: info}, adjustments, appendAdjustment)
	})
}

func (c *call) getAdjustment() error {
	id, err := ids.ParseAdjustmentID(c.r.PathValue("adjustment"))
	if err != nil {
		return errNotFound
	}
	var found store.AdjustmentView
	err = c.readStore(func(r store.Reader) error {
		_, adjustments, err := r.Adjustments(search.AdjustmentFilter{Action: id.Action, Number: id.Number}, search.Page{Size: 1, Number: 1})
		if err != nil {
			return err
		}
		err = ledger.ErrNotFound
		for found, err = range adjustments {
			break
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.writeObject(func(e *encode.Encoder, dst []byte) []byte { return appendAdjustment(e, dst, found) })
}

func appendAdjustment(e *encode.Encoder, dst []byte, d store.AdjustmentView) []byte {
	return e.AppendAdjustment(dst, d.Adjustment, d.Partner, string(d.SubmissionID))
}

func (c *call) getEffective() error { return c.viewEffective(c.writeAction) }

func (c *call) getEffectiveItems() error { return c.viewEffective(c.writeItems) }

// viewEffective calls f with the action in the path as its adjustments leave it.
func (c *call) viewEffective(f func(ledger.Action) error) error {
	id, err := ids.ParseActionID(c.r.PathValue("action"))
	if err != nil {
		return errNotFound
	}
	var a ledger.Action
	if err := c.readStore(func(r store.Reader) (err error) {
		a, err = r.Effective(id)
		return err
	}); err != nil {
		return err
	}
	return f(a)
}
