package httpapi_test

import "testing"

func TestSection14Reversal(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "REV")
	faulty := func(field, body string) exchange {
		return exchange{method: "DELETE", path: "/Actions", contentType: form, body: body, status: 400, has: []string{`"Field":"` + field + `"`}}
	}
	s.exchangeAll(t, map[string]exchange{
		"no code":                           faulty("DispositionCode", "ActionId="+action),
		"no action":                         faulty("ActionId", "DispositionCode=REJECTED"),
		"a Sku, which requires PUT":         faulty("Sku", "ActionId="+action+"&Sku=LANTERN&DispositionCode=ITEM_RETURNED"),
		"a quantity, which requires PUT":    faulty("Sku", "ActionId="+action+"&Quantity=1&DispositionCode=ITEM_RETURNED"),
		"codes that disagree":               faulty("Reason", "ActionId="+action+"&DispositionCode=OTHER&Reason=CONS_FRAUD"),
		"a code of 65 characters":           faulty("DispositionCode", "ActionId="+action+"&DispositionCode="+longText[:65]),
		"DELETE with an action in the path": {method: "DELETE", path: "/Actions/" + action, status: 405},
	})
	for _, c := range []struct{ name, body, code, want string }{
		{"a code for modifications only", "ActionId=" + action + "&DispositionCode=ORDER_UPDATE", "REASON_NOT_ALLOWED", `"State":"PENDING"`},
		{"a code that only marks", "ActionId=" + action + "&DispositionCode=HAND_CHECKED", "REASON_NOT_ALLOWED", `"State":"PENDING"`},
		{"Reason instead of DispositionCode", "ActionTrackerId=2240&Oid=REV&Reason=MP_RETURNED", "", `"State":"REVERSED"`},
		{"the payout is 0", "ActionId=" + action + "&DispositionCode=REJECTED", "", `"Payout":0.00,"DeltaPayout":-0.88,"IntendedPayout":0.88,`},
		{"a second reversal changes nothing", "ActionId=" + action + "&DispositionCode=CONS_FRAUD", "", `"DeltaPayout":-0.88`},
		{"a code of the event type that rejects", "ActionId=" + action + "&DispositionCode=FAKE_ACCOUNT", "", `"State":"REVERSED"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if r := s.submit(t, "DELETE", "/Actions", c.body); r.ErrorReason != c.code || r.Type != "Reversal" {
				t.Errorf("%+v", r)
			}
			s.exchange(t, exchange{path: "/Actions/" + action, has: []string{c.want}})
		})
	}
	s.exchange(t, exchange{path: "/ActionUpdates?ActionId=" + action, has: []string{`"State":"REVERSED","StateDetail":"","StateDetailDescription":"Reversed/MP_RETURNED"`}})
}

func TestSection14EveryCodeOfTheProtocolReverses(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, code := range []string{
		"REJECTED", "CONS_INFO_INVALID", "CONS_ERROR", "CONS_FRAUD", "ITEM_RETURNED", "ITEM_OUT_OF_STOCK", "ORDER_ERROR", "PUB_ACT_DISPUTE",
		"NOT_COMPLIANCE_TERMS", "MP_RETURNED", "OTHER", "CREDITED_DIFFERENT_MP", "ADV_ACT_DISPUTE", "TEST_ACTION",
	} {
		t.Run(code, func(t *testing.T) {
			action := s.order(t, code)
			if r := s.submit(t, "DELETE", "/Actions", "ActionId="+action+"&DispositionCode="+code); r.ErrorReason != "" {
				t.Errorf("%+v", r)
			}
			s.exchange(t, exchange{path: "/ActionUpdates?ActionId=" + action, has: []string{`"Disposition":"` + code + `"`}})
		})
	}
}
