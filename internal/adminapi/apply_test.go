package adminapi_test

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestAReferenceFileIsApplied(t *testing.T) {
	h := open(t)
	body := func(content, options string) string {
		text, err := json.Marshal(content)
		if err != nil {
			t.Fatal(err)
		}
		return `{"content":` + string(text) + options + `}`
	}
	changed := strings.Replace(reference, "rate: 4}", "rate: 5}", 1)
	const account = "  - {id: 3, name: Other, currency: EUR, zone: UTC}\n"
	const changes = `{"accounts":[{"account":1,"recorded":1,"unlisted":0,"changes":[{"kind":"terms","key":"77/2240/2","field":"default.rate","old":"4","new":"5"},`
	const created = `{"account":3,"recorded":1,"unlisted":0,"changes":[{"kind":"account","key":""}]}],"dry_run":`
	const none = `{"accounts":[{"account":1,"recorded":0,"unlisted":0,"changes":[]},{"account":3,"recorded":0,"unlisted":0,"changes":[]}],"dry_run":false}`
	for _, c := range []struct {
		name, body string
		status     int
		has, also  string
	}{
		{"a dry run", body(changed+account, `,"dry_run":true`), 200, changes, created + "true}"},
		{"a file", body(changed+account, `,"reason":"new rates"`), 200, changes, created + "false}"},
		{"the file again", body(changed+account, ""), 200, none, ""},
		{"an account that is invalid", body(changed+"  - {id: 4, name: Other, currency: XXX, zone: UTC}\n", ""), 400, `currency`, "(line "},
		{"a currency that can't change", body(strings.Replace(reference, "USD", "EUR", 1), ""), 400, "Must stay USD", "(line 5, column"},
		{"a rate over 100 %", body(strings.Replace(reference, "rate: 4}", "rate: 400}", 1), ""), 400, `"Field":"default"`, "over 100 %"},
		{"a forced rate over 100 %", body(strings.Replace(reference, "rate: 4}", "rate: 400}", 1), `,"force":true`), 200, `"new":"400"`, ""},
		{"a file whose quotes make the body too large for a file", body(reference+"# "+strings.Repeat(`"`, 8<<20), ""), 200, `"recorded":`, ""},
		{"a file that is too large", body(strings.Repeat("#", 16<<20+1), ""), 400, `"Field":"content"`, "At most 16 MiB: split the file"},
		{"no content", `{}`, 400, `"Field":"content"`, "Required"},
		{"an empty file", body("", ""), 400, `"Field":"accounts"`, "Required"},
	} {
		if code, got := h.do("POST", "/apply", c.body); code != c.status || !strings.Contains(got, c.has) || !strings.Contains(got, c.also) {
			t.Errorf("%s: %d %s, want %d with %s and %s", c.name, code, got, c.status, c.has, c.also)
		}
	}
	if e := h.auditEvents(3)[0]; e.Operation != "record" || e.Reason != "new rates" || e.Actor.Name != "ada" {
		t.Errorf("the audit event is %+v", e)
	}
	if _, accounts := h.do("GET", "/accounts", ""); strings.Contains(accounts, `"id":4`) {
		t.Errorf("the accounts are %s", accounts)
	}
}
