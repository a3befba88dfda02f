package httpapi

import (
	"strconv"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

func (c *call) getInquiries() error {
	q, err := wire.DecodeInquiryQuery(c.params, c.env())
	if err != nil {
		return err
	}
	return c.view(func(r store.Reader) error {
		found, inquiries, err := r.Inquiries(q.Filter, q.Page)
		if err != nil {
			return err
		}
		return list(c, wire.List{Collection: wire.Inquiries, Filters: q.Filters, Page: q.Page, Found: found}, inquiries,
			(*wire.Encoder).AppendInquiry)
	})
}

func (c *call) getInquiry() error {
	number := c.number("inquiry")
	if c.r.PathValue("inquiry") != strconv.FormatInt(number, 10) {
		return errNoResource
	}
	var q ledger.Inquiry
	err := c.view(func(r store.Reader) (err error) {
		q, err = r.Inquiry(number)
		return err
	})
	if err != nil {
		return err
	}
	return c.object(func(e *wire.Encoder, dst []byte) []byte { return e.AppendInquiry(dst, q) })
}

func (c *call) putInquiry() error {
	if err := c.addFromPath(map[string]string{"inquiry": "Id"}); err != nil {
		return err
	}
	number, resolution, err := wire.DecodeResolution(c.params, c.env())
	if err != nil {
		return err
	}
	path := wire.InquiryPath(number)
	done, err := c.api.store.ResolveInquiry(c.r.Context(), c.token.Account, c.now, store.InquiryAnswer{
		Number: number, Resolution: resolution, Payload: c.params.Payload(), Key: c.key, Resource: path,
	})
	if err != nil {
		return err
	}
	if done.Queued {
		c.api.intake.Wake(c.token.Account)
	}
	return c.done(path, done.Replayed)
}
