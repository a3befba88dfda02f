package httpapi_test

import (
	"strings"
	"testing"
)

func TestSection13InvalidActionModificationsAreRejected(t *testing.T) {
	t.Parallel()
	s := serve(t)
	const of = "ActionTrackerId=2240&OrderId=EXAMPLE-A&"
	faulty := func(field, body string) exchange {
		return exchange{method: "PUT", path: "/Actions", contentType: form, body: of + body, status: 400, has: []string{`"Field":"` + field + `"`}}
	}
	s.exchangeAll(t, map[string]exchange{
		"no Reason":                           faulty("Reason", "Amount=5"),
		"Reason and DispositionCode disagree": faulty("DispositionCode", "Amount=5&Reason=OTHER&DispositionCode=CONS_FRAUD"),
		"a Reason without a change":           faulty("Amount", "Reason=ITEM_RETURNED"),
		"RESET with an amount":                faulty("Reason", "Reason=RESET&Amount=5"),
		"State, which requires DELETE":        faulty("State", "Reason=OTHER&State=REVERSED"),
		"an amount below zero":                faulty("Amount", "Reason=OTHER&Amount=-1"),
		"an empty amount":                     faulty("Amount", "Reason=OTHER&Amount="),
		"a reason of 65 characters":           faulty("Reason", "Amount=5&Reason="+longText[:65]),
		"a rebate without a Sku":              faulty("Sku", "Reason=ORDER_UPDATE&Rebate=1"),
		"a category without a Sku":            faulty("Sku", "Reason=ORDER_UPDATE&Amount=1&Category=x"),
		"a change without a Sku":              faulty("Sku", "Reason=ORDER_UPDATE&ItemSubTotalDelta=1"),
		"an unknown currency":                 faulty("currencyCode", "Reason=OTHER&Amount=1&currencyCode=DOLLAR"),
		"an invalid update id":                faulty("ExpectedUpdateId", "Reason=OTHER&Amount=1&ExpectedUpdateId=7"),
		"DispositionCode instead of Reason":   {method: "PUT", path: "/Actions", contentType: form, body: of + "Amount=21.99&DispositionCode=OTHER"},
	})
}

func TestSection13ActionModifications(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "WHOLE")
	for _, c := range []struct{ name, body, code, want string }{
		{"a new total is split over the items", "Amount=10&Reason=ORDER_UPDATE", "", `"Payout":0.40,"DeltaPayout":-0.48,"IntendedPayout":0.88,"Amount":10.00,`},
		{"a customer status of the event type", "CustomerStatus=VIP&Reason=OTHER", "", `"CustomerStatus":"VIP"`},
		{"an unknown customer status", "CustomerStatus=KING&Reason=OTHER", "CUSTOMER_STATUS_UNKNOWN", `"CustomerStatus":"VIP"`},
		{"a code of the event type", "Reason=HAND_CHECKED", "", `"State":"PENDING"`},
		{"the code in another case", "Reason=hand_checked", "REASON_NOT_ALLOWED", ""},
		{"a reason for reversals only", "Amount=5&Reason=MP_RETURNED", "REASON_NOT_ALLOWED", ""},
		{"another currency", "Amount=5&Reason=OTHER&currencyCode=EUR", "CURRENCY_MISMATCH", ""},
		{"the account's own currency", "Amount=12&Reason=OTHER&currencyCode=usd", "", `"Amount":12.00,`},
		{"an amount of 0 reverses the action", "Amount=0&Reason=CONS_FRAUD", "", `"State":"REVERSED"`},
		{"0 again changes nothing", "Amount=0&Reason=CONS_FRAUD", "", `"State":"REVERSED"`},
		{"a reversed action can't be modified", "Amount=5&Reason=OTHER", "ACTION_REVERSED", `"State":"REVERSED"`},
		{"RESET restores the tracked values", "Reason=RESET", "", `"State":"PENDING"`},
		{"RESET is exact", "Reason=RESET", "", `"Payout":0.88,`},
		{"a code that rejects, with an amount of 0", "Reason=FAKE_ACCOUNT&Amount=0", "", `"State":"REVERSED"`},
		{"RESET after an amount of 0", "Reason=RESET", "", `"State":"PENDING"`},
		{"a code that rejects takes no other amount", "Reason=FAKE_ACCOUNT&Amount=1", "REASON_NOT_ALLOWED", `"State":"PENDING"`},
		{"a tiny amount", "Reason=OTHER&Amount=0.01", "", `"Amount":0.01,`},
		{"keeps the proportions", "Reason=OTHER&Amount=21.99", "", `"Payout":0.88,`},
		{"a code that rejects", "Reason=FAKE_ACCOUNT", "", `"State":"REVERSED"`},
		{"an outdated ExpectedUpdateId", "Reason=RESET&ExpectedUpdateId={first}", "STALE_ACTION", `"State":"REVERSED"`},
		{"RESET after a rejection", "Reason=RESET", "", `"State":"PENDING"`},
		{"a code that approves locks at once", "Reason=EARLY_PAYMENT", "", `"State":"APPROVED"`},
		{"a locked action can't be modified", "Amount=5&Reason=OTHER", "ACTION_LOCKED", `"State":"APPROVED"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := c.body
			if prefix, ok := strings.CutSuffix(body, "{first}"); ok {
				body = prefix + s.firstUpdate(t, action)
			}
			if r := s.submit(t, "PUT", "/Actions", "ActionId="+action+"&"+body); r.ErrorReason != c.code || r.Type != "Modification" {
				t.Errorf("%s: %+v", body, r)
			}
			s.exchange(t, exchange{path: "/Actions/" + action, has: []string{c.want}})
		})
	}
}

// firstUpdate returns the id of the oldest update of an action.
func (s *service) firstUpdate(t *testing.T, action string) string {
	t.Helper()
	var page struct{ ActionUpdates []struct{ Id string } }
	s.read(t, "/ActionUpdates?ActionId="+action, &page)
	return page.ActionUpdates[len(page.ActionUpdates)-1].Id
}
