package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/verify"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// write returns a request with a form.
func write(method, path, body string, status int, has ...string) exchange {
	return exchange{method: method, path: path, contentType: form, body: body, status: status, has: has}
}

func done(path string) string {
	return `{"Status":"OK","Uri":"/Advertisers/` + demo.SID + path + `"}`
}

const groups = "/Campaigns/1000/MediaPartnerGroups"

func TestSection20PartnerGroups(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.exchange(t, exchange{path: groups, has: []string{`"@total":"0"`, `"Groups":[]`}})
	s.exchange(t, write(http.MethodPost, groups, "Name=Bloggers&MediaPartners=10003,10001", 0, done(groups+"/1")))
	s.exchange(t, exchange{path: groups + "/1", has: []string{
		`{"Id":"1","Name":"Bloggers","MediaPartners":[{"PartnerId":"10001","PartnerName":"`, `{"PartnerId":"10003","PartnerName":"Trailhead`,
		`"PartnerUri":"/Advertisers/` + demo.SID + `/MediaPartners/10003"}],"Uri":"/Advertisers/` + demo.SID + groups + `/1"}`,
	}})
	s.exchange(t, exchange{path: groups + "/1.xml", has: []string{"<Group><Id>1</Id><Name>Bloggers</Name><MediaPartners><MediaPartner><PartnerId>10001</PartnerId>"}})
	s.exchange(t, exchange{path: groups + ".xml", has: []string{`<Groups page="1" `, "<Group><Id>1</Id>"}})
	s.exchange(t, exchange{path: "/MediaPartners?GroupId=1", has: []string{`"@total":"2"`}})
	s.exchange(t, write(http.MethodPut, groups+"/1", "MediaPartnersAdd=10005,10001&MediaPartnersRemove=10003,7", 0, done(groups+"/1")))
	s.exchange(t, exchange{path: "/MediaPartners?GroupId=1", has: []string{`"@total":"2"`, `"Id":"10001"`, `"Id":"10005"`}, hasNot: []string{`"Id":"10003"`}})
	s.exchange(t, exchange{method: http.MethodPut, path: groups + "/1", contentType: "application/json", body: `{"Name":"Friends"}`, has: []string{done(groups + "/1")}})
	s.exchange(t, exchange{path: groups, has: []string{`"@total":"1"`, `"Name":"Friends","MediaPartners":[{"PartnerId":"10001"`}})
	s.exchange(t, exchange{method: http.MethodPost, path: groups + ".xml", contentType: form, body: "Name=Second", has: []string{"<Status>OK</Status><Uri>/Advertisers/" + demo.SID + groups + "/2</Uri>"}})
	many := strings.Repeat("1,", program.MaxGroupPartners) + "1"
	s.exchangeAll(t, map[string]exchange{
		"a group without Name":                 write(http.MethodPost, groups, "MediaPartners=10001", 400, `"Field":"Name","Message":"Required."`),
		"a long Name":                          write(http.MethodPost, groups, "Name="+strings.Repeat("x", 256), 400, `"Field":"Name"`),
		"a Name with a control character":      write(http.MethodPost, groups, "Name=a%07", 400, `"Field":"Name"`),
		"an id that is no number":              write(http.MethodPost, groups, "Name=a&MediaPartners=10001,x", 400, `"Field":"MediaPartners"`),
		"too many partners":                    write(http.MethodPost, groups, "Name=a&MediaPartners="+many, 400, `"Field":"MediaPartners","Message":"At most 2000 partners."`),
		"an unknown partner":                   write(http.MethodPost, groups, "Name=a&MediaPartners=7", 400, `"Field":"MediaPartners","Message":"There is no partner 7: add it or correct the id."`),
		"an unknown partner to add":            write(http.MethodPut, groups+"/2", "MediaPartnersAdd=7", 400, `"Field":"MediaPartnersAdd"`),
		"a partner to add and to remove":       write(http.MethodPut, groups+"/2", "MediaPartnersAdd=10001&MediaPartnersRemove=10001", 400, `"Field":"MediaPartnersRemove"`),
		"a change of nothing":                  write(http.MethodPut, groups+"/2", "", 400, `"Field":"Name"`),
		"a dry run":                            write(http.MethodPut, groups+"/2", "Name=a&DryRun=true", 400, `"Field":"DryRun"`),
		"a group of an unknown campaign":       write(http.MethodPost, "/Campaigns/7/MediaPartnerGroups", "Name=a", 404, "There is no campaign 7"),
		"groups of an unknown campaign":        {path: "/Campaigns/7/MediaPartnerGroups", status: 404, has: []string{"There is no campaign 7"}},
		"an unknown group":                     {path: groups + "/9", status: 404, has: []string{"There is no partner group 9 in campaign 1000"}},
		"a change of an unknown group":         write(http.MethodPut, groups+"/9", "Name=a", 404, "There is no partner group 9"),
		"a group of another campaign":          {path: "/Campaigns/1001/MediaPartnerGroups/1", status: 404},
		"partners of an unknown group":         {path: "/MediaPartners?GroupId=9", has: []string{`"@total":"0"`}},
		"an unsupported method":                {method: http.MethodDelete, path: groups, status: 405},
		"a method override":                    write(http.MethodPost, groups+"/2", "_method=PUT&Name=Third", 0, done(groups+"/2")),
		"an unknown parameter is only ignored": {method: http.MethodPut, path: groups + "/2", contentType: form, body: "MediaPartnersAdd=10001&Colour=red", wantHeader: map[string]string{"Trueup-Ignored-Parameters": "Colour"}},
	})
	s.exchange(t, write(http.MethodDelete, groups+"/1", "", 0, done(groups+"/1")))
	s.exchange(t, exchange{path: groups + "/1", status: 404})
	s.exchange(t, write(http.MethodDelete, groups+"/1", "", 404, "There is no partner group 1 in campaign 1000"))
	s.exchange(t, exchange{path: groups, has: []string{`"@total":"1"`, `"Id":"2"`}})
	s.exchange(t, exchange{path: "/MediaPartners?GroupId=1", has: []string{`"@total":"0"`}})
	s.exchange(t, write(http.MethodPost, groups, "Name=Bloggers", 0, done(groups+"/3"))) // ids aren't used again
}

func TestSection20PromoCodes(t *testing.T) {
	t.Parallel()
	s := serve(t)
	const newCode = "CampaignId=1000&AssignedPartnerId=10001&Code=Spring20&CreditPolicy=WINNER&Type=LI"
	s.exchange(t, exchange{path: "/PromoCodes", has: []string{`"@total":"4"`, `"PromoCodes":[{"Id":1,"Code":"BRIGHT5","Type":"","CreditPolicy":"","CampaignId":1000,`, `"StartDate":"","EndDate":"","State":"ACTIVE"`}})
	s.exchange(t, write(http.MethodPost, "/PromoCodes", newCode+"&StartDate=2026-01-01&DealId=5&DealName=Spring", 0, done("/PromoCodes/5")))
	s.exchange(t, exchange{path: "/PromoCodes/5", has: []string{
		`{"Id":5,"Code":"Spring20","Type":"LI","CreditPolicy":"WINNER","CampaignId":1000,"CampaignName":"Harbor Supply Co.","AssignedPartnerId":10001,`,
		`"StartDate":"2026-01-01T00:00:00-08:00","EndDate":"","State":"ACTIVE","DealId":5,"DealName":"Spring"`, `"SynchAdsPromoCodes":false,"Uri":"/Advertisers/` + demo.SID + `/PromoCodes/5"}`,
	}})
	s.exchange(t, exchange{path: "/PromoCodes/5.xml", has: []string{"<PromoCode><Id>5</Id><Code>Spring20</Code>"}})
	s.exchange(t, exchange{path: "/PromoCodes/5?IrVersion=11", has: []string{`{"Id":"5","Code":"Spring20"`, `"DiscountAmount":""`, `"SynchAdsPromoCodes":"false"`}})
	total := func(n string) []string { return []string{`"@total":"` + n + `"`} }
	s.exchangeAll(t, map[string]exchange{
		"by Code in another letter case":      {path: "/PromoCodes?Code=SPRING20", has: total("1")},
		"by CampaignId":                       {path: "/PromoCodes?CampaignId=7", has: total("0")},
		"by State":                            {path: "/PromoCodes?State=inactive", has: total("0")},
		"by a period before its start":        {path: "/PromoCodes?Code=Spring20&StartDate=2025-01-01&EndDate=2025-02-01", has: total("0")},
		"by a start alone":                    {path: "/PromoCodes?Code=Spring20&StartDate=2025-01-01", has: total("1")},
		"an unknown State":                    {path: "/PromoCodes?State=OPEN", status: 400, has: []string{`"Field":"State"`}},
		"pages":                               {path: "/PromoCodes.xml?PageSize=2", has: []string{`<PromoCodes page="1" numpages="3" pagesize="2" total="5"`}},
		"an unknown promo code":               {path: "/PromoCodes/99", status: 404, has: []string{"There is no promo code 99"}},
		"an id that is no number":             {path: "/PromoCodes/BRIGHT5", status: 404, has: []string{"There is no promo code BRIGHT5"}},
		"a new code without any parameter":    write(http.MethodPost, "/PromoCodes", "", 400, `"Field":"CampaignId"`, `"Field":"AssignedPartnerId"`, `"Field":"Code"`, `"Field":"Type"`, `"Field":"CreditPolicy"`),
		"unknown Type and CreditPolicy":       write(http.MethodPost, "/PromoCodes", "CampaignId=1000&AssignedPartnerId=10001&Code=A&CreditPolicy=X&Type=Y", 400, `"Field":"Type","Message":"Must be one of LI, RE."`, `"Field":"CreditPolicy"`),
		"a code with a blank":                 write(http.MethodPost, "/PromoCodes", strings.Replace(newCode, "Spring20", "A+B", 1), 400, `"Field":"Code"`),
		"a long code":                         write(http.MethodPost, "/PromoCodes", strings.Replace(newCode, "Spring20", strings.Repeat("A", 256), 1), 400, `"Field":"Code"`),
		"a code that is assigned":             write(http.MethodPost, "/PromoCodes", strings.Replace(newCode, "Spring20", "spring20", 1), 400, `"Field":"Code","Message":"It is assigned to partner 10001: delete /PromoCodes/5 first."`),
		"an unknown partner":                  write(http.MethodPost, "/PromoCodes", "CampaignId=1000&AssignedPartnerId=7&Code=A&CreditPolicy=ALWAYS&Type=RE", 400, `"Field":"AssignedPartnerId"`),
		"an unknown campaign":                 write(http.MethodPost, "/PromoCodes", "CampaignId=7&AssignedPartnerId=10001&Code=A&CreditPolicy=ALWAYS&Type=RE", 400, `"Field":"CampaignId"`),
		"an end before the start":             write(http.MethodPost, "/PromoCodes", "CampaignId=1000&AssignedPartnerId=10001&Code=A&CreditPolicy=ALWAYS&Type=RE&StartDate=2026-02-01&EndDate=2026-01-01", 400, `"Field":"EndDate"`),
		"a malformed date":                    write(http.MethodPost, "/PromoCodes", newCode+"&EndDate=soon", 400, `"Field":"EndDate"`),
		"a PUT":                               {method: http.MethodPut, path: "/PromoCodes/5", status: 405},
		"the deletion of an unknown code":     write(http.MethodDelete, "/PromoCodes/99", "", 404, "There is no promo code 99"),
		"the deletion of a code as a dry run": write(http.MethodDelete, "/PromoCodes/5", "DryRun=true", 400, `"Field":"DryRun"`),
	})
}

func TestSection20APromoCodeCreditsUntilItIsDeleted(t *testing.T) {
	t.Parallel()
	s := serve(t)
	assign := func(partner, more string) exchange {
		return write(http.MethodPost, "/PromoCodes", "CampaignId=1000&AssignedPartnerId="+partner+"&Code=NEW&CreditPolicy=ALWAYS&Type=RE"+more, 0, done("/PromoCodes/5"))
	}
	order := func(id, date string) submission {
		return s.submit(t, http.MethodPost, "/Conversions", "CampaignId=1000&ActionTrackerId=2240&PromoCode=new&ItemSku1=A&ItemSubTotal1=10&OrderId="+id+"&EventDate="+date)
	}
	early := ago(1)
	s.exchange(t, assign("10001", ""))
	if r := order("P-1", "NOW"); r.ErrorReason != "" {
		t.Fatalf("an order with the code: %+v", r)
	}
	s.exchange(t, exchange{path: "/Actions?Oid=P-1", has: []string{`"MediaPartnerId":10001,`, `"ReferringType":"PROMOCODE"`}})
	s.exchange(t, write(http.MethodDelete, "/PromoCodes/5", "", 0, done("/PromoCodes/5")))
	s.exchange(t, write(http.MethodDelete, "/PromoCodes/5", "", 0, done("/PromoCodes/5")))
	s.exchange(t, exchange{path: "/PromoCodes/5", has: []string{`"State":"INACTIVE"`}})
	s.exchange(t, exchange{path: "/PromoCodes?State=ACTIVE&Code=NEW", has: []string{`"@total":"0"`}})
	if r := order("P-2", "NOW"); r.ErrorReason != "" {
		t.Errorf("an order after the deletion: %+v", r)
	}
	s.exchange(t, exchange{path: "/Actions?Oid=P-2", has: []string{`"ReferringType":"REPORTED_PARTNER_ID"`}}) // the fallback partner
	if r := order("P-3", early); r.ErrorReason != "" {
		t.Errorf("an order from before the deletion, reported late: %+v", r)
	}
	s.exchange(t, exchange{path: "/Actions?Oid=P-1", has: []string{`"MediaPartnerId":10001,`}})
	s.exchange(t, write(http.MethodPost, "/PromoCodes", "CampaignId=1000&AssignedPartnerId=10003&Code=NEW&CreditPolicy=ALWAYS&Type=RE&StartDate=2026-01-01", 400, `"Field":"StartDate"`))
	s.exchange(t, assign("10003", ""))
	if r := order("P-4", "NOW"); r.ErrorReason != "" {
		t.Fatalf("an order with the code assigned again: %+v", r)
	}
	s.exchange(t, exchange{path: "/Actions?Oid=P-4", has: []string{`"MediaPartnerId":10003,`}})
	s.exchange(t, write(http.MethodPost, "/PromoCodes", "CampaignId=1000&AssignedPartnerId=10003&Code=LATER&CreditPolicy=ALWAYS&Type=RE&StartDate=2990-01-01", 0))
	s.exchange(t, write(http.MethodDelete, "/PromoCodes/6", "", 0))
	s.exchange(t, exchange{path: "/PromoCodes/6", has: []string{`"StartDate":"2990-01-01T00:00:00-08:00","EndDate":"2990-01-01T00:00:00-08:00","State":"INACTIVE"`}})
	if violations, err := verify.Store(t.Context(), s.store, ledger.Decide); len(violations) != 0 || err != nil {
		t.Errorf("verify: %v, %v", violations, err)
	}
}

func TestSection20PartnerValues(t *testing.T) {
	t.Parallel()
	s := serve(t)
	const path = "/MediaPartners/10005"
	s.exchange(t, write(http.MethodPut, path, "MPValue1=crm-1&MPValue3=gold", 0, done(path)))
	s.exchange(t, exchange{path: path, has: []string{`"Name":"Kitchen Stories"`, `"PartnerValues":{"Value1":"crm-1","Value2":"","Value3":"gold"}`}})
	s.exchange(t, exchange{path: path + ".xml", has: []string{"<PartnerValues><Value1>crm-1</Value1><Value2></Value2>"}})
	s.exchange(t, write(http.MethodPut, path, "MPValue1=&MPValue2=two", 0, done(path)))
	s.exchange(t, exchange{path: path, has: []string{`"PartnerValues":{"Value1":"","Value2":"two","Value3":"gold"}`}})
	s.exchangeAll(t, map[string]exchange{
		"no value":           write(http.MethodPut, path, "", 400, `"Field":"MPValue1"`),
		"a long value":       write(http.MethodPut, path, "MPValue2="+strings.Repeat("x", 256), 400, `"Field":"MPValue2","Message":"At most 255 characters."`),
		"an unknown partner": write(http.MethodPut, "/MediaPartners/7", "MPValue2=a", 404, "There is no partner 7"),
	})
}

func TestSection20Clicks(t *testing.T) {
	t.Parallel()
	s := serve(t)
	const path = "/Campaigns/1000/Clicks/demo-click-1"
	s.exchangeAll(t, map[string]exchange{
		"a click": {path: path, has: []string{
			`{"Id":"demo-click-1","CampaignId":1000,"CampaignName":"Harbor Supply Co.","ProfileId":"","IpAddress":"","EventDate":"2026-01-15T09:30:00-08:00","MediaId":10003,`,
			`"BrandRelated":{"AdCampaign":"","AdGroup":"","Keyword":"","MatchType":"","Channel":""}`, `"PartnerRelated":{"SubId1":"","SubId2":"","SubId3":""}`, `"Uri":"/Advertisers/` + demo.SID + path + `"}`,
		}},
		"a click in XML, version 11":  {path: path + ".xml?IrVersion=11", has: []string{"<Click><Id>demo-click-1</Id><CampaignId>1000</CampaignId>", "<AdId></AdId>"}},
		"an unknown click":            {path: "/Campaigns/1000/Clicks/x", status: 404, has: []string{"There is no click x in campaign 1000"}},
		"a click of another campaign": {path: "/Campaigns/7/Clicks/demo-click-1", status: 404, has: []string{"There is no campaign 7"}},
	})
}

// TestSection22WritesOfReferenceDataTakeKeys repeats each write with a key.
func TestSection22WritesOfReferenceDataTakeKeys(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, e := range []exchange{
		write(http.MethodPost, groups, "Name=One", 0, done(groups+"/1")),
		write(http.MethodPut, groups+"/1", "MediaPartnersAdd=10001", 0, done(groups+"/1")),
		write(http.MethodPost, "/PromoCodes", "CampaignId=1000&AssignedPartnerId=10001&Code=KEY&CreditPolicy=WINNER&Type=LI", 0, done("/PromoCodes/5")),
		write(http.MethodDelete, "/PromoCodes/5", "", 0, done("/PromoCodes/5")),
		write(http.MethodPut, "/MediaPartners/10001", "MPValue1=a", 0, done("/MediaPartners/10001")),
		write(http.MethodDelete, groups+"/1", "", 0, done(groups+"/1")),
	} {
		e.header = map[string]string{"Idempotency-Key": e.method + e.path}
		e.wantHeader = map[string]string{"Idempotency-Replayed": ""}
		s.exchange(t, e)
		e.wantHeader = map[string]string{"Idempotency-Replayed": "true"}
		s.exchange(t, e)
		e.body, e.status, e.has, e.wantHeader = e.body+"&MPValue2=b&Name=Two", 409, []string{"use another key"}, nil
		s.exchange(t, e)
	}
	s.exchange(t, exchange{path: groups, has: []string{`"@total":"0"`}})
	s.exchange(t, exchange{path: "/PromoCodes", has: []string{`"@total":"5"`}})
	events, err := s.store.AuditEvents(t.Context(), demo.Account, 0, 6)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range events {
		got = append(got, string(e.Operation)+" "+e.Subject)
		if e.Actor.Source != store.SourceAPI || e.Actor.ID != demo.SID {
			t.Errorf("the actor of %s is %+v", e.Subject, e.Actor)
		}
	}
	want := "end partner group 1; record partner 10001; end promo code 1000/KEY; record promo code 1000/KEY; record partner group 1; record partner group 1"
	if text := strings.Join(got, "; "); text != want {
		t.Errorf("audit events are %q, want %q", text, want)
	}
}
