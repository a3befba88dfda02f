package httpapi

import (
	"iter"
	"slices"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/settle"
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
	return serveList(c, encode.Actions, query.DecodeActions, c.actions, appendAction)
}

// actions reads a page of actions with the statuses of their invoices.
func (c *call) actions(r store.Reader, f search.ActionFilter, p search.Page) (search.PageInfo, iter.Seq2[settle.Action, error], error) {
	info, actions, err := r.Actions(f, p)
	return info, c.finder(r).Actions(actions), err
}

// finder returns a finder of invoices in a snapshot.
func (c *call) finder(r store.Reader) *settle.Finder {
	return settle.NewFinder(r.Statements(), c.reference, c.now)
}

func appendAction(e *encode.Encoder, dst []byte, a settle.Action) []byte {
	return e.AppendAction(dst, a.Action, a.Status)
}

func (c *call) getAction() error { return c.viewAction(c.writeAction) }

func (c *call) writeAction(a settle.Action) error {
	return c.writeObject(func(e *encode.Encoder, dst []byte) []byte { return appendAction(e, dst, a) })
}

func (c *call) getItems() error { return c.viewAction(c.writeItems) }

func (c *call) writeItems(a settle.Action) error {
	q, err := query.DecodePage(c.params, c.env())
	if err != nil {
		return err
	}
	return writePage(c, encode.Items, q, a.Items, func(e *encode.Encoder, dst []byte, item ledger.Item) []byte {
		return e.AppendItem(dst, a.Action, item)
	})
}

func (c *call) getItem() error {
	return c.viewAction(func(a settle.Action) error {
		i := slices.IndexFunc(a.Items, func(item ledger.Item) bool { return item.SKU == c.r.PathValue("sku") })
		if i < 0 {
			return errNotFound
		}
		return c.writeObject(func(e *encode.Encoder, dst []byte) []byte { return e.AppendItem(dst, a.Action, a.Items[i]) })
	})
}

// viewAction calls f with the action in the path. With the parameter AsOf it calls f with
// the action as of that instant, which becomes c.now.
func (c *call) viewAction(f func(settle.Action) error) error {
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
	var a settle.Action
	if asOf {
		c.now = before.Add(-time.Microsecond)
		err = c.compute(func() (err error) {
			a, err = c.settledAction(func(r store.Reader) (ledger.Action, error) { return r.ActionAsOf(id, before) })
			return err
		})
	} else {
		a, err = c.settledAction(func(r store.Reader) (ledger.Action, error) { return r.Action(id) })
	}
	if err != nil {
		return err
	}
	return f(a) // outside of the snapshot, which a slow client would keep open
}

// settledAction returns the action that read returns, with the status of its invoice.
func (c *call) settledAction(read func(store.Reader) (ledger.Action, error)) (a settle.Action, err error) {
	err = c.readStore(func(r store.Reader) (err error) {
		if a.Action, err = read(r); err == nil {
			a.Status, err = c.finder(r).Status(a.Action)
		}
		return err
	})
	return a, err
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
		info, updates, err := r.Updates(search.ActionFilter{Action: id}, q.Page)
		if err != nil {
			return err
		}
		return writeList(c, encode.List{Collection: encode.Updates, Filters: q.Filters, Page: q.Page, Info: info}, updates, appendUpdate)
	})
}

func (c *call) getUpdates() error {
	return serveList(c, encode.Updates, query.DecodeActions, store.Reader.Updates, appendUpdate)
}

func (c *call) getUpdate() error {
	id, err := ids.ParseUpdateID(c.r.PathValue("update"))
	if err != nil {
		return errNotFound
	}
	return serveObject(c, func(r store.Reader) (store.UpdateView, error) { return r.Update(id) }, appendUpdate)
}

func appendUpdate(e *encode.Encoder, dst []byte, u store.UpdateView) []byte {
	return e.AppendUpdate(dst, u.Update, u.Parent)
}
