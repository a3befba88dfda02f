package refdata_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/refdata"
)

func TestPreviewReturnsTheChangesThatRecordMakes(t *testing.T) {
	long := strings.Repeat("x", 120)
	for name, c := range map[string]struct {
		replace []string
		want    []string
		clicks  int
	}{
		"nothing":           {nil, nil, 0},
		"an account":        {[]string{"name: Acme\n", "name: Apex\n    cap: 7\n"}, []string{"account, cap: 1000 → 7", "account, name: Acme → Apex"}, 0},
		"a campaign":        {[]string{"fee_rate: 2.5", "fee_rate: 3"}, []string{"campaign 1000, fee_rate: 2.5 → 3"}, 0},
		"a new key":         {[]string{"{id: 10, name: Partner}", "{id: 10, name: Partner, type: CONTENT}"}, []string{"partner 10, type: none → CONTENT"}, 0},
		"days of actions":   {[]string{"    currency: USD\n", "    currency: USD\n    retain_actions_days: 400\n"}, []string{"account, retain_actions_days: none → 400"}, 0},
		"days to pay":       {[]string{"    currency: USD\n", "    currency: USD\n    payment_days: 0\n"}, []string{"account, payment_days: none → 0"}, 0},
		"a VAT rate":        {[]string{"{id: 10, name: Partner}", "{id: 10, name: Partner, vat_rate: 8.1}"}, []string{"partner 10, vat_rate: none → 8.1"}, 0},
		"a minimum":         {[]string{"{id: 10, name: Partner}", "{id: 10, name: Partner, minimum_payout: 25}"}, []string{"partner 10, minimum_payout: none → 25"}, 0},
		"a removed key":     {[]string{"        code: SALE\n", ""}, []string{"event type 2240, code: SALE → none"}, 0},
		"a list":            {[]string{"[NEW, RETURNING]", "[NEW]"}, []string{"event type 2240, customer_statuses[2]: RETURNING → none"}, 0},
		"a longer list":     {[]string{"events: [tracked, reversed]", "events: [tracked, reversed, modified]"}, []string{"notification 5, events[3]: none → modified"}, 0},
		"terms":             {[]string{"rate: 4}", "rate: 5}", "flat: 0.25", "flat: 0.50"}, []string{"terms 77/2240/2, default.rate: 4 → 5", "terms 77/2240/2, groups[1].payout.flat: 0.25 → 0.5"}, 0},
		"a long text":       {[]string{"name: Sale", "name: " + long}, []string{"event type 2240, name: Sale → " + long[:100] + "…"}, 0},
		"a text with quote": {[]string{"name: Sale", `name: 'Sa"le'`}, []string{`event type 2240, name: Sale → "Sa\"le"`}, 0},
		"a secret":          {[]string{"https://example.com/{ActionId}", "https://example.com/{ActionId}?key=1"}, []string{"notification 5, url: changed"}, 0},
		"a new entry":       {[]string{"{id: 10, name: Partner}", "{id: 10, name: Partner}\n      - {id: 9, name: New}"}, []string{"partner 9: new"}, 0},
		"a click":           {[]string{"customer: u-1", "customer: u-2"}, nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			if _, err := apply(t, st, valid, loaded); err != nil {
				t.Fatal(err)
			}
			text := valid
			for i := 0; i < len(c.replace); i += 2 {
				if text = strings.Replace(text, c.replace[i], c.replace[i+1], 1); !strings.Contains(text, c.replace[i+1]) {
					t.Fatalf("the file lacks %q", c.replace[i])
				}
			}
			file, err := refdata.Parse("f.yaml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			preview, err := file.Preview(t.Context(), st, loaded.Add(time.Hour))
			if err != nil {
				t.Fatal(err)
			}
			recorded, err := file.Record(t.Context(), st, loaded.Add(time.Hour), by)
			if err != nil {
				t.Fatal(err)
			}
			for name, got := range map[string]refdata.Recorded{"preview": preview[0], "record": recorded[0]} {
				lines := slices.DeleteFunc(linesOf(got.Changes), func(line string) bool { return strings.Contains(line, ", from: ") })
				if !slices.Equal(lines, c.want) || got.Unlisted != c.clicks || got.Entries != preview[0].Entries {
					t.Errorf("%s: %d entries, %d clicks, %q, want %q", name, got.Entries, got.Unlisted, lines, c.want)
				}
			}
		})
	}
}

func linesOf(changes []refdata.FieldChange) (lines []string) {
	for _, c := range changes {
		lines = append(lines, c.String())
	}
	return lines
}
