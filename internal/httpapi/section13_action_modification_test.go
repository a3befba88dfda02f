package httpapi_test

import (
	"strings"
	"testing"
)

func TestSection13ActionModificationsThatTheRequestAloneRefuses(t *testing.T) {
	t.Parallel()
	s := serve(t)
	const of = "ActionTrackerId=2240&OrderId=EXAMPLE-A&"
	faulty := func(field, body string) exchange {
		return exchange{method: "PUT", path: "/Actions", contentType: form, body: of + body, status: 400, has: []string{`"Field":"` + field + `"`}}
	}
	s.hold(t, map[string]exchange{
		"no Reason":                            faulty("Reason", "Amount=5"),
		"Reason and DispositionCode disagree":  faulty("DispositionCode", "Amount=5&Reason=OTHER&DispositionCode=CONS_FRAUD"),
		"a Reason and nothing that changes":    faulty("Amount", "Reason=ITEM_RETURNED"),
		"RESET with an amount":                 faulty("Reason", "Reason=RESET&Amount=5"),
		"State, which DELETE is for":           faulty("State", "Reason=OTHER&State=REVERSED"),
		"an amount below zero":                 faulty("Amount", "Reason=OTHER&Amount=-1"),
		"an amount without a word":             faulty("Amount", "Reason=OTHER&Amount="),
		"a reason of 65 characters":            faulty("Reason", "Amount=5&Reason="+longText[:65]),
		"a rebate whose Sku was forgotten":     faulty("Sku", "Reason=ORDER_UPDATE&Rebate=1"),
		"a category whose Sku was forgotten":   faulty("Sku", "Reason=ORDER_UPDATE&Amount=1&Category=x"),
		"a change whose Sku was forgotten":     faulty("Sku", "Reason=ORDER_UPDATE&ItemSubTotalDelta=1"),
		"a currency that is none":              faulty("currencyCode", "Reason=OTHER&Amount=1&currencyCode=DOLLAR"),
		"an update that is none":               faulty("ExpectedUpdateId", "Reason=OTHER&Amount=1&ExpectedUpdateId=7"),
		"DispositionCode in place of a Reason": {method: "PUT", path: "/Actions", contentType: form, body: of + "Amount=21.99&DispositionCode=OTHER"},
	})
}

func TestSection13ActionModificationsThatTheLedgerAnswers(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "WHOLE")
	for _, c := range []struct{ says, body, code, is string }{
		{"a new total is split over the items", "Amount=10&Reason=ORDER_UPDATE", "", `"Payout":0.40,"DeltaPayout":-0.48,"IntendedPayout":0.88,"Amount":10.00,`},
		{"a customer status that the event type knows", "CustomerStatus=VIP&Reason=OTHER", "", `"CustomerStatus":"VIP"`},
		{"one that it does not know", "CustomerStatus=KING&Reason=OTHER", "CUSTOMER_STATUS_UNKNOWN", `"CustomerStatus":"VIP"`},
		{"a code of the event type", "Reason=HAND_CHECKED", "", `"State":"PENDING"`},
		{"the code in another case is none", "Reason=hand_checked", "REASON_NOT_ALLOWED", ""},
		{"a reason that is for reversals alone", "Amount=5&Reason=MP_RETURNED", "REASON_NOT_ALLOWED", ""},
		{"another currency", "Amount=5&Reason=OTHER&currencyCode=EUR", "CURRENCY_MISMATCH", ""},
		{"the account's own currency", "Amount=12&Reason=OTHER&currencyCode=usd", "", `"Amount":12.00,`},
		{"0 reverses", "Amount=0&Reason=CONS_FRAUD", "", `"State":"REVERSED"`},
		{"0 again changes nothing", "Amount=0&Reason=CONS_FRAUD", "", `"State":"REVERSED"`},
		{"nothing else is taken then", "Amount=5&Reason=OTHER", "ACTION_REVERSED", `"State":"REVERSED"`},
		{"RESET brings back what was tracked", "Reason=RESET", "", `"State":"PENDING"`},
		{"RESET is to the cent", "Reason=RESET", "", `"Payout":0.88,`},
		{"a code that rejects", "Reason=FAKE_ACCOUNT", "", `"State":"REVERSED"`},
		{"an update that the caller has not seen", "Reason=RESET&ExpectedUpdateId={first}", "STALE_ACTION", `"State":"REVERSED"`},
		{"RESET after a rejection", "Reason=RESET", "", `"State":"PENDING"`},
		{"a code that approves locks at once", "Reason=EARLY_PAYMENT", "", `"State":"APPROVED"`},
		{"and nothing changes any more", "Amount=5&Reason=OTHER", "ACTION_LOCKED", `"State":"APPROVED"`},
	} {
		t.Run(c.says, func(t *testing.T) {
			body := c.body
			if before, found := strings.CutSuffix(body, "{first}"); found {
				body = before + s.firstUpdate(t, action)
			}
			if r := s.submit(t, "PUT", "/Actions", "ActionId="+action+"&"+body); r.ErrorReason != c.code || r.Type != "Modification" {
				t.Errorf("%s: %+v", body, r)
			}
			s.exchange(t, exchange{path: "/Actions/" + action, has: []string{c.is}})
		})
	}
}

// firstUpdate answers the id of the oldest of an action's updates.
func (s *service) firstUpdate(t *testing.T, action string) string {
	t.Helper()
	var trace struct{ ActionUpdates []struct{ Id string } }
	s.read(t, "/ActionUpdates?ActionId="+action, &trace)
	return trace.ActionUpdates[len(trace.ActionUpdates)-1].Id
}
