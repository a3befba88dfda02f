package wire

import (
	"slices"
	"strconv"
	"strings"

	"github.com/trueup-ledger/trueup/internal/cursor"
	"github.com/trueup-ledger/trueup/internal/search"
)

// Page reads Page, PageSize and the Cursor of a page URI. A cursor overrides Page only if
// it belongs to one of the requested pages.
func (d *Decoder) Page(defaultSize int) search.Page {
	p := search.Page{Size: defaultSize, Number: 1}
	if size, found := read(d, parsePageSize, "PageSize"); found {
		p.Size = size
	}
	pages := d.pageNumbers()
	if len(pages) > 0 {
		p.Number = pages[0]
	}
	c, found := read(d, cursor.Parse, "Cursor")
	if found && (len(pages) == 0 || slices.Contains(pages, int(c.Page))) {
		p.Number = int(c.Page)
		switch c.Side {
		case cursor.Below:
			p.Below = c.Number
		case cursor.Above:
			p.Above = c.Number
		}
		return p
	}
	if slices.ContainsFunc(pages, func(n int) bool { return n != p.Number }) {
		d.AddError("Page", differentValues)
	}
	return p
}

// pageNumbers returns all values of Page. There are two if a client appends its own
// parameters to a page URI.
func (d *Decoder) pageNumbers() []int {
	d.knows("Page", false)
	q := d.params.find("Page", 0)
	if q == nil {
		return nil
	}
	var pages []int
	for _, text := range q.values {
		if text == "" {
			continue
		}
		n, err := parsePage(text)
		if err != nil {
			d.AddError(q.name, "%s", err)
			return nil
		}
		pages = append(pages, n)
	}
	return pages
}

func parsePage(s string) (int, error) {
	s = strings.TrimSpace(s)
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > cursor.MaxPage {
		return 0, valueError("Not a whole number from 1 to " + strconv.Itoa(cursor.MaxPage))
	}
	return n, nil
}

// parsePageSize parses a positive whole number. It returns MaxPageSize for larger
// numbers.
func parsePageSize(s string) (int, error) {
	s = strings.TrimSpace(s)
	if s == "" || strings.Trim(s, "0123456789") != "" || strings.Trim(s, "0") == "" {
		return 0, valueError("Not a whole number from 1")
	}
	if n, err := strconv.Atoi(s); err == nil && n < MaxPageSize {
		return n, nil
	}
	return MaxPageSize, nil
}

// Filters returns the query string of page URIs without the parameters of the page: the
// parameters that were read and the pinned dates.
func (d *Decoder) Filters() string {
	sent := d.params.encodeRead(func(lower string) bool {
		return lower != "_method" && !slices.Contains([]string{"page", "pagesize", "cursor"}, lower)
	})
	if sent == "" {
		return strings.Join(d.pinned, "&")
	}
	return strings.Join(append([]string{sent}, d.pinned...), "&")
}
