package encode

import (
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/published"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// List describes a page of a collection, without its objects.
type List struct {
	Collection
	// Path is the escaped path of the request. It includes the format suffix, so that
	// page URIs have the same format.
	Path string
	// Filters is the query string of the filter.
	Filters string
	Page    search.Page
	Info    search.PageInfo
}

// AppendListHead appends the beginning of a response with a list, up to its first object.
func (e *Encoder) AppendListHead(dst []byte, l List) []byte {
	o := objectWriter{Encoder: e, buf: e.AppendHead(dst)}
	if e.Format == wire.JSON {
		o.buf = append(o.buf, '{')
		l.metadata(func(name, value string) { o.text("@"+name, value) })
		if l.plainMetadata {
			l.metadata(o.plainMetadata)
		}
		o.begin(l.Key)
		return append(o.buf, '[')
	}
	o.buf = append(append(o.buf, '<'), l.xmlName()...)
	l.metadata(func(name, value string) {
		o.buf = append(append(append(o.buf, ' '), name...), `="`...)
		o.buf = append(AppendXML(o.buf, value), '"')
	})
	return append(o.buf, '>')
}

// plainNames are the names of metadata without an at sign. Those of numbers come first.
var plainNames = []string{
	"Page", "NumPages", "PageSize", "Total", "Start", "End", "Uri", "FirstPageUri", "PreviousPageUri", "NextPageUri", "LastPageUri",
}

// plainMetadata writes an attribute of a list under its name without an at sign.
func (o *objectWriter) plainMetadata(name, value string) {
	i := slices.IndexFunc(plainNames, func(plain string) bool { return strings.EqualFold(plain, name) })
	kind := published.Integer
	if strings.HasSuffix(plainNames[i], "Uri") {
		kind = published.URI
	}
	o.publishedScalar(published.Field{Name: plainNames[i], Kind: kind}, value)
}

// AppendListTail appends the end of a response with a list, after its last object.
func (e *Encoder) AppendListTail(dst []byte, l List) []byte {
	if e.Format == wire.JSON {
		return append(dst, "]}"...)
	}
	o := objectWriter{Encoder: e, buf: dst}
	o.tag("</", l.xmlName())
	return e.AppendTail(o.buf)
}

// AppendPartners appends a whole page of partners to dst. JSON repeats the partners under a
// second name, which published clients read. XML has one list, because its clients read the
// elements of the only collection.
func (e *Encoder) AppendPartners(dst []byte, l List, partners []program.Partner) []byte {
	dst = e.AppendListHead(dst, l)
	start := len(dst)
	for i, p := range partners {
		if i > 0 {
			dst = e.AppendSeparator(dst)
		}
		dst = e.AppendPartner(dst, p)
	}
	if e.Format == wire.JSON {
		repeated := dst[start:len(dst):len(dst)]
		dst = append(append(dst, `],"MediaPartners":[`...), repeated...)
	}
	return e.AppendListTail(dst, l)
}
