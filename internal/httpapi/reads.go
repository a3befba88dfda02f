package httpapi

import (
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

func (c *call) getActions() error {
	q, err := wire.DecodeActionQuery(c.params, c.env())
	if err != nil {
		return err
	}
	return c.view(func(r store.Reader) error {
		found, actions, err := r.Actions(q.Filter, q.Page)
		if err != nil {
			return err
		}
		return list(c, wire.List{Collection: wire.Actions, Filters: q.Filters, Page: q.Page, Found: found}, actions,
			(*wire.Encoder).AppendAction)
	})
}

func (c *call) getAction() error {
	return c.viewAction(func(a ledger.Action) error {
		return c.object(func(e *wire.Encoder, dst []byte) []byte { return e.AppendAction(dst, a) })
	})
}

func (c *call) getItems() error {
	return c.viewAction(func(a ledger.Action) error {
		q, err := wire.DecodePageQuery(c.params, c.env()) // pages are as of then, too
		if err != nil {
			return err
		}
		return short(c, wire.Items, q, a.Items, func(e *wire.Encoder, dst []byte, item ledger.Item) []byte {
			return e.AppendItem(dst, a, item)
		})
	})
}

func (c *call) getItem() error {
	return c.viewAction(func(a ledger.Action) error {
		i := slices.IndexFunc(a.Items, func(item ledger.Item) bool { return item.SKU == c.r.PathValue("sku") })
		if i < 0 {
			return errNoResource
		}
		return c.object(func(e *wire.Encoder, dst []byte) []byte { return e.AppendItem(dst, a, a.Items[i]) })
	})
}

// viewAction runs f with the action that the path names, as of the instant that
// was asked for: that instant is then the call's now.
func (c *call) viewAction(f func(ledger.Action) error) error {
	id, err := ledger.ParseActionID(c.r.PathValue("action"))
	if err != nil {
		return errNoResource
	}
	before, past, err := wire.DecodeAsOf(c.params, c.env())
	if err != nil {
		return err
	}
	var a ledger.Action
	err = c.view(func(r store.Reader) error {
		if past {
			a, err = r.ActionAsOf(id, before)
		} else {
			a, err = r.Action(id)
		}
		return err
	})
	if err != nil {
		return err
	}
	if past {
		c.now = before.Add(-time.Microsecond)
	}
	return f(a) // whoever reads the answer slowly holds no snapshot
}

// getActionUpdates answers an action's whole history.
func (c *call) getActionUpdates() error {
	id, err := ledger.ParseActionID(c.r.PathValue("action"))
	if err != nil {
		return errNoResource
	}
	q, err := wire.DecodePageQuery(c.params, c.env())
	if err != nil {
		return err
	}
	return c.view(func(r store.Reader) error {
		if _, err := r.Action(id); err != nil {
			return err
		}
		return c.updates(r, wire.ActionQuery{Filter: ledger.ActionFilter{Action: id}, Page: q.Page, Filters: q.Filters})
	})
}

func (c *call) getUpdates() error {
	q, err := wire.DecodeActionQuery(c.params, c.env())
	if err != nil {
		return err
	}
	return c.view(func(r store.Reader) error { return c.updates(r, q) })
}

func (c *call) updates(r store.Reader, q wire.ActionQuery) error {
	found, updates, err := r.Updates(q.Filter, q.Page)
	if err != nil {
		return err
	}
	return list(c, wire.List{Collection: wire.Updates, Filters: q.Filters, Page: q.Page, Found: found}, updates, appendUpdate)
}

func (c *call) getUpdate() error {
	id, err := ledger.ParseUpdateID(c.r.PathValue("update"))
	if err != nil {
		return errNoResource
	}
	var u store.UpdateView
	err = c.view(func(r store.Reader) error {
		u, err = r.Update(id)
		return err
	})
	if err != nil {
		return err
	}
	return c.object(func(e *wire.Encoder, dst []byte) []byte { return appendUpdate(e, dst, u) })
}

func appendUpdate(e *wire.Encoder, dst []byte, u store.UpdateView) []byte {
	return e.AppendUpdate(dst, u.Update, u.Of)
}

func (c *call) getSubmissions() error {
	q, err := wire.DecodeSubmissionQuery(c.params, c.env())
	if err != nil {
		return err
	}
	return c.view(func(r store.Reader) error {
		found, submissions, err := r.Submissions(q.Filter, q.Page)
		if err != nil {
			return err
		}
		return list(c, wire.List{Collection: wire.Submissions, Filters: q.Filters, Page: q.Page, Found: found}, submissions,
			c.appendSubmission)
	})
}

func (c *call) getSubmission() error {
	var s store.Submission
	err := c.view(func(r store.Reader) (err error) {
		s, err = r.Submission(store.SubmissionID(c.r.PathValue("submission")))
		return err
	})
	if err != nil {
		return err
	}
	return c.object(func(e *wire.Encoder, dst []byte) []byte { return c.appendSubmission(e, dst, s) })
}

func (c *call) appendSubmission(e *wire.Encoder, dst []byte, s store.Submission) []byte {
	return e.AppendSubmission(dst, c.shown(s))
}

// shown answers what the wire tells of a submission.
func (c *call) shown(s store.Submission) wire.Submission {
	return wire.Submission{
		ID: string(s.ID), Account: c.token.Account, Accepted: s.Accepted, Command: s.Command, Payload: s.Payload,
		Completed: s.Outcome.Completed, Action: s.Outcome.Action, Partner: s.Outcome.Partner,
		ErrorType: string(s.Outcome.ErrorType), ErrorCode: string(s.Outcome.Code), ErrorMessage: s.Outcome.Message,
	}
}
