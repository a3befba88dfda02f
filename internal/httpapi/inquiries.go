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
	return serveList(c, encode.Inquiries, query.DecodeInquiries, store.Reader.Inquiries, (*encode.Encoder).AppendInquiry)
}

func (c *call) getInquiry() error {
	number := c.pathNumber("inquiry")
	if c.r.PathValue("inquiry") != strconv.FormatInt(number, 10) {
		return errNotFound
	}
	return serveObject(c, func(r store.Reader) (inquiry.Inquiry, error) { return r.Inquiry(number) }, (*encode.Encoder).AppendInquiry)
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
