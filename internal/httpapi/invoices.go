package httpapi

import (
	"bytes"
	"iter"
	"maps"
	"slices"

	"github.com/trueup-ledger/trueup/internal/httpapi/view"
	"github.com/trueup-ledger/trueup/internal/invoicefile"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

// downloadPath ends the path of an invoice's file.
const downloadPath = "/Download"

// UseInvoiceFont sets the font of invoices for characters that the embedded fonts lack. It must
// be called before the first request.
func (a *API) UseInvoiceFont(font []byte) { a.invoiceFont = font }

func (c *call) getInvoices() error {
	return serveList(c, encode.Invoices, query.DecodeInvoices,
		func(r store.Reader, f search.InvoiceFilter, p search.Page) (search.PageInfo, iter.Seq2[invoice.Record, error], error) {
			return r.Statements().Invoices(f, p)
		}, (*encode.Encoder).AppendInvoice)
}

func (c *call) getInvoice() error { return serveObject(c, c.invoice, (*encode.Encoder).AppendInvoice) }

// invoice returns the invoice in the path.
func (c *call) invoice(r store.Reader) (invoice.Record, error) {
	id, err := invoice.ParseID(c.r.PathValue("invoice"))
	if err != nil {
		return invoice.Record{}, errNotFound
	}
	return r.Statements().Invoice(id)
}

// getInvoiceFile writes an invoice as a PDF.
func (c *call) getInvoiceFile() error {
	if err := wire.CheckNoParameters(c.params, wire.Env{Strict: c.token.Strict}); err != nil {
		return err
	}
	var found invoice.Record
	err := c.readStore(func(r store.Reader) (err error) {
		found, err = c.invoice(r)
		return err
	})
	if err != nil {
		return err
	}
	var file bytes.Buffer
	document := invoicefile.NewDocument(found, c.reference)
	options := c.api.missing.Options(c.api.invoiceFont, found.ID.Partner, c.api.log)
	if err := c.compute(func() error { return invoicefile.PDF(&file, document, options) }); err != nil {
		return err
	}
	c.mediaType = "application/pdf"
	c.w.Header().Set("Content-Disposition", "inline; filename=invoice-"+found.ID.String()+".pdf")
	return c.writeBody(file.Bytes())
}

func (c *call) getBalances() error {
	q, err := query.DecodePage(c.params, c.env())
	if err != nil {
		return err
	}
	partners := slices.Sorted(maps.Keys(c.reference.Partners))
	from, to, info := query.Bounds(q.Page, len(partners))
	return c.readStore(func(r store.Reader) error {
		l := encode.List{Collection: encode.Balances, Filters: q.Filters, Page: q.Page, Info: info}
		return writeList(c, l, view.Balances(r.Statements(), partners[from:to], c.now), (*encode.Encoder).AppendBalance)
	})
}

func (c *call) getBalance() error {
	partner := c.pathNumber("partner")
	if _, found := c.reference.Partners[partner]; !found {
		return errNotFound
	}
	return serveObject(c, func(r store.Reader) (encode.Balance, error) {
		for b, err := range view.Balances(r.Statements(), []int64{partner}, c.now) {
			return b, err
		}
		return encode.Balance{}, ledger.ErrNotFound
	}, (*encode.Encoder).AppendBalance)
}
