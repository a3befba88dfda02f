package wire_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// metadata answers what a list says of itself in JSON.
func metadata(t *testing.T, l wire.List) map[string]string {
	t.Helper()
	e := wire.Encoder{Format: wire.JSON, Version: 14, SID: sid, Now: now}
	var all map[string]any
	if err := json.Unmarshal(e.AppendListTail(e.AppendListHead(nil, l), l), &all); err != nil {
		t.Fatal(err)
	}
	texts := make(map[string]string)
	for name, value := range all {
		if name[0] == '@' {
			texts[name] = value.(string)
		} else if len(value.([]any)) != 0 || name != l.Key {
			t.Errorf("%s is %v", name, value)
		}
	}
	return texts
}

func TestSection6PageURIsGiveTheirPageUntouchedAndWithParametersAddedAgain(t *testing.T) {
	const asked = "CampaignId=1000&StartDate=2026-09-01T00:00:00+0000&EndDate=2026-10-01&State=PENDING&PageSize=2&Page=3&IrVersion=13&strange=1"
	p := params(t, asked)
	if _, err := wire.Version(p, "", 14); err != nil {
		t.Fatal(err)
	}
	q, err := wire.DecodeActionQuery(p, env)
	if err != nil {
		t.Fatal(err)
	}
	list := wire.List{
		Collection: wire.Actions, Path: "/Advertisers/" + sid + "/Actions.json", Filters: q.Filters, Page: q.Page,
		Found: ledger.PageInfo{Total: 9, Count: 2, First: 50, Last: 40, More: true},
	}
	m := metadata(t, list)
	for name, want := range map[string]ledger.Page{
		"@uri":             {Number: 3},
		"@firstpageuri":    {Number: 1},
		"@previouspageuri": {Number: 2, Above: 50},
		"@nextpageuri":     {Number: 4, Below: 40},
		"@lastpageuri":     {Number: 5},
	} {
		want.Size, want.Most = 2, 20_000
		path, query, _ := strings.Cut(m[name], "?")
		if path != list.Path || !strings.Contains(query, "IrVersion=13") || strings.Contains(query, "strange") {
			t.Errorf("%s is %s", name, m[name])
		}
		for _, query := range []string{query, query + "&" + asked, asked + "&" + query} {
			p := params(t, query)
			again, err := wire.DecodeActionQuery(p, env)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if diff := cmp.Diff(q.Filter, again.Filter) + cmp.Diff(want, again.Page); diff != "" {
				t.Errorf("%s with %s: %s", name, query, diff)
			}
		}
		q := again(t, query)
		here := list
		here.Page, here.Filters = q.Page, q.Filters
		if got := metadata(t, here)["@uri"]; got != m[name] {
			t.Errorf("the page of %s calls itself %s", m[name], got)
		}
		counted := strings.Replace(query, "&Page=", "&Page=7&was=", 1)
		if again, err := wire.DecodeActionQuery(params(t, counted), env); err != nil ||
			again.Page != (ledger.Page{Size: 2, Number: 7, Most: 20_000}) {
			t.Errorf("%s with another Page gives %+v (%v)", name, again.Page, err)
		}
	}
}

// again answers what a page URI's query asks for, as its handler reads it.
func again(t *testing.T, query string) wire.ActionQuery {
	t.Helper()
	p := params(t, query)
	if _, err := wire.Version(p, "", 14); err != nil {
		t.Fatal(err)
	}
	q, err := wire.DecodeActionQuery(p, env)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestSection6PageURIsPinTheDefaultDates(t *testing.T) {
	q, err := wire.DecodeActionQuery(params(t, "CampaignId=1"), env)
	if err != nil {
		t.Fatal(err)
	}
	later := env
	later.Now = now.Add(time.Hour)
	again, err := wire.DecodeActionQuery(params(t, q.Filters), later)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(q.Filter.Updated, again.Filter.Updated); diff != "" {
		t.Error(diff)
	}
}

func TestSection6ATamperedCursorIsRefused(t *testing.T) {
	q, err := wire.DecodeActionQuery(params(t, "Oid=1"), env)
	if err != nil {
		t.Fatal(err)
	}
	m := metadata(t, wire.List{
		Collection: wire.Actions, Path: "/Actions", Filters: q.Filters, Page: q.Page,
		Found: ledger.PageInfo{Total: 30_000, Count: 20_000, First: 50, Last: 40, More: true},
	})
	next, err := url.Parse(m["@nextpageuri"])
	if err != nil {
		t.Fatal(err)
	}
	cursor := next.Query().Get("Cursor")
	for i := range cursor {
		for _, c := range []byte("A9_") {
			changed := cursor[:i] + string(c) + cursor[i+1:]
			if changed == cursor {
				continue
			}
			if _, err := wire.DecodeActionQuery(params(t, "Cursor="+changed), env); err == nil {
				t.Errorf("%s is taken for %s", changed, cursor)
			}
		}
	}
}

func TestSection6Metadata(t *testing.T) {
	cases := map[string]struct {
		page  ledger.Page
		found ledger.PageInfo
		want  string // page, numpages, pagesize, total, start, end
		none  []string
	}{
		"an empty list": {
			ledger.Page{Size: 100, Number: 1},
			ledger.PageInfo{},
			"1 0 100 0 0 0",
			[]string{"@firstpageuri", "@previouspageuri", "@nextpageuri", "@lastpageuri"},
		},
		"the only page": {
			ledger.Page{Size: 100, Number: 1},
			ledger.PageInfo{Total: 7, Count: 7, First: 9, Last: 3},
			"1 1 100 7 0 6",
			[]string{"@previouspageuri", "@nextpageuri"},
		},
		"a page between": {
			ledger.Page{Size: 2, Number: 2}, ledger.PageInfo{Total: 5, Count: 2, First: 9, Last: 3, More: true}, "2 3 2 5 2 3", nil,
		},
		"the last page": {
			ledger.Page{Size: 2, Number: 3},
			ledger.PageInfo{Total: 5, Count: 1, First: 9, Last: 9},
			"3 3 2 5 4 4",
			[]string{"@nextpageuri"},
		},
		"a page past the end": {
			ledger.Page{Size: 2, Number: 9}, ledger.PageInfo{Total: 5}, "9 3 2 5 0 0", []string{"@nextpageuri"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			m := metadata(t, wire.List{Collection: wire.Submissions, Path: "/p", Page: c.page, Found: c.found})
			got := fmt.Sprint(m["@page"], " ", m["@numpages"], " ", m["@pagesize"], " ", m["@total"], " ", m["@start"], " ", m["@end"])
			if got != c.want {
				t.Errorf("metadata are %s, want %s", got, c.want)
			}
			var none []string
			for _, name := range []string{"@uri", "@firstpageuri", "@previouspageuri", "@nextpageuri", "@lastpageuri"} {
				if m[name] == "" {
					none = append(none, name)
				}
			}
			if diff := cmp.Diff(c.none, none); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSection6ListsHeldWholeAreCutIntoPages(t *testing.T) {
	for _, c := range []struct {
		number, total, from, to int
		more                    bool
	}{{1, 0, 0, 0, false}, {1, 3, 0, 2, true}, {2, 3, 2, 3, false}, {2, 4, 2, 4, false}, {999_999_999, 3, 3, 3, false}} {
		from, to, found := wire.Slice(ledger.Page{Size: 2, Number: c.number}, c.total)
		if from != c.from || to != c.to || found != (ledger.PageInfo{Total: c.total, Count: c.to - c.from, More: c.more}) {
			t.Errorf("page %d of %d is %d to %d, %+v", c.number, c.total, from, to, found)
		}
	}
}

func TestSection6ListsHeldWholeCountTheirPages(t *testing.T) {
	q, err := wire.DecodePageQuery(params(t, "PageSize=2&Page=2"), env)
	if err != nil {
		t.Fatal(err)
	}
	_, _, found := wire.Slice(q.Page, 5)
	m := metadata(t, wire.List{Collection: wire.Campaigns, Path: "/p", Filters: q.Filters, Page: q.Page, Found: found})
	for name, number := range map[string]int{"@uri": 2, "@previouspageuri": 1, "@nextpageuri": 3, "@lastpageuri": 3} {
		_, query, _ := strings.Cut(m[name], "?")
		q, err := wire.DecodePageQuery(params(t, query), env)
		if err != nil || q.Page != (ledger.Page{Size: 2, Number: number}) {
			t.Errorf("%s gives %+v (%v)", m[name], q.Page, err)
		}
	}
}

func TestSection6AListThatIsTooLongSaysWhatToDo(t *testing.T) {
	checkFaults(t, wire.TooMany(ledger.Page{Size: 20_000, Most: 200_000}),
		"More than 200000 objects match: narrow the dates or raise PageSize")
}
