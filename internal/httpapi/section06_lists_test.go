package httpapi_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/demo"
)

func TestSection06Lists(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.action(t, demo.ExampleOrder)
	none := []string{`"@page":"1","@numpages":"0","@pagesize":"1000","@total":"0","@start":"0","@end":"0"`, `"@firstpageuri":"","@previouspageuri":"","@nextpageuri":"","@lastpageuri":""`}
	page := func(uri string) string { return `="/Advertisers/` + demo.SID + uri }
	keyed := func(path, key, element string) (inJSON, inXML exchange) {
		return exchange{path: path, has: []string{`,"` + key + `":[{`}}, exchange{path: strings.Replace(path, "?", ".xml?", 1), has: []string{"><" + element + ">"}}
	}
	rows := map[string]exchange{
		"metadata are strings":                {path: "/MediaPartners?PageSize=2", has: []string{`{"@page":"1","@numpages":"3","@pagesize":"2","@total":"6","@start":"0","@end":"1","@uri":"`}},
		"start and end count from 0":          {path: "/MediaPartners?PageSize=2&Page=3", has: []string{`"@page":"3",`, `"@start":"4","@end":"5"`, `"@nextpageuri":""`}},
		"XML has them as attributes":          {path: "/MediaPartners.xml?PageSize=2", has: []string{`<Partners page="1" numpages="3" pagesize="2" total="6" start="0" end="1" uri` + page("/MediaPartners.xml?PageSize=2")}},
		"the first page has no previous page": {path: "/MediaPartners?PageSize=2", has: []string{`"@previouspageuri":""`}},
		"page URIs carry the filters":         {path: "/MediaPartners?State=ACTIVE&PageSize=2", has: []string{`"@nextpageuri":"/Advertisers/` + demo.SID + `/MediaPartners?State=ACTIVE&PageSize=2&Page=2&Cursor=`}},
		"an empty list":                       {path: "/MediaPartners?State=NONE", has: append(none, `"Partners":[]`)},
		"an empty list in XML":                {path: "/MediaPartners.xml?State=NONE", has: []string{`<Partners page="1" numpages="0"`, `></Partners>`}},
		"a page past the end is empty":        {path: "/MediaPartners?Page=9&PageSize=2", has: []string{`"@total":"6"`, `"Partners":[]`}},
		"pages count from 1":                  {path: "/MediaPartners?Page=0", status: 400, has: []string{`"Field":"Page"`}},
		"a page is a number":                  {path: "/MediaPartners?Page=two", status: 400, has: []string{`"Field":"Page"`}},
		"page sizes start at 1":               {path: "/MediaPartners?PageSize=0", status: 400, has: []string{`"Field":"PageSize"`}},
		"the default is 1,000":                {path: "/APISubmissions", has: []string{`"@pagesize":"1000"`}},
		"the default for actions is 20,000":   {path: "/Actions", has: []string{`"@pagesize":"20000"`}},
		"the default for updates is 20,000":   {path: "/ActionUpdates?ActionId=" + action, has: []string{`"@pagesize":"20000"`}},
		"a page size of 1":                    {path: "/Actions?PageSize=1", has: []string{`"@pagesize":"1"`}},
		"larger ones are reduced to 20,000":   {path: "/APISubmissions?PageSize=20001&Status=Queued", has: []string{`"@pagesize":"20000"`}},
		"much larger ones are reduced":        {path: "/Campaigns?PageSize=99999999999999999999", has: []string{`"@pagesize":"20000"`}},
		"a truncated cursor":                  {path: "/MediaPartners?Cursor=bgEA", status: 400, has: []string{`"Field":"Cursor"`}},
	}
	for name, of := range map[string][3]string{
		"actions": {"/Actions?Oid=EXAMPLE-A", "Actions", "Action"}, "items": {"/Actions/" + action + "/Items?", "ActionItems", "ActionItem"},
		"updates": {"/ActionUpdates?ActionId=" + action, "ActionUpdates", "ActionUpdate"}, "submissions": {"/APISubmissions?PageSize=1", "APISubmission", "APISubmission"},
		"campaigns": {"/Campaigns?", "Campaigns", "Campaign"}, "partners": {"/MediaPartners?", "Partners", "Partner"},
		"contracts": {"/Campaigns/1000/Contracts?", "Contracts", "Contract"},
	} {
		rows["the key of "+name], rows["the element of "+name] = keyed(of[0], of[1], of[2])
	}
	s.exchangeAll(t, rows)
}

// partnerPage is a page of partners.
type partnerPage struct {
	Page     string `json:"@page"`
	Previous string `json:"@previouspageuri"`
	Next     string `json:"@nextpageuri"`
	Last     string `json:"@lastpageuri"`
	First    string `json:"@firstpageuri"`
	Partners []struct{ Id string }
}

// partners returns the page with the URI and the ids of its partners.
func (s *service) partners(t *testing.T, uri string) (l partnerPage, ids string) {
	t.Helper()
	s.read(t, strings.TrimPrefix(uri, "/Advertisers/"+demo.SID), &l)
	for _, p := range l.Partners {
		ids += p.Id + " "
	}
	return l, strings.TrimSpace(ids)
}

func TestSection06PageURIsLeadForwardsAndBackwards(t *testing.T) {
	t.Parallel()
	s := serve(t)
	first, ids := s.partners(t, "/MediaPartners.json?PageSize=2")
	second, next := s.partners(t, first.Next)
	third, last := s.partners(t, second.Next)
	if ids != "10001 10002" || next != "10003 10004" || last != "10005 10006" || third.Next != "" {
		t.Errorf("pages are %q, %q, %q, then %q", ids, next, last, third.Next)
	}
	for uri, want := range map[string]string{
		third.Previous: next, second.Previous: ids, first.Last: last, third.First: ids,
		second.Next + "&PageSize=2": last, // with repeated parameters
		second.Next + "&Page=2":     last, // with the current page
	} {
		if _, got := s.partners(t, uri); got != want {
			t.Errorf("%s has %q, want %q", uri, got, want)
		}
	}
}

func TestSection06LongListsRequireNarrowerDates(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.exchangeAll(t, map[string]exchange{
		"page sizes of 2,000 allow 20,000 objects": {path: "/Actions?PageSize=2000", has: []string{`"@total":"3004"`}},
		"other lists have no such limit":           {path: "/APISubmissions?PageSize=1", has: []string{`"@pagesize":"1"`}},
	})
	page := `"@numpages":"` + strconv.Itoa((3004+499)/500) + `"`
	s.exchange(t, exchange{method: http.MethodGet, path: "/Actions?PageSize=500", has: []string{page}})
}
