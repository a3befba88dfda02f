package encode

import (
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
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

// AppendListTail appends the end of a response with a list, after its last object.
func (e *Encoder) AppendListTail(dst []byte, l List) []byte {
	if e.Format == wire.JSON {
		return append(dst, "]}"...)
	}
	o := objectWriter{Encoder: e, buf: dst}
	o.tag("</", l.xmlName())
	return e.AppendTail(o.buf)
}

// AppendPartners appends a whole page of partners to dst. In JSON, versions before 14
// repeat the partners under a second name, which older clients read.
func (e *Encoder) AppendPartners(dst []byte, l List, partners []program.Partner) []byte {
	dst = e.AppendListHead(dst, l)
	start := len(dst)
	for i, p := range partners {
		if i > 0 {
			dst = e.AppendSeparator(dst)
		}
		dst = e.AppendPartner(dst, p)
	}
	if e.Format == wire.JSON && !e.atLeast(versionNumbers) {
		repeated := dst[start:len(dst):len(dst)]
		dst = append(append(dst, `],"MediaPartners":[`...), repeated...)
	}
	return e.AppendListTail(dst, l)
}
