package httpapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/inquiry"
)

// inquire creates an inquiry of the demo's account.
func (s *service) inquire(t *testing.T, order string) {
	t.Helper()
	_, err := s.store.CreateInquiry(t.Context(), demo.Account, time.Now(), inquiry.Claim{
		Campaign: 1000, Partner: 10001, Order: order, Date: time.Now().Add(-time.Hour), Type: inquiry.TypeUntracked,
	}, testEvent)
	if err != nil {
		t.Fatal(err)
	}
}

func TestSection18Inquiries(t *testing.T) {
	t.Parallel()
	s := serve(t)
	var known struct {
		Total string `json:"@total"`
	}
	for _, order := range []string{"INQ-1", "INQ-2", "INQ-3", "INQ-4"} {
		s.inquire(t, order)
	}
	s.read(t, "/ActionInquiries?PageSize=1", &known)
	id := func(order string) string {
		var l struct{ ActionInquiries []struct{ Id json.Number } }
		s.read(t, "/ActionInquiries?OrderId="+order, &l)
		return l.ActionInquiries[0].Id.String()
	}
	first, second := id("INQ-1"), id("INQ-2")
	put := func(path, body string, status int, has ...string) exchange {
		return exchange{method: http.MethodPut, path: path, contentType: form, body: body, status: status, has: has}
	}
	total := func(n string) []string { return []string{`"@total":"` + n + `"`} }
	s.exchangeAll(t, map[string]exchange{
		"all, newest first":                           {path: "/ActionInquiries?PageSize=1", has: []string{`"ActionInquiries":[{"Id":`, `"OrderId":"INQ-4"`}},
		"without CampaignId all campaigns are listed": {path: "/ActionInquiries?CampaignId=1000", has: total(known.Total)},
		"of another campaign":                         {path: "/ActionInquiries?CampaignId=1001", has: total("0")},
		"by MediaPartnerId and OrderId":               {path: "/ActionInquiries?MediaPartnerId=10001&OrderId=INQ-1", has: total("1")},
		"by another partner and OrderId":              {path: "/ActionInquiries?MediaPartnerId=10002&OrderId=INQ-1", has: total("0")},
		"by ResolutionStatus":                         {path: "/ActionInquiries?OrderId=INQ-1&ResolutionStatus=UNRESOLVED", has: total("1")},
		"by dates":                                    {path: "/ActionInquiries?OrderId=INQ-1&StartDate=" + ago(1) + "&EndDate=" + ago(-1), has: total("1")},
		"by dates of the order, before":               {path: "/ActionInquiries?OrderId=INQ-1&TransactionDateStart=" + ago(9) + "&TransactionDateEnd=" + ago(8), has: total("0")},
		"by a start alone":                            {path: "/ActionInquiries?OrderId=INQ-1&StartDate=" + ago(1), has: total("1")},
		"by an end alone":                             {path: "/ActionInquiries?OrderId=INQ-1&EndDate=" + ago(1), has: total("0")},
		"by years":                                    {path: "/ActionInquiries?OrderId=INQ-1&StartDate=" + ago(4000) + "&EndDate=" + ago(-400), has: total("1")},
		"by a start of the order alone":               {path: "/ActionInquiries?OrderId=INQ-1&TransactionDateStart=" + ago(400), has: total("1")},
		"an end before the start":                     {path: "/ActionInquiries?StartDate=" + ago(1) + "&EndDate=" + ago(2), status: 400, has: []string{`"Field":"EndDate"`}},
		"an unknown status":                           {path: "/ActionInquiries?ResolutionStatus=OPEN", status: 400, has: []string{`"Field":"ResolutionStatus"`}},
		"a page in XML":                               {path: "/ActionInquiries.xml?OrderId=INQ-1", has: []string{"<ActionInquiries page=\"1\"", "<ActionInquiry><Id>" + first + "</Id>"}},
		"one":                                         {path: "/ActionInquiries/" + first, has: []string{`{"Id":` + first + `,"CampaignId":1000,`, `"MediaPartnerId":10001,`, `"ExpectedPayout":0.00,`, `"Uri":"/Advertisers/` + demo.SID + `/ActionInquiries/` + first + `"`}},
		"an unknown inquiry":                          {path: "/ActionInquiries/99999", status: 404},
		"an invalid id":                               {path: "/ActionInquiries/0" + first, status: 404},
		"an unsupported method":                       {method: http.MethodDelete, path: "/ActionInquiries/" + first, status: 405},
		"a PUT without required parameters":           put("/ActionInquiries", "", 400, `"Field":"Id"`, `"Field":"ResolutionStatus"`),
		"a PUT of an unknown inquiry":                 put("/ActionInquiries", "Id=99999&ResolutionStatus=INCOMPLETE", 404, "There is no inquiry 99999"),
		"a path and a body that disagree":             put("/ActionInquiries/"+first, "Id="+second+"&ResolutionStatus=INCOMPLETE", 400, `"Field":"Id"`),
		"DECLINED without RejectReason":               put("/ActionInquiries", "Id="+first+"&ResolutionStatus=DECLINED", 400, `"Field":"RejectReason"`),
		"VALID without ActionTrackerId":               put("/ActionInquiries", "Id="+first+"&ResolutionStatus=VALID", 400, `"Field":"ActionTrackerId"`),
		"VALID with an unknown event type":            put("/ActionInquiries", "Id="+first+"&ResolutionStatus=VALID&ActionTrackerId=1&TransactionAmount=1", 400, `"Field":"ActionTrackerId"`),
		"a total that differs from the items":         put("/ActionInquiries", "Id="+first+"&ResolutionStatus=VALID&ActionTrackerId=2240&TransactionAmount=1&ItemSku1=A&ItemSubtotal1=2", 400, `"Field":"TransactionAmount"`),
		"a quantity of 0":                             put("/ActionInquiries", "Id="+first+"&ResolutionStatus=VALID&ActionTrackerId=2240&ItemSku1=A&ItemQty1=0&ItemSubtotal1=2", 400, `"Field":"ItemQty1"`),
		"numbers are strings in version 13":           {path: "/ActionInquiries/" + first + "?IrVersion=13", has: []string{`{"Id":"` + first + `","CampaignId":"1000",`, `"ExpectedPayout":"",`}},
		"a dry run of INCOMPLETE":                     put("/ActionInquiries", "Id="+first+"&ResolutionStatus=INCOMPLETE&DryRun=true", 200, `{"Status":"DRY_RUN","ActionInquiry":{"Id":`+first+`,`, `"ResolutionStatus":"INCOMPLETE"`, `"Errors":[]`),
		"a dry run of VALID":                          put("/ActionInquiries", "Id="+first+"&ResolutionStatus=VALID&ActionTrackerId=2240&TransactionAmount=10.00&DryRun=true", 200, `"ResolutionStatus":"VALID"`, `"After":{"Action":{`, `"DeltaAmount":10.00`),
		"a dry run of VALID in XML":                   put("/ActionInquiries.xml", "Id="+first+"&ResolutionStatus=VALID&ActionTrackerId=2240&TransactionAmount=10.00&DryRun=true", 200, `<Status>DRY_RUN</Status><ActionInquiry><Id>`+first+`</Id>`, `<After><Action>`),
		"an invalid dry run":                          put("/ActionInquiries", "Id="+first+"&ResolutionStatus=DECLINED&DryRun=true", 400, `"Field":"RejectReason"`),
		"a method override":                           {method: http.MethodPost, path: "/ActionInquiries/" + id("INQ-4"), contentType: form, body: "_method=PUT&ResolutionStatus=INCOMPLETE", has: []string{`"Status":"OK"`}},
		"DECLINED, in XML": {
			method: http.MethodPut, path: "/ActionInquiries/" + id("INQ-3") + ".xml", contentType: form, body: "ResolutionStatus=DECLINED&RejectReason=paid",
			has: []string{"<Status>OK</Status><Uri>/Advertisers/" + demo.SID + "/ActionInquiries/" + id("INQ-3") + "</Uri>"},
		},
	})
	s.exchange(t, put("/ActionInquiries", "Id="+second+"&ResolutionStatus=VALID&ActionTrackerId=2240&TransactionAmount=10.00&FinalPayout=3", 200, `{"Status":"OK","Uri":"/Advertisers/`+demo.SID+`/ActionInquiries/`+second+`"}`))
	s.settle()
	action := s.action(t, "INQ-2")
	s.exchange(t, exchange{path: "/Actions/" + action, has: []string{`"Payout":3.00,`, `"IntendedPayout":3.00,`, `"ReferringType":"ACTION_INQUIRY"`}})
	s.exchange(t, exchange{path: "/ActionUpdates?ActionId=" + action, has: []string{`"PayoutLevel":"ORDER"`}})
	s.exchange(t, exchange{path: "/ActionInquiries/" + second, has: []string{`"ActionId":"` + action + `"`, `"FinalPayout":3.00`}})
	s.inquire(t, "INQ-2")
	for _, dry := range []string{"", "&DryRun=true"} {
		body := "Id=" + id("INQ-2") + "&ResolutionStatus=VALID&ActionTrackerId=2240&TransactionAmount=10.00" + dry
		s.exchange(t, put("/ActionInquiries", body, 400, `"Field":"ResolutionStatus"`, action))
	}
	s.exchange(t, put("/Actions", "ActionId="+action+"&Sku=ORDER&Amount=20&Reason=ORDER_UPDATE", 200))
	s.settle()
	body := s.exchange(t, exchange{path: "/Actions/" + action, has: []string{`"IntendedPayout":3.00,`}})
	if strings.Contains(body, `"Payout":3.00,`) {
		t.Errorf("the modification is not priced by the terms: %s", body)
	}
}
