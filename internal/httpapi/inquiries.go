package httpapi

import (
	"errors"
	"strconv"

	"github.com/trueup-ledger/trueup/internal/httpapi/notfound"
	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/ledger"
)

func (c *call) getInquiries() error {
	q, err := query.DecodeInquiries(c.params, c.env())
	if err != nil {
		return err
	}
	return c.readStore(func(r store.Reader) error {
		info, inquiries, err := r.Inquiries(q.Filter, q.Page)
		if err != nil {
			return err
		}
		return writeList(c, encode.List{Collection: encode.Inquiries, Filters: q.Filters, Page: q.Page, Info: info}, inquiries,
			(*encode.Encoder).AppendInquiry)
	})
}

func (c *call) getInquiry() error {
	number := c.pathNumber("inquiry")
	if c.r.PathValue("inquiry") != strconv.FormatInt(number, 10) {
		return errNotFound
	}
	var q inquiry.Inquiry
	err := c.readStore(func(r store.Reader) (err error) {
		q, err = r.Inquiry(number)
		return err
	})
	if err != nil {
		return err
	}
	return c.writeObject(func(e *encode.Encoder, dst []byte) []byte { return e.AppendInquiry(dst, q) })
}

func (c *call) putInquiry() error {
	if err := c.addFromPath("inquiry", "Id"); err != nil {
		return err
	}
	number, resolution, err := wire.DecodeResolution(c.params, c.env())
	if err != nil {
		return err
	}
	path := encode.InquiryPath(number)
	answer := store.InquiryAnswer{
		Number: number, Resolution: resolution, Payload: c.params.Payload(), Key: c.key, Resource: path,
	}
	if c.dryRun {
		return c.previewInquiry(answer)
	}
	done, err := c.api.store.ResolveInquiry(c.r.Context(), c.token.Account, c.now, answer)
	if errors.Is(err, ledger.ErrNotFound) {
		return notfound.New("There is no inquiry " + strconv.FormatInt(number, 10))
	}
	if err != nil {
		return err
	}
	if done.Queued {
		c.api.ingest.Notify(c.token.Account)
	}
	return c.writeDone(path, done.Replayed)
}
