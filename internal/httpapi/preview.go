package httpapi

import (
	"runtime"
	"time"

	"github.com/trueup-ledger/trueup/internal/fair"
	"github.com/trueup-ledger/trueup/internal/httpapi/view"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger"
)

// previewWait is the maximum time that a dry run waits for submissions that were accepted
// before it. Once they are applied, it shows the effect that the write would have.
const previewWait = 2 * time.Second

// preview writes the effect that the command would have, without applying it.
func (c *call) preview(command ledger.Command) error {
	p, err := c.previewOf(command)
	if err != nil {
		return err
	}
	return c.writeBody(c.encoder().AppendPreview(nil, c.params, p))
}

// previewInquiry writes the inquiry as the answer would leave it, and the effect of its
// conversion, if it has one.
func (c *call) previewInquiry(a store.InquiryAnswer) error {
	if err := c.mayPreview(store.ResourceInquiries, "inquiries"); err != nil {
		return err
	}
	result, err := c.api.store.PreviewInquiry(c.r.Context(), c.token.Account, c.now, a)
	if err != nil {
		return err
	}
	var p encode.Preview
	if result.Conversion != nil {
		if p, err = c.previewOf(*result.Conversion); err != nil {
			return err
		}
	}
	p.Inquiry = &result.Inquiry
	return c.writeBody(c.encoder().AppendPreview(nil, c.params, p))
}

// previewOf returns the effect that the command would have. It sets c.now to the time of
// the effect, because the states of the actions in the response depend on it.
func (c *call) previewOf(command ledger.Command) (encode.Preview, error) {
	if err := c.mayPreview(store.ResourceActions, "actions"); err != nil {
		return encode.Preview{}, err
	}
	p, err := c.decidePreview(command)
	if err == nil && p.Applied < p.Accepted {
		c.api.waiter.Wait(c.r.Context(), c.token.Account, p.Accepted, previewWait)
		p, err = c.decidePreview(command)
	}
	if err != nil {
		return encode.Preview{}, err
	}
	c.now = p.At
	v := view.Preview(p)
	if v.Before != nil && v.Before.State(c.now) == ledger.Approved {
		err = c.readStore(func(r store.Reader) (err error) {
			v.Status, err = c.finder(r).Status(*v.Before)
			return err
		})
	}
	return v, err
}

// mayPreview returns an error unless the token may read the resource, of which a preview
// contains the named objects.
func (c *call) mayPreview(resource store.Resource, objects string) error {
	if scope := resource.Read(); !c.token.Allows(scope) {
		return forbidden("A dry run returns " + objects + ", and this token lacks the scope " + string(scope))
	}
	return nil
}

func (c *call) decidePreview(command ledger.Command) (p store.Preview, err error) {
	err = c.compute(func() error {
		p, err = c.api.store.Preview(c.r.Context(), c.token.Account, c.api.now(), command, ledger.Decide)
		return err
	})
	return p, err
}

// maxProcessors returns the number of requests that replay the history of an action, or render
// a file, at the same time. An account may use half of them. They need a processor each, which
// the applier needs too.
func maxProcessors() int { return min(max(runtime.GOMAXPROCS(0), 2), 8) }

// compute calls f, which may replay the history of an action or render a file, once a processor
// is free.
func (c *call) compute(f func() error) error {
	return fair.Use(c.r.Context(), c.api.processors, c.token.Account, f)
}
