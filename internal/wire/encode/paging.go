package encode

import (
	"strconv"

	"github.com/trueup-ledger/trueup/internal/cursor"
)

// metadata calls put with the name and the value of each attribute of the list, in order.
func (l List) metadata(put func(name, value string)) {
	pages := (l.Info.Total + l.Page.Size - 1) / l.Page.Size
	start, end := 0, 0
	if l.Info.Count > 0 {
		start = (l.Page.Number - 1) * l.Page.Size
		end = start + l.Info.Count - 1
	}
	put("page", strconv.Itoa(l.Page.Number))
	put("numpages", strconv.Itoa(pages))
	put("pagesize", strconv.Itoa(l.Page.Size))
	put("total", strconv.Itoa(l.Info.Total))
	put("start", strconv.Itoa(start))
	put("end", strconv.Itoa(end))
	put("uri", l.pageURI(l.currentPage()))
	put("firstpageuri", l.pageURI(cursor.Cursor{Page: min(1, int64(pages))}))
	put("previouspageuri", l.pageURI(l.previousPage(pages)))
	put("nextpageuri", l.pageURI(l.nextPage()))
	put("lastpageuri", l.pageURI(cursor.Cursor{Page: int64(pages)}))
}

func (l List) currentPage() cursor.Cursor {
	switch page := int64(l.Page.Number); {
	case l.Page.Below > 0:
		return cursor.Cursor{Page: page, Side: cursor.Below, Number: l.Page.Below}
	case l.Page.Above > 0:
		return cursor.Cursor{Page: page, Side: cursor.Above, Number: l.Page.Above}
	default:
		return cursor.Cursor{Page: page}
	}
}

func (l List) previousPage(pages int) cursor.Cursor {
	page := int64(l.Page.Number) - 1
	if l.Info.First > 0 && page > 0 {
		return cursor.Cursor{Page: page, Side: cursor.Above, Number: l.Info.First}
	}
	return cursor.Cursor{Page: min(page, int64(pages))}
}

func (l List) nextPage() cursor.Cursor {
	page := int64(l.Page.Number) + 1
	switch {
	case !l.Info.More:
		return cursor.Cursor{}
	case l.Info.Last > 0:
		return cursor.Cursor{Page: page, Side: cursor.Below, Number: l.Info.Last}
	default:
		return cursor.Cursor{Page: page}
	}
}

// pageURI returns the path and query of a page. It returns "" for page 0, which
// doesn't exist.
func (l List) pageURI(c cursor.Cursor) string {
	if c.Page == 0 {
		return ""
	}
	query := "PageSize=" + strconv.Itoa(l.Page.Size) + "&Page=" + strconv.FormatInt(c.Page, 10) + "&Cursor=" + c.String()
	if l.Filters != "" {
		query = l.Filters + "&" + query
	}
	return l.Path + "?" + query
}
