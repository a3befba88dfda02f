package query_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

func TestSection6AListInMemoryIsSplitIntoPages(t *testing.T) {
	for _, c := range []struct {
		number, total, from, to int
		more                    bool
	}{{1, 0, 0, 0, false}, {1, 3, 0, 2, true}, {2, 3, 2, 3, false}, {2, 4, 2, 4, false}, {999_999_999, 3, 3, 3, false}} {
		from, to, info := query.Bounds(search.Page{Size: 2, Number: c.number}, c.total)
		if from != c.from || to != c.to || info != (search.PageInfo{Total: c.total, Count: c.to - c.from, More: c.more}) {
			t.Errorf("page %d of %d is %d to %d, %+v", c.number, c.total, from, to, info)
		}
	}
}

func TestSection6PageSizesAreBounded(t *testing.T) {
	cases := map[string]struct {
		parameters string
		size, most int
	}{
		"the default":             {"", 20_000, 200_000},
		"a small page":            {"PageSize=1", 1, 20_000},
		"the largest page":        {"PageSize=20000", 20_000, 200_000},
		"a page over the maximum": {"PageSize=99999999999999999999", 20_000, 200_000},
		"leading zeros":           {"PageSize=0100", 100, 20_000},
	}
	for name, c := range cases {
		q, err := query.DecodeActions(wiretest.Params(t, c.parameters), env)
		if err != nil || q.Page.Size != c.size || q.Page.MaxTotal != c.most || q.Page.Number != 1 {
			t.Errorf("%s: page is %+v (%v)", name, q.Page, err)
		}
	}
	uncounted, err := query.DecodeActions(wiretest.Params(t, "PageSize=100&Total=false"), env)
	if diff := cmp.Diff(search.Page{Size: 100, Number: 1, Uncounted: true}, uncounted.Page); err != nil || diff != "" || !strings.HasPrefix(uncounted.Filters, "Total=false") {
		t.Error(err, diff, uncounted.Filters)
	}
	q, err := query.DecodeSubmissions(wiretest.Params(t, "Page=3"), env)
	if diff := cmp.Diff(search.Page{Size: 1000, Number: 3}, q.Page); err != nil || diff != "" {
		t.Error(err, diff)
	}
}
