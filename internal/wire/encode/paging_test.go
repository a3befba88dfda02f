package encode_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

// metadata returns the JSON metadata of a list.
func metadata(t *testing.T, l encode.List) map[string]string {
	t.Helper()
	e := encode.Encoder{Format: wire.JSON, Version: 14, SID: sid, Now: now}
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

func TestSection6APageURIReturnsItsPageEvenWithParametersAppended(t *testing.T) {
	const asked = "CampaignId=1000&StartDate=2026-09-01T00:00:00+0000&EndDate=2026-10-01&State=PENDING&PageSize=2&Page=3&IrVersion=13&strange=1"
	p := wiretest.Params(t, asked)
	if _, err := wire.Version(p, "", 14); err != nil {
		t.Fatal(err)
	}
	q, err := query.DecodeActions(p, env)
	if err != nil {
		t.Fatal(err)
	}
	list := encode.List{
		Collection: encode.Actions, Path: "/Advertisers/" + sid + "/Actions.json", Filters: q.Filters, Page: q.Page,
		Info: search.PageInfo{Total: 9, Count: 2, First: 50, Last: 40, More: true},
	}
	m := metadata(t, list)
	for name, want := range map[string]search.Page{
		"@uri":             {Number: 3},
		"@firstpageuri":    {Number: 1},
		"@previouspageuri": {Number: 2, Above: 50},
		"@nextpageuri":     {Number: 4, Below: 40},
		"@lastpageuri":     {Number: 5},
	} {
		want.Size, want.MaxTotal = 2, 20_000
		path, parameters, _ := strings.Cut(m[name], "?")
		if path != list.Path || !strings.Contains(parameters, "IrVersion=13") || strings.Contains(parameters, "strange") {
			t.Errorf("%s is %s", name, m[name])
		}
		for _, parameters := range []string{parameters, parameters + "&" + asked, asked + "&" + parameters} {
			p := wiretest.Params(t, parameters)
			again, err := query.DecodeActions(p, env)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if diff := cmp.Diff(q.Filter, again.Filter) + cmp.Diff(want, again.Page); diff != "" {
				t.Errorf("%s with %s: %s", name, parameters, diff)
			}
		}
		q := decodePage(t, parameters)
		page := list
		page.Page, page.Filters = q.Page, q.Filters
		if got := metadata(t, page)["@uri"]; got != m[name] {
			t.Errorf("the page of %s has the URI %s", m[name], got)
		}
		counted := strings.Replace(parameters, "&Page=", "&Page=7&ignored=", 1)
		if again, err := query.DecodeActions(wiretest.Params(t, counted), env); err != nil ||
			again.Page != (search.Page{Size: 2, Number: 7, MaxTotal: 20_000}) {
			t.Errorf("%s with another Page gives %+v (%v)", name, again.Page, err)
		}
	}
}

// decodePage decodes the query string of a page URI as the handler does.
func decodePage(t *testing.T, parameters string) query.List[search.ActionFilter] {
	t.Helper()
	p := wiretest.Params(t, parameters)
	if _, err := wire.Version(p, "", 14); err != nil {
		t.Fatal(err)
	}
	q, err := query.DecodeActions(p, env)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestSection6PageURIsPinTheDefaultRange(t *testing.T) {
	q, err := query.DecodeActions(wiretest.Params(t, "CampaignId=1"), env)
	if err != nil {
		t.Fatal(err)
	}
	later := env
	later.Now = now.Add(time.Hour)
	again, err := query.DecodeActions(wiretest.Params(t, q.Filters), later)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(q.Filter.Updated, again.Filter.Updated); diff != "" {
		t.Error(diff)
	}
}

func TestSection6AnEditedCursorIsRejected(t *testing.T) {
	q, err := query.DecodeActions(wiretest.Params(t, "Oid=1"), env)
	if err != nil {
		t.Fatal(err)
	}
	m := metadata(t, encode.List{
		Collection: encode.Actions, Path: "/Actions", Filters: q.Filters, Page: q.Page,
		Info: search.PageInfo{Total: 30_000, Count: 20_000, First: 50, Last: 40, More: true},
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
			if _, err := query.DecodeActions(wiretest.Params(t, "Cursor="+changed), env); err == nil {
				t.Errorf("%s, an edited %s, is accepted", changed, cursor)
			}
		}
	}
}

func TestSection6AListDescribesItsPage(t *testing.T) {
	cases := map[string]struct {
		page search.Page
		info search.PageInfo
		want string // page, numpages, pagesize, total, start, end
		none []string
	}{
		"an empty list": {
			search.Page{Size: 100, Number: 1},
			search.PageInfo{},
			"1 0 100 0 0 0",
			[]string{"@firstpageuri", "@previouspageuri", "@nextpageuri", "@lastpageuri"},
		},
		"the only page": {
			search.Page{Size: 100, Number: 1},
			search.PageInfo{Total: 7, Count: 7, First: 9, Last: 3},
			"1 1 100 7 0 6",
			[]string{"@previouspageuri", "@nextpageuri"},
		},
		"a middle page": {
			search.Page{Size: 2, Number: 2}, search.PageInfo{Total: 5, Count: 2, First: 9, Last: 3, More: true}, "2 3 2 5 2 3", nil,
		},
		"the last page": {
			search.Page{Size: 2, Number: 3},
			search.PageInfo{Total: 5, Count: 1, First: 9, Last: 9},
			"3 3 2 5 4 4",
			[]string{"@nextpageuri"},
		},
		"a page past the end": {
			search.Page{Size: 2, Number: 9}, search.PageInfo{Total: 5}, "9 3 2 5 0 0", []string{"@nextpageuri"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			m := metadata(t, encode.List{Collection: encode.Submissions, Path: "/p", Page: c.page, Info: c.info})
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

func TestSection6AListInMemoryHasCountedPages(t *testing.T) {
	q, err := query.DecodePage(wiretest.Params(t, "PageSize=2&Page=2"), env)
	if err != nil {
		t.Fatal(err)
	}
	_, _, info := query.Bounds(q.Page, 5)
	m := metadata(t, encode.List{Collection: encode.Campaigns, Path: "/p", Filters: q.Filters, Page: q.Page, Info: info})
	for name, number := range map[string]int{"@uri": 2, "@previouspageuri": 1, "@nextpageuri": 3, "@lastpageuri": 3} {
		_, parameters, _ := strings.Cut(m[name], "?")
		q, err := query.DecodePage(wiretest.Params(t, parameters), env)
		if err != nil || q.Page != (search.Page{Size: 2, Number: number}) {
			t.Errorf("%s gives %+v (%v)", m[name], q.Page, err)
		}
	}
}
