package refdata_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestErrorsOfNotificationsNameTheKeyAndTheRemedy(t *testing.T) {
	const format, url = `format: json, body: '{"payout":{Payout}}'`, `"https://example.com/{ActionId}"`
	for name, c := range map[string]struct{ old, replacement, want string }{
		"a valid file":              {format, format, ""},
		"no body":                   {", " + format, "", ""},
		"lines in the body":         {`'{"payout":{Payout}}'`, `"{\"payout\":\n\t{Payout}}\n"`, ""},
		"an unknown method":         {"method: POST", "method: PUT", "method: Must be one of GET, POST"},
		"an unknown event":          {"[tracked, reversed]", "[locked]", "events: Must be one of tracked, modified, reversed"},
		"an event twice":            {"[tracked, reversed]", "[tracked, tracked]", `events: "tracked" is listed twice`},
		"an unknown format":         {"format: json", "format: yaml", "format: Must be one of json, xml, form"},
		"a format without a body":   {format, "format: json", "format: Required with a body"},
		"a body without a format":   {"format: json, ", "", "format: Required with a body"},
		"a body of a GET":           {"method: POST", "method: GET", "body: Only a POST has a body"},
		"an empty body":             {`'{"payout":{Payout}}'`, "' '", "body: Must not be empty"},
		"a body that is too long":   {`'{"payout":{Payout}}'`, `'"` + strings.Repeat("x", 64<<10) + `"'`, "body: At most 64 KiB"},
		"a control character":       {`'{"payout":{Payout}}'`, `"\"\u0001\""`, "body: Must not contain control characters"},
		"an unknown macro":          {"{Payout}", "{Payuot}", "body: There is no macro {Payuot}"},
		"a body that is not JSON":   {"{Payout}", "{Payout}0", "body: Not valid JSON once the macros have values"},
		"no URL":                    {"url: " + url + ", ", "", "url: Required"},
		"another scheme":            {url, `"file:///etc/passwd"`, "url: Must begin with https:// or http:// and a host"},
		"a password":                {url, `"https://a:b@example.com/"`, "url: Must not have a user or a password"},
		"a macro in the host":       {url, `"https://{CampaignId}.example.com/"`, "url: Macros are allowed only after the host"},
		"a value alone in the path": {url, `"https://example.com/{Oid}/paid"`, "url: A segment of the path must not be a value alone"},
		"a URL of 2,049 characters": {url, `"https://example.com/` + strings.Repeat("x", 2029) + `"`, "url: At most 2048 characters"},
		"a duplicate id":            {"{id: 6, ", "{id: 5, ", "id: Is already in line"},
		"an invalid event type":     {"event_types: [2240]", "event_types: [0]", "event_types: Must be a positive whole number"},
		"an unknown event type":     {"event_types: [2240]", "event_types: [2241]", "event_types: There is no event type 2241"},
		"an unknown campaign":       {"{id: 6, campaign: 1000", "{id: 6, campaign: 1001", "campaign: There is no campaign 1001"},
	} {
		t.Run(name, func(t *testing.T) {
			text := corrupt(t, c.old, c.replacement)
			got := strings.Join(errorsOf(t, text), "\n")
			if got == "" {
				_, err := apply(t, open(t), text, loaded)
				got = textOf(err)
			}
			if (got == "") != (c.want == "") || !strings.Contains(got, c.want) || strings.Contains(got, "\n") {
				t.Errorf("%s, want %q", got, c.want)
			}
		})
	}
}

func TestEventTypesOfANotificationMustBeOfItsCampaign(t *testing.T) {
	text := corrupt(t, "    event_types:\n", "    event_types:\n      - {id: 3000, campaign: 2000, name: Other}\n")
	text = strings.Replace(text, "    event_types:\n", "      - {id: 2000, name: Another}\n    event_types:\n", 1)
	text = strings.Replace(text, "event_types: [2240]", "event_types: [3000]", 1)
	_, err := apply(t, open(t), text, loaded)
	if got := textOf(err); !strings.Contains(got, "event_types: Event type 3000 belongs to campaign 2000, the notification to campaign 1000") {
		t.Errorf("%s", got)
	}
}

func TestACampaignHasAtMostTwentyActiveNotifications(t *testing.T) {
	st, more := open(t), ""
	for i := range 19 {
		more += fmt.Sprintf("      - {id: %d, campaign: 1000, method: GET, url: 'https://example.com/'}\n", 100+i)
	}
	if _, err := apply(t, st, corrupt(t, "    notifications:\n", "    notifications:\n"+more), loaded); err != nil {
		t.Fatal(err)
	}
	one := "{campaign: 1000, method: GET, url: 'https://example.com/'"
	if _, err := put(t, st, keyOf("notifications", "200"), one+"}"); !strings.Contains(textOf(err), "id: At most 20 of a campaign can be ACTIVE: end others first") {
		t.Errorf("the twenty-first: %v", err)
	}
	if _, err := put(t, st, keyOf("notifications", "200"), one+", state: PAUSED}"); err != nil {
		t.Errorf("a PAUSED one: %v", err)
	}
}
