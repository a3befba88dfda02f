package wire

import (
	"strconv"

	"github.com/trueup-ledger/trueup/ledger"
)

// Collection names a list on the wire.
type Collection struct {
	// Key is the array's in JSON, Element that of each object in XML.
	Key, Element string
	// plural is XML's name of the collection where it is not the key.
	plural string
}

// The lists that are served.
var (
	Actions     = Collection{Key: "Actions", Element: "Action"}
	Items       = Collection{Key: "ActionItems", Element: "ActionItem"}
	Updates     = Collection{Key: "ActionUpdates", Element: "ActionUpdate"}
	Inquiries   = Collection{Key: "ActionInquiries", Element: "ActionInquiry"}
	Submissions = Collection{Key: "APISubmission", Element: "APISubmission", plural: "APISubmissions"}
	Campaigns   = Collection{Key: "Campaigns", Element: "Campaign"}
	Partners    = Collection{Key: "Partners", Element: "Partner"}
	Contracts   = Collection{Key: "Contracts", Element: "Contract"}
	Files       = Collection{Key: "FTPFileSubmissions", Element: "FTPFileSubmission"}

	ErrorDetails = Collection{Key: "ErrorDetail", Element: "ErrorDetail", plural: "ErrorDetails"}
)

// EmptyCollections are the Brand API's lists that are well-formed and empty until
// they are served, by their path below the account; {Id} is a campaign's.
var EmptyCollections = map[string]Collection{
	"Ads":                               {Key: "Ads", Element: "Ad"},
	"Deals":                             {Key: "Deals", Element: "Deal"},
	"Catalogs":                          {Key: "Catalogs", Element: "Catalog"},
	"ExceptionLists":                    {Key: "ExceptionLists", Element: "ExceptionList"},
	"Invoices":                          {Key: "Invoices", Element: "Invoice"},
	"PhoneNumbers":                      {Key: "PhoneNumbers", Element: "PhoneNumber"},
	"PromoCodes":                        {Key: "PromoCodes", Element: "PromoCode"},
	"Reports":                           {Key: "Reports", Element: "Report"},
	"TrackingValueRequests":             {Key: "TrackingValueRequests", Element: "TrackingValueRequest"},
	"UniqueUrls":                        {Key: "UniqueUrls", Element: "UniqueUrl"},
	"Campaigns/{Id}/Contacts":           {Key: "Contacts", Element: "Contact"},
	"Campaigns/{Id}/Notes":              {Key: "Notes", Element: "Note"},
	"Campaigns/{Id}/MediaPartnerGroups": {Key: "MediaPartnerGroups", Element: "MediaPartnerGroup"},
}

// List is a page of a collection, without its objects.
type List struct {
	Collection
	// Path is the request's, escaped and with its suffix, so that following a page
	// URI gives the same format.
	Path string
	// Filters is the query string of all pages, as a decoded query has it.
	Filters string
	Page    ledger.Page
	Found   ledger.PageInfo
}

// AppendListHead begins an answer with a list, up to its first object.
func (e *Encoder) AppendListHead(dst []byte, l List) []byte {
	o := object{Encoder: e, buf: e.AppendHead(dst)}
	if e.Format == JSON {
		o.buf = append(o.buf, '{')
		l.describe(func(name, value string) { o.text("@"+name, value) })
		o.begin(l.Key)
		return append(o.buf, '[')
	}
	o.buf = append(append(o.buf, '<'), l.element()...)
	l.describe(func(name, value string) {
		o.buf = append(append(append(o.buf, ' '), name...), `="`...)
		o.buf = append(appendXML(o.buf, value), '"')
	})
	return append(o.buf, '>')
}

// AppendListTail ends an answer with a list, after its last object.
func (e *Encoder) AppendListTail(dst []byte, l List) []byte {
	if e.Format == JSON {
		return append(dst, "]}"...)
	}
	o := object{Encoder: e, buf: dst}
	o.tag("</", l.element())
	return e.AppendTail(o.buf)
}

// AppendPartners writes a page of partners as a whole: versions before 14 have
// them in JSON under a second name too, which older clients read.
func (e *Encoder) AppendPartners(dst []byte, l List, partners []ledger.Partner) []byte {
	dst = e.AppendListHead(dst, l)
	start := len(dst)
	for i, p := range partners {
		if i > 0 {
			dst = e.AppendNext(dst)
		}
		dst = e.AppendPartner(dst, p)
	}
	if e.Format == JSON && !e.has(versionNumbers) {
		again := dst[start:len(dst):len(dst)]
		dst = append(append(dst, `],"MediaPartners":[`...), again...)
	}
	return e.AppendListTail(dst, l)
}

func (l List) element() string {
	if l.plural != "" {
		return l.plural
	}
	return l.Key
}

// describe calls put with each piece of metadata.
func (l List) describe(put func(name, value string)) {
	pages := (l.Found.Total + l.Page.Size - 1) / l.Page.Size
	start, end := 0, 0
	if l.Found.Count > 0 {
		start = (l.Page.Number - 1) * l.Page.Size
		end = start + l.Found.Count - 1
	}
	put("page", strconv.Itoa(l.Page.Number))
	put("numpages", strconv.Itoa(pages))
	put("pagesize", strconv.Itoa(l.Page.Size))
	put("total", strconv.Itoa(l.Found.Total))
	put("start", strconv.Itoa(start))
	put("end", strconv.Itoa(end))
	put("uri", l.uri(l.here()))
	put("firstpageuri", l.uri(cursor{counted, min(1, int64(pages)), 0}))
	put("previouspageuri", l.uri(l.previous(pages)))
	put("nextpageuri", l.uri(l.next()))
	put("lastpageuri", l.uri(cursor{counted, int64(pages), 0}))
}

func (l List) here() cursor {
	switch page := int64(l.Page.Number); {
	case l.Page.Below > 0:
		return cursor{below, page, l.Page.Below}
	case l.Page.Above > 0:
		return cursor{above, page, l.Page.Above}
	default:
		return cursor{counted, page, 0}
	}
}

func (l List) previous(pages int) cursor {
	page := int64(l.Page.Number) - 1
	if l.Found.First > 0 && page > 0 {
		return cursor{above, page, l.Found.First}
	}
	return cursor{counted, min(page, int64(pages)), 0}
}

func (l List) next() cursor {
	page := int64(l.Page.Number) + 1
	switch {
	case !l.Found.More:
		return cursor{}
	case l.Found.Last > 0:
		return cursor{below, page, l.Found.Last}
	default:
		return cursor{counted, page, 0}
	}
}

// uri answers the path and query of a page, or "" for page 0: there is none.
func (l List) uri(c cursor) string {
	if c.page == 0 {
		return ""
	}
	query := pair("PageSize", strconv.Itoa(l.Page.Size)) + "&" + pair("Page", strconv.FormatInt(c.page, 10)) +
		"&" + pair("Cursor", c.String())
	if l.Filters != "" {
		query = l.Filters + "&" + query
	}
	return l.Path + "?" + query
}
