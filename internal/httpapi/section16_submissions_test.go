package httpapi_test

import (
	"strings"
	"testing"
)

func TestSection16Submissions(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "SUB")
	failed := s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=NONE&Quantity=1&Reason=ORDER_UPDATE&Stray=secret")
	s.submit(t, "DELETE", "/Actions", "ActionId="+action+"&DispositionCode=REJECTED")
	unbound := s.submit(t, "POST", "/Conversions", "CampaignId=1000&ActionTrackerId=2240&EventDate=NOW&MediaPartnerId=10006&Amount=1&OrderId=U")
	for says, holds := range map[string]bool{
		"a failed one is complete with an error":  failed.Status == "Complete" && failed.ErrorType == "Validation" && failed.ErrorReason == "ITEM_NOT_FOUND",
		"it says in a sentence what is wrong":     strings.HasSuffix(failed.ErrorMessage, "."),
		"it names its action":                     failed.ActionId == action && strings.HasSuffix(failed.ActionUri, "/Actions/"+action),
		"the payload is what was sent and read":   failed.Payload == "ActionId="+action+"&Sku=NONE&Quantity=1&Reason=ORDER_UPDATE",
		"a partner out of contract is one of its": unbound.ErrorType == "Contract Error" && unbound.ErrorReason == "PARTNER_NOT_ACTIVE" && unbound.ActionId == "",
	} {
		if !holds {
			t.Errorf("%s: %+v, %+v", says, failed, unbound)
		}
	}
	faulty := func(path, field string) exchange {
		return exchange{path: path, status: 400, has: []string{`"Field":"` + field + `"`}}
	}
	total := func(n string) []string { return []string{`"@total":"` + n + `"`} }
	of := "/APISubmissions?ActionId=" + action
	s.hold(t, map[string]exchange{
		"by ActionId":                    {path: of, has: total("3")},
		"by OrderId, whatever named it":  {path: "/APISubmissions?OrderId=SUB", has: total("3")},
		"by Type Conversion":             {path: of + "&Type=Conversion", has: total("1")},
		"by Type Modification":           {path: of + "&Type=modification", has: total("1")},
		"by Type Reversal":               {path: of + "&Type=Reversal", has: total("1")},
		"by Status Complete":             {path: of + "&Status=Complete", has: total("3")},
		"by Status Queued":               {path: of + "&Status=Queued", has: total("0")},
		"by Status In Progress":          {path: of + "&Status=In%20Progress", has: total("0")},
		"by HasError":                    {path: of + "&HasError=true", has: total("1")},
		"by no error":                    {path: of + "&HasError=false", has: total("2")},
		"by dates":                       {path: of + "&StartDate=" + ago(1) + "&EndDate=" + ago(-1), has: total("3")},
		"by dates before":                {path: of + "&StartDate=" + ago(9) + "&EndDate=" + ago(1), has: total("0")},
		"a filter covers 45 days":        {path: "/APISubmissions?HasError=true", has: []string{"StartDate="}},
		"no filter covers all":           {path: "/APISubmissions?PageSize=1", hasNot: []string{"StartDate="}},
		"newest first":                   {path: "/APISubmissions?PageSize=1", has: []string{`"OrderId":"U"`}},
		"a Status that is none":          faulty("/APISubmissions?Status=Done", "Status"),
		"a Type that is none":            faulty("/APISubmissions?Type=Undo", "Type"),
		"HasError is true or false":      faulty("/APISubmissions?HasError=maybe", "HasError"),
		"dates both or neither":          faulty("/APISubmissions?StartDate="+ago(1), "EndDate"),
		"one that does not exist":        {path: "/APISubmissions/A-01a20fb9-0613-8028-bc35-000000000cd8", status: 404},
		"every version has its ActionId": {path: of + "&IrVersion=11", has: []string{`"ActionId":"` + action + `"`, `"ErrorMessage":"`}},
	})
	inOrder(t, strings.TrimSuffix(strings.SplitN(s.exchange(t, exchange{path: of + "&Type=Reversal"}), `"APISubmission":[`, 2)[1], "]}"),
		"BatchId AccountId SubmissionDate CampaignId ActionTrackerId MediaPartnerId EventCode OrderId Payload Type Status CompletionDate "+
			"ErrorType ErrorReason ErrorMessage ActionId ActionUri Uri")
}
