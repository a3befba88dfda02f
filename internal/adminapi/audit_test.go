package adminapi_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/adminapi"
)

func TestTheAuditLogIsPagedNewestFirst(t *testing.T) {
	h := open(t)
	for _, name := range []string{"a", "b", "c"} {
		if code, text := h.do("PUT", "/accounts/1/partners/11", `{"name":"`+name+`"}`); code != 200 {
			t.Fatal(code, text)
		}
	}
	for limit, pages := range map[int]int{1: 4, 2: 2, 3: 2, 4: 1} {
		next, seen, read := fmt.Sprintf("/audit?account=1&limit=%d", limit), "", 0
		for ; next != ""; read++ {
			_, text := h.do("GET", next, "")
			var page struct {
				Events []struct{ Number int64 }
				Next   string
			}
			if err := json.Unmarshal([]byte(text), &page); err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Events {
				seen += string(rune('0' + e.Number))
			}
			next = strings.TrimPrefix(page.Next, adminapi.Root)
		}
		if seen != "4321" || read != pages {
			t.Errorf("limit %d: numbers %s on %d pages, want %d", limit, seen, read, pages)
		}
	}
}

func TestAnAuditEventHasAllFields(t *testing.T) {
	h := open(t)
	if code, text := h.do("POST", "/accounts/1/partners/10/end", `{"reason":"left"}`); code != 200 {
		t.Fatal(code, text)
	}
	e := h.auditEvents(1)[0]
	want := fmt.Sprintf(`{"events":[{"number":2,"at":%q,"source":"ADMIN API","actor":%q,"name":"ada","operation":"end","subject":"partner 10","reason":"left","detail":""}],`+
		`"next":"/admin/v1/audit?account=1\u0026before=2\u0026limit=1"}`, e.At.Format(time.RFC3339Nano), h.sid)
	if code, text := h.do("GET", "/audit?account=1&limit=1", ""); code != 200 || text != want {
		t.Errorf("%d %s, want %s", code, text, want)
	}
}

func TestTheDeprecatedAuditPathHasTheFormOfVersion01(t *testing.T) {
	h := open(t)
	if code, text := h.do("PUT", "/accounts/1/partners/11", `{"name":"New"}`); code != 200 {
		t.Fatal(code, text)
	}
	e := h.auditEvents(1)[0]
	want := fmt.Sprintf(`{"deeds":[{"number":2,"at":%q,"via":"ADMIN API","by":%q,"name":"ada","verb":"record","subject":"partner 11","reason":"","detail":""}],`+
		`"next":"/admin/v1/deeds?account=1\u0026before=2\u0026limit=1"}`, e.At.Format(time.RFC3339Nano), h.sid)
	if code, text := h.do("GET", "/deeds?account=1&limit=1", ""); code != 200 || text != want {
		t.Errorf("%d %s, want %s", code, text, want)
	}
}
