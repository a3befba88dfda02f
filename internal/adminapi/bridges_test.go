package adminapi_test

import (
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/bridge"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/money"
)

func TestOrdersOfBridgesAreListedAndRetried(t *testing.T) {
	h := open(t)
	const path = "/accounts/1/bridges/5"
	const settings = `{"platform":"stripe","secret":"whsec_0123456789","campaign":1000,"event_type":2240}`
	if code, text := h.do("PUT", path, settings); code != 200 {
		t.Fatal(code, text)
	}
	if code, text := h.do("GET", path, ""); code != 200 || strings.Contains(text, "whsec") {
		t.Errorf("the bridge is %d %s", code, text)
	}
	at := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	for order, e := range map[string]bridge.Event{
		"w": {Refunds: []bridge.Refund{{ID: "r"}}},
		"u": {Placed: &bridge.Placed{Date: at, Currency: "USD", Amount: money.Whole(10)}},
	} {
		if _, _, err := h.store.UpdateBridgeOrder(t.Context(), 1, at, store.BridgeKey{Bridge: 5, Order: order}, bridge.Receive(5, e, at)); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := h.store.UpdateBridgeOrder(t.Context(), 1, at, store.BridgeKey{Bridge: 5, Order: "e"}, bridge.Reject("why")); err != nil {
		t.Fatal(err)
	}
	const times = `"received":"2026-11-02T10:00:00Z","changed":"2026-11-02T10:00:00Z"`
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", path + "/orders", "", 200, `{"orders":[{"order":"w","state":"WAITING","reason":"The webhook of the order has not arrived. `},
		{"GET", path + "/orders?state=UNCREDITED", "", 200, times + `}]}`},
		{"GET", path + "/orders?limit=1", "", 200, `"next":"/admin/v1` + path + `/orders?after=w\u0026limit=1\u0026state=WAITING"`},
		{"GET", path + "/orders?after=w", "", 200, `{"orders":[]}`},
		{"GET", path + "/orders?state=LOST", "", 400, `"Field":"state"`},
		{"GET", "/accounts/1/bridges/6/orders", "", 404, ""},
		{"GET", "/accounts/2/bridges/5/orders", "", 404, ""},
		{"POST", path + "/retry", `{"order":"x"}`, 404, ""},
		{"POST", path + "/retry", `{"order":"e"}`, 409, "Send it again from the platform"},
		{"POST", path + "/retry", `{}`, 400, `"Field":"order"`},
		{"POST", path + "/retry", `{"order":"w"}`, 200, `"state":"WAITING"`},
		{"PUT", path, strings.Replace(settings, "}", `,"partner":10}`, 1), 200, ""},
		{"POST", path + "/retry", `{"order":"u","reason":"a partner"}`, 200, `"state":"SUBMITTED"`},
	} {
		code, text := h.do(c.method, c.path, c.body)
		if code != c.status || !strings.Contains(text, c.want) {
			t.Errorf("%s %s %s: %d %s, want %d %s", c.method, c.path, c.body, code, text, c.status, c.want)
		}
	}
}
