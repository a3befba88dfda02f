package httpapi_test

import (
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

func TestSection15ActionUpdates(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "UPD")
	first := s.firstUpdate(t, action)
	inOrder(t, s.exchange(t, exchange{path: "/ActionUpdates/" + first}), wiretest.FieldNames("ActionUpdate"))
	s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=WICK&Quantity=0&Reason=ORDER_UPDATE")
	faulty := func(path, field string) exchange {
		return exchange{path: path, status: 400, has: []string{`"Field":"` + field + `"`}}
	}
	of := "/ActionUpdates?ActionId=" + action
	s.exchangeAll(t, map[string]exchange{
		"one for each item when it is tracked":   {path: of, has: []string{`"@total":"3"`, `"Disposition":"IR_BLANK","DeltaPayout":0.77,"DeltaAmount":19.27,`}},
		"one for each item that changes":         {path: of, has: []string{`"Disposition":"ORDER_UPDATE","DeltaPayout":-0.11,"DeltaAmount":-2.72,"Currency":"USD","Category":"","Sku":"WICK","Quantity":"0"`}},
		"the id is the action's and a number":    {path: "/ActionUpdates/" + first, has: []string{`{"Id":"` + action + `.`}},
		"level, rate and contract of the payout": {path: "/ActionUpdates/" + first, has: []string{`"PayoutLevel":"ITEM","DefaultPayoutRate":"4","ContractId":"S-3240326"`}},
		"the details of a state":                 {path: "/ActionUpdates/" + first, has: []string{`"State":"PENDING","StateDetail":"","StateDetailDescription":"Pending"`}},
		"by campaign":                            {path: of + "&CampaignId=1000", has: []string{`"@total":"3"`}},
		"by another campaign":                    {path: of + "&CampaignId=7", has: []string{`"@total":"0"`}},
		"by State":                               {path: of + "&State=REVERSED", has: []string{`"@total":"0"`}},
		"by update date":                         {path: of + "&StartDate=" + ago(1) + "&EndDate=" + ago(-1), has: []string{`"@total":"3"`}},
		"by earlier update dates":                {path: of + "&StartDate=" + ago(3) + "&EndDate=" + ago(1), has: []string{`"@total":"0"`}},
		"by event date":                          {path: of + "&ActionDateStart=" + ago(1) + "&ActionDateEnd=" + ago(-1), has: []string{`"@total":"3"`}},
		"by locking date":                        {path: of + "&LockingDateStart=" + ago(-725) + "&LockingDateEnd=" + ago(-735), has: []string{`"@total":"3"`}},
		"without CampaignId: all campaigns":      {path: "/ActionUpdates?PageSize=1"},
		"dates both or neither":                  faulty("/ActionUpdates?StartDate="+ago(1), "EndDate"),
		"at most 45 days apart":                  faulty("/ActionUpdates?StartDate="+ago(60)+"&EndDate="+ago(1), "EndDate"),
		"an invalid ActionId":                    faulty("/ActionUpdates?ActionId=5", "ActionId"),
		"an unknown State":                       faulty("/ActionUpdates?State=LOST", "State"),
		"an unknown update":                      {path: "/ActionUpdates/" + action + ".999999", status: 404},
		"an invalid id":                          {path: "/ActionUpdates/" + action, status: 404},
	})
	body := s.exchange(t, exchange{path: of})
	if newest, oldest := strings.Index(body, `"ORDER_UPDATE"`), strings.Index(body, `"IR_BLANK"`); newest > oldest {
		t.Errorf("the newest is not first: %s", body)
	}
	s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Reason=HAND_CHECKED")
	s.submit(t, "DELETE", "/Actions", "ActionId="+action+"&DispositionCode=OTHER")
	s.exchangeAll(t, map[string]exchange{
		"an update doesn't follow the action":      {path: "/ActionUpdates/" + first, has: []string{`"State":"PENDING","StateDetail":"","StateDetailDescription":"Pending",`}},
		"State selects by the state as it was":     {path: of + "&State=PENDING", has: []string{`"@total":"4"`}},
		"the update that reversed has its own":     {path: of + "&State=REVERSED", has: []string{`"@total":"1"`, `"StateDetailDescription":"Reversed/OTHER"`}},
		"a custom disposition is described":        {path: of, has: []string{`"StateDetailDescription":"Pending/Checked by hand"`}},
		"the action itself has its present detail": {path: "/Actions/" + action, has: []string{`"State":"REVERSED"`, `"StateDetail":""`}},
	})
}
