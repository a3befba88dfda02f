package httpapi_test

import (
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

func TestSection16Submissions(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "SUB")
	failed := s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=NONE&Quantity=1&Reason=ORDER_UPDATE&Stray=secret")
	s.submit(t, "DELETE", "/Actions", "ActionId="+action+"&DispositionCode=REJECTED")
	unbound := s.submit(t, "POST", "/Conversions", "CampaignId=1000&ActionTrackerId=2240&EventDate=NOW&MediaPartnerId=10006&Amount=1&OrderId=U")
	for name, ok := range map[string]bool{
		"a failed submission is complete with an error":    failed.Status == "Complete" && failed.ErrorType == "Validation" && failed.ErrorReason == "ITEM_NOT_FOUND",
		"the error message is a sentence":                  strings.HasSuffix(failed.ErrorMessage, "."),
		"the submission has its action":                    failed.ActionId == action && strings.HasSuffix(failed.ActionUri, "/Actions/"+action),
		"the payload has the known parameters":             failed.Payload == "ActionId="+action+"&Sku=NONE&Quantity=1&Reason=ORDER_UPDATE",
		"a partner without a contract is a contract error": unbound.ErrorType == "Contract Error" && unbound.ErrorReason == "PARTNER_NOT_ACTIVE" && unbound.ActionId == "",
	} {
		if !ok {
			t.Errorf("%s: %+v, %+v", name, failed, unbound)
		}
	}
	faulty := func(path, field string) exchange {
		return exchange{path: path, status: 400, has: []string{`"Field":"` + field + `"`}}
	}
	total := func(n string) []string { return []string{`"@total":"` + n + `"`} }
	of := "/APISubmissions?ActionId=" + action
	s.exchangeAll(t, map[string]exchange{
		"by ActionId":                     {path: of, has: total("3")},
		"by OrderId":                      {path: "/APISubmissions?OrderId=SUB", has: total("3")},
		"by Type Conversion":              {path: of + "&Type=Conversion", has: total("1")},
		"by Type Modification":            {path: of + "&Type=modification", has: total("1")},
		"by Type Reversal":                {path: of + "&Type=Reversal", has: total("1")},
		"by Status Complete":              {path: of + "&Status=Complete", has: total("3")},
		"by Status Queued":                {path: of + "&Status=Queued", has: total("0")},
		"by Status In Progress":           {path: of + "&Status=In%20Progress", has: total("0")},
		"by HasError":                     {path: of + "&HasError=true", has: total("1")},
		"by HasError=false":               {path: of + "&HasError=false", has: total("2")},
		"by dates":                        {path: of + "&StartDate=" + ago(1) + "&EndDate=" + ago(-1), has: total("3")},
		"by earlier dates":                {path: of + "&StartDate=" + ago(9) + "&EndDate=" + ago(1), has: total("0")},
		"a filter is limited to 45 days":  {path: "/APISubmissions?HasError=true", has: []string{"StartDate="}},
		"without a filter all are listed": {path: "/APISubmissions?PageSize=1", hasNot: []string{"StartDate="}},
		"newest first":                    {path: "/APISubmissions?PageSize=1", has: []string{`"OrderId":"U"`}},
		"an unknown Status":               faulty("/APISubmissions?Status=Done", "Status"),
		"an unknown Type":                 faulty("/APISubmissions?Type=Undo", "Type"),
		"HasError is true or false":       faulty("/APISubmissions?HasError=maybe", "HasError"),
		"dates both or neither":           faulty("/APISubmissions?StartDate="+ago(1), "EndDate"),
		"an unknown submission":           {path: "/APISubmissions/A-01a20fb9-0613-8028-bc35-000000000cd8", status: 404},
		"every version has its ActionId":  {path: of + "&IrVersion=11", has: []string{`"ActionId":"` + action + `"`, `"ErrorMessage":"`}},
	})
	inOrder(t, strings.TrimSuffix(strings.SplitN(s.exchange(t, exchange{path: of + "&Type=Reversal"}), `"APISubmission":[`, 2)[1], "]}"),
		wiretest.FieldNames("APISubmission"))
}
