package wire

import (
	"slices"
	"strconv"
	"strings"

	"github.com/trueup-ledger/trueup/ledger"
)

// page reads Page, PageSize and the cursor of a page URI. A counted list has
// cursors too, but goes by their page alone.
func (f *fields) page(size, most int) ledger.Page {
	p := ledger.Page{Size: size, Number: 1}
	if asked, given := take(f, parsePageSize, "PageSize"); given {
		p.Size = asked
	}
	p.Most = most * max(p.Size, narrowPage)
	pages := f.pages()
	if len(pages) > 0 {
		p.Number = pages[0]
	}
	c, given := take(f, parseCursor, "Cursor")
	if given && (len(pages) == 0 || slices.Contains(pages, int(c.page))) {
		p.Number = int(c.page)
		switch c.side {
		case below:
			p.Below = c.number
		case above:
			p.Above = c.number
		}
		return p
	}
	if slices.ContainsFunc(pages, func(n int) bool { return n != p.Number }) {
		f.fault("Page", "Given twice with different values")
	}
	return p
}

// pages answers every Page that was sent: a client that follows a page URI and
// adds its own parameters again sends two.
func (f *fields) pages() []int {
	q := f.params.find("Page", 0)
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
			f.fault(q.name, "%s", err)
			return nil
		}
		pages = append(pages, n)
	}
	return pages
}

func parsePage(s string) (int, error) {
	s = strings.TrimSpace(s)
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > maxPage {
		return 0, fault("Not a whole number from 1 to " + strconv.Itoa(maxPage))
	}
	return n, nil
}

// parsePageSize takes any whole number from 1; those over the largest become it.
func parsePageSize(s string) (int, error) {
	s = strings.TrimSpace(s)
	if s == "" || strings.Trim(s, "0123456789") != "" || strings.Trim(s, "0") == "" {
		return 0, fault("Not a whole number from 1")
	}
	if n, err := strconv.Atoi(s); err == nil && n < MaxPageSize {
		return n, nil
	}
	return MaxPageSize, nil
}

// Slice answers the bounds of a page of a list that is held whole, and what the
// page is a part of.
func Slice(p ledger.Page, total int) (from, to int, found ledger.PageInfo) {
	from = min((p.Number-1)*p.Size, total)
	to = min(from+p.Size, total)
	return from, to, ledger.PageInfo{Total: total, Count: to - from, More: to < total}
}
