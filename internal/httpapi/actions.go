package httpapi

import (
	"slices"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

func (c *call) postConversion() error {
	key, err := c.api.store.HashKey(c.r.Context(), c.token.Account)
	if err != nil {
		return err
	}
	env := c.env()
	env.HashIP = func(address string) string { return store.HashAddress(key, address) }
	conversion, err := wire.Decode(ledger.KindConversion, c.params, env, c.reference.Account)
	if err != nil {
		return err
	}
	if order, ok := conversion.(ledger.Conversion); ok && order.UnpricedLines() > 0 {
		c.w.Header().Set(wire.UnpricedLinesHeader, strconv.Itoa(order.UnpricedLines()))
	}
	return c.accept(conversion)
}

func (c *call) putAction() error {
	if err := c.addFromPath("action", "ActionId"); err != nil {
		return err
	}
	if err := c.addFromPath("sku", "Sku"); err != nil {
		return err
	}
	modification, err := wire.DecodeModification(c.params, c.env())
	if err != nil {
		return err
	}
	return c.accept(modification)
}

func (c *call) deleteAction() error {
	reversal, err := wire.DecodeReversal(c.params, c.env())
	if err != nil {
		return err
	}
	return c.accept(reversal)
}

// addFromPath adds the value of a wildcard in the path to the parameters.
func (c *call) addFromPath(wildcard, parameter string) error {
	if value := c.r.PathValue(wildcard); value != "" {
		return c.params.Add(parameter, value)
	}
	return nil
}

// accept accepts the command and writes a QUEUED response once it is durable. In a dry run
// it writes a preview.
func (c *call) accept(command ledger.Command) error {
	if c.dryRun {
		return c.preview(command)
	}
	s, err := c.api.ingest.Accept(c.r.Context(), c.token.Account, store.Submission{
		Submission: ledger.Submission{Command: command}, Payload: c.params.Payload(), Key: c.key,
	})
	if err != nil {
		return err
	}
	return c.writeQueued(s)
}

func (c *call) getActions() error {
	q, err := query.DecodeActions(c.params, c.env())
	if err != nil {
		return err
	}
	return c.readStore(func(r store.Reader) error {
		info, actions, err := r.Actions(q.Filter, q.Page)
		if err != nil {
			return err
		}
		return writeList(c, encode.List{Collection: encode.Actions, Filters: q.Filters, Page: q.Page, Info: info}, actions,
			(*encode.Encoder).AppendAction)
	})
}

func (c *call) getAction() error { return c.viewAction(c.writeAction) }

func (c *call) writeAction(a ledger.Action) error {
	return c.writeObject(func(e *encode.Encoder, dst []byte) []byte { return e.AppendAction(dst, a) })
}

func (c *call) getItems() error { return c.viewAction(c.writeItems) }

func (c *call) writeItems(a ledger.Action) error {
	q, err := query.DecodePage(c.params, c.env())
	if err != nil {
		return err
	}
	return writePage(c, encode.Items, q, a.Items, func(e *encode.Encoder, dst []byte, item ledger.Item) []byte {
		return e.AppendItem(dst, a, item)
	})
}

func (c *call) getItem() error {
	return c.viewAction(func(a ledger.Action) error {
		i := slices.IndexFunc(a.Items, func(item ledger.Item) bool { return item.SKU == c.r.PathValue("sku") })
		if i < 0 {
			return errNotFound
		}
		return c.writeObject(func(e *encode.Encoder, dst []byte) []byte { return e.AppendItem(dst, a, a.Items[i]) })
	})
}

// viewAction calls f with the action in the path. With the parameter AsOf it calls f with
// the action as of that instant, which becomes c.now.
func (c *call) viewAction(f func(ledger.Action) error) error {
	id, err := ids.ParseActionID(c.r.PathValue("action"))
	if err != nil {
		return errNotFound
	}
	env := c.env()
	env.Strict = false // the caller of viewAction reads the other parameters
	before, asOf, err := wire.DecodeAsOf(c.params, env)
	if err != nil {
		return err
	}
	var a ledger.Action
	load := func() error {
		return c.readStore(func(r store.Reader) error {
			if asOf {
				a, err = r.ActionAsOf(id, before)
			} else {
				a, err = r.Action(id)
			}
			return err
		})
	}
	if asOf {
		err = c.replay(load)
	} else {
		err = load()
	}
	if err != nil {
		return err
	}
	if asOf {
		c.now = before.Add(-time.Microsecond)
	}
	return f(a) // outside of the snapshot, which a slow client would keep open
}

// getActionUpdates writes the whole history of an action.
func (c *call) getActionUpdates() error {
	id, err := ids.ParseActionID(c.r.PathValue("action"))
	if err != nil {
		return errNotFound
	}
	q, err := query.DecodePage(c.params, c.env())
	if err != nil {
		return err
	}
	return c.readStore(func(r store.Reader) error {
		if _, err := r.Action(id); err != nil {
			return err
		}
		return c.updates(r, query.List[search.ActionFilter]{Filter: search.ActionFilter{Action: id}, Page: q.Page, Filters: q.Filters})
	})
}

func (c *call) getUpdates() error {
	q, err := query.DecodeActions(c.params, c.env())
	if err != nil {
		return err
	}
	return c.readStore(func(r store.Reader) error { return c.updates(r, q) })
}

func (c *call) updates(r store.Reader, q query.List[search.ActionFilter]) error {
	info, updates, err := r.Updates(q.Filter, q.Page)
	if err != nil {
		return err
	}
	return writeList(c, encode.List{Collection: encode.Updates, Filters: q.Filters, Page: q.Page, Info: info}, updates, appendUpdate)
}

func (c *call) getUpdate() error {
	id, err := ids.ParseUpdateID(c.r.PathValue("update"))
	if err != nil {
		return errNotFound
	}
	var u store.UpdateView
	err = c.readStore(func(r store.Reader) error {
		u, err = r.Update(id)
		return err
	})
	if err != nil {
		return err
	}
	return c.writeObject(func(e *encode.Encoder, dst []byte) []byte { return appendUpdate(e, dst, u) })
}

func appendUpdate(e *encode.Encoder, dst []byte, u store.UpdateView) []byte {
	return e.AppendUpdate(dst, u.Update, u.Parent)
}
