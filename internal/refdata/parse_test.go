package refdata_test

import (
	"errors"
	"strings"
	"testing"
	_ "time/tzdata" // the same zones on every machine

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/refdata"
)

// corrupt returns the valid file with old, which occurs once, replaced.
func corrupt(t *testing.T, old, replacement string) string {
	t.Helper()
	if strings.Count(valid, old) != 1 {
		t.Fatalf("the file has %q %d times", old, strings.Count(valid, old))
	}
	return strings.Replace(valid, old, replacement, 1)
}

// errorsOf returns the errors of a file, one on each line.
func errorsOf(t *testing.T, text string) []string {
	t.Helper()
	_, err := refdata.Parse("f.yaml", []byte(text))
	if err == nil {
		return nil
	}
	invalid := (*refdata.FileError)(nil)
	if !errors.As(err, &invalid) {
		t.Fatalf("error %T: %v", err, err)
	}
	return strings.Split(err.Error(), "\n")
}

func TestErrorsNameTheLineTheKeyAndTheRemedy(t *testing.T) {
	const oneOf = "Must be one of "
	for name, c := range map[string]struct{ old, replacement, want string }{
		"a valid file":                       {"Acme partners", "Acme partners", ""},
		"an unknown key":                     {"    currency: USD", "    curency: USD\n    currency: USD", "4:5: curency: Unknown key: the keys are id, name, currency, zone, cap, payment_days, retain_actions_days, retain_submissions_days, profile, " + strings.Join(lists(), ", ")},
		"a key twice":                        {"    currency: USD", "    currency: USD\n    currency: EUR", "5:5: currency: Duplicate key: it is already in line 4"},
		"a missing key":                      {"    currency: USD\n", "", "2:5: currency: Required"},
		"a key without a value":              {"name: Acme\n", "name:\n", "3:10: name: Required"},
		"an empty text":                      {"name: Acme\n", "name: ''\n", "3:11: name: Must not be empty"},
		"a text too long":                    {"name: Acme\n", "name: " + strings.Repeat("x", 256) + "\n", "3:11: name: At most 255 characters"},
		"a control character":                {"name: Acme\n", "name: \"A\\u0000\"\n", "3:11: name: Must not contain control characters"},
		"a list for a value":                 {"name: Acme\n", "name: [Acme]\n", "3:11: name: Must be one value, not a list or a mapping"},
		"a value for a list":                 {"[NEW, RETURNING]", "NEW", "13:28: customer_statuses: Must be a list"},
		"a value for a mapping":              {"{rate: 4}", "4", "30:22: default: Must be a mapping of keys to values"},
		"an unknown currency":                {"currency: USD", "currency: XXZ", "4:15: currency: Must be an ISO 4217 code, such as USD"},
		"an unknown zone":                    {"America/Los_Angeles", "Mars/Olympus", "5:11: zone: Must be the name of a time zone, such as America/Los_Angeles or UTC"},
		"the machine's own zone":             {"America/Los_Angeles", "Local", "5:11: zone: Must be the name of a time zone, such as America/Los_Angeles or UTC"},
		"a state in small letters":           {"name: Acme partners", "name: A, state: Active", "7:36: state: Write it in capitals, such as ACTIVE or PAUSED"},
		"an id of 0":                         {"{id: 10, ", "{id: 0, ", "18:14: id: Must be a positive whole number of at most 16 digits"},
		"an id of 17 digits":                 {"{id: 10, ", "{id: 12345678901234567, ", "18:14: id: Must be a positive whole number of at most 16 digits"},
		"an octal id":                        {"{id: 10, ", "{id: 010, ", "18:14: id: Must be a positive whole number of at most 16 digits"},
		"a fee below zero":                   {"fee_rate: 2.5", "fee_rate: -1", "7:51: fee_rate: Must not be negative"},
		"five decimal places":                {"fee_rate: 2.5", "fee_rate: 0.00001", "7:51: fee_rate: More than 12 digits before or 4 after the decimal point"},
		"a number with an exponent":          {"fee_rate: 2.5", "fee_rate: 1e1", "7:51: fee_rate: Not a decimal number"},
		"a number in hexadecimal":            {"fee_rate: 2.5", "fee_rate: 0x10", "7:51: fee_rate: Not a decimal number"},
		"too many days to pay":               {"    currency: USD", "    currency: USD\n    payment_days: 366", "5:19: payment_days: Must be a whole number from 0 to 365"},
		"actions that stay too short":        {"    currency: USD", "    currency: USD\n    retain_actions_days: 31", "5:26: retain_actions_days: Must be a whole number from 32 to 36500"},
		"submissions that stay too short":    {"    currency: USD", "    currency: USD\n    retain_submissions_days: 89", "5:30: retain_submissions_days: Must be a whole number from 90 to 36500"},
		"a fraction of a day to pay":         {"    currency: USD", "    currency: USD\n    payment_days: 1.5", "5:19: payment_days: Must be a whole number from 0 to 365"},
		"a minimum of a fraction of a cent":  {"{id: 10, name: Partner}", "{id: 10, name: Partner, minimum_payout: 0.001}", "18:49: minimum_payout: At most 2 digits after the decimal point, as USD has"},
		"a minimum below zero":               {"{id: 10, name: Partner}", "{id: 10, name: Partner, minimum_payout: -1}", "18:49: minimum_payout: Must not be negative"},
		"a VAT rate above 100":               {"{id: 10, name: Partner}", "{id: 10, name: Partner, vat_rate: 100.0001}", "18:43: vat_rate: Must be at most 100"},
		"a VAT rate below zero":              {"{id: 10, name: Partner}", "{id: 10, name: Partner, vat_rate: -1}", "18:43: vat_rate: Must not be negative"},
		"settings of invoices":               {"{id: 10, name: Partner}", "{id: 10, name: Partner, minimum_payout: 25.50, vat_rate: 100}", ""},
		"an unknown pricing":                 {"pricing: tracked", "pricing: frozen", "7:65: pricing: " + oneOf + "current, tracked"},
		"a status twice":                     {"[NEW, RETURNING]", "[NEW, NEW]", `13:34: customer_statuses: "NEW" is listed twice`},
		"a code of the protocol's own":       {"code: CHECKED", "code: CONS_FRAUD", "15:20: code: CONS_FRAUD is reserved by the protocol: choose another"},
		"a code of 65 characters":            {"code: CHECKED", "code: " + strings.Repeat("C", 65), "15:20: code: At most 64 characters"},
		"an unknown effect":                  {"effect: MODIFY", "effect: DELETE", "15:60: effect: " + oneOf + "MODIFY, APPROVE, REJECT"},
		"a fraction of a day":                {"duplicate_days: 30", "duplicate_days: 1.5", "16:25: duplicate_days: Must be a whole number from 0 to 36500"},
		"a contract that ends as it starts":  {"end: 2030-01-01", "end: 2026-01-01", "26:14: end: Must be after the start"},
		"an invalid date":                    {"start: 2026-01-01", "start: 2026-02-30", "25:16: start: Must be a date, such as 2026-10-01, or a timestamp with an offset, such as 2026-10-01T10:30:00-07:00"},
		"an instant without an offset":       {"start: 2026-01-01", "start: 2026-01-01T00:00:00", "25:16: start: Must be a date, such as 2026-10-01, or a timestamp with an offset, such as 2026-10-01T10:30:00-07:00"},
		"an unknown level":                   {"level: ITEM", "level: BASKET", "29:20: level: " + oneOf + "ITEM, ORDER"},
		"both flat and rate":                 {"{rate: 4}", "{rate: 4, flat: 1}", "30:22: default: Must have either flat, an amount, or rate, in percent"},
		"neither flat nor rate":              {"{flat: 0.25}", "{}", "35:25: payout: Must have either flat, an amount, or rate, in percent"},
		"no default":                         {"            default: {rate: 4}\n", "", "28:13: default: Required: flat, an amount, or rate, in percent"},
		"no locking":                         {"            locking: {days: 30}\n", "", "28:13: locking: Required: days; day and months; or open_ended: true"},
		"two ways of locking":                {"{days: 30}", "{days: 30, open_ended: true}", "32:22: locking: Must be one of three: days; day and months; open_ended: true"},
		"half a way of locking":              {"{days: 30}", "{day: 20}", "32:22: locking: Must be one of three: days; day and months; open_ended: true"},
		"two ways of clearing":               {"locking: {days: 30}", "locking: {days: 30}\n            clearing: {days: 1, day: 2, months: 1}", "33:23: clearing: Must be one of two: days; or day and months"},
		"half a way of clearing":             {"locking: {days: 30}", "locking: {days: 30}\n            clearing: {day: 2}", "33:23: clearing: Must be one of two: days; or day and months"},
		"no way of clearing":                 {"locking: {days: 30}", "locking: {days: 30}\n            clearing: {}", "33:23: clearing: Must be one of two: days; or day and months"},
		"an unknown way of late returns":     {"locking: {days: 30}", "locking: {days: 30}\n            late_returns: accept", "33:27: late_returns: Must be refuse, or a number of days such as {days: 60}"},
		"late returns with a capital":        {"locking: {days: 30}", "locking: {days: 30}\n            late_returns: Refuse", "33:27: late_returns: Must be refuse, or a number of days such as {days: 60}"},
		"late returns by a bare number":      {"locking: {days: 30}", "locking: {days: 30}\n            late_returns: 60", "33:27: late_returns: Must be refuse, or a number of days such as {days: 60}"},
		"late returns by a list":             {"locking: {days: 30}", "locking: {days: 30}\n            late_returns: [60]", "33:27: late_returns: Must be refuse, or a number of days such as {days: 60}"},
		"late returns without days":          {"locking: {days: 30}", "locking: {days: 30}\n            late_returns: {}", "33:27: days: Required"},
		"late returns for no day":            {"locking: {days: 30}", "locking: {days: 30}\n            late_returns: {days: 0}", "33:34: days: To accept none, write late_returns: refuse"},
		"no rules":                           {"rules:\n                  - {variable: ITEM_CATEGORY, operator: IS, values: [Gift cards]}", "rules: []", "36:24: rules: Required: a payout without a rule is the default"},
		"a rule without values":              {"values: [Gift cards]", "values: []", "37:69: values: Required: a list of at least one value"},
		"an item's variable at level ORDER":  {"level: ITEM", "level: ORDER", "37:32: variable: ITEM_CATEGORY is only for terms of level ITEM"},
		"a comparison of texts by size":      {"operator: IS,", "operator: LESS_THAN,", "37:57: operator: LESS_THAN compares ORDER_TOTAL only"},
		"a total that is no number":          {"ITEM_CATEGORY, operator: IS", "ORDER_TOTAL, operator: LESS_THAN", "37:75: values: An order's total compares with a number: Not a decimal number"},
		"a total that starts with something": {"ITEM_CATEGORY, operator: IS, values: [Gift cards]", "ORDER_TOTAL, operator: CONTAINS, values: [1]", "37:55: operator: ORDER_TOTAL compares by GREATER_THAN, LESS_THAN, IS or IS_NOT"},
		"an id twice":                        {"{id: 10, name: Partner}", "{id: 10, name: Partner}\n      - {id: 10, name: Other}", "19:14: id: Is already in line 18: list each once"},
		"a promo code twice, in another case": {
			"{campaign: 1000, code: SAVE10, partner: 10}", "{campaign: 1000, code: SAVE10, partner: 10}\n      - {campaign: 1000, code: save10, partner: 10}",
			"21:32: code: Is already in line 20: list each once",
		},
		"an account twice":  {"accounts:\n", "accounts:\n  - {id: 1, name: A, currency: USD, zone: UTC}\n", "3:5: accounts: Account 1 is already in line 2: merge the two"},
		"an unknown alias":  {"{rate: 4}", "*nowhere", "30:22: default: There is no anchor &nowhere"},
		"a tag":             {"name: Acme\n", "name: !!str Acme\n", "3:11: name: Write the value without the tag !!str"},
		"a merged mapping":  {"{rate: 4}", "{rate: 4, <<: {flat: 1}}", "30:32: <<: Must be a plain key"},
		"a second document": {"    clicks:", "---\n    clicks:", "39:5: The file must be one document: merge the lists of accounts"},
		"an unclosed bracket": {
			"[NEW, RETURNING]", "[NEW, RETURNING",
			"14:9: Not valid YAML or JSON: ',' or ']' must be specified",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(errorsOf(t, corrupt(t, c.old, c.replacement)), "\n")
			want := c.want
			if want != "" {
				want = "f.yaml:" + want
			}
			first, rest, _ := strings.Cut(got, "\n")
			if strings.HasSuffix(want, "&nowhere") || strings.HasSuffix(want, "!!str") { // the value is reported as missing too
				got = first
			} else if rest != "" {
				t.Errorf("more than one error")
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseReportsAllErrorsInFileOrder(t *testing.T) {
	text := strings.NewReplacer("currency: USD", "currency: U", "fee_rate: 2.5", "fee_rate: x", "level: ITEM", "level: I").Replace(valid)
	want := []string{
		"f.yaml:4:15: currency: Must be an ISO 4217 code, such as USD",
		"f.yaml:7:51: fee_rate: Not a decimal number",
		"f.yaml:29:20: level: Must be one of ITEM, ORDER",
	}
	if diff := cmp.Diff(want, errorsOf(t, text)); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestParseBoundsTheNumberOfErrors(t *testing.T) {
	var text strings.Builder
	text.WriteString("accounts:\n")
	for range refdata.MaxDiagnostics {
		text.WriteString("  - {name: A, currency: USD, zone: Z}\n")
	}
	errs := errorsOf(t, text.String())
	if got, want := errs[len(errs)-1], "f.yaml: and 100 more"; len(errs) != refdata.MaxDiagnostics+1 || got != want {
		t.Errorf("%d lines, the last %q; want %q", len(errs), got, want)
	}
}

func TestParseRejectsOtherFiles(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":                 {"", "1:1: accounts: Required: a list of accounts"},
		"only a comment":        {"# nothing\n", "1:1: accounts: Required: a list of accounts"},
		"no accounts":           {"accounts: []\n", "1:1: accounts: Required: a list of accounts"},
		"a list":                {"- 1\n", "1:1: accounts: Must be a mapping of keys to values"},
		"not UTF-8":             {"a: \xff\n", "1:1: The file is not UTF-8: convert it"},
		"too large":             {strings.Repeat("#", refdata.MaxSize+1), "1:1: The file has more than 16 MiB: split it"},
		"too many brackets":     {strings.Repeat("[", 100_000), "1:65: Nested too deeply: no more than 64 brackets or list items in each other"},
		"too many items inside": {strings.Repeat("- ", 100_000), "1:129: Nested too deeply: no more than 64 brackets or list items in each other"},
		"JSON with tabs":        {"{\n\t\"accounts\": [\n\t\t{\"id\": \"x\"}\n\t]\n}", "3:10: id: Must be a positive whole number of at most 16 digits"},
	} {
		t.Run(name, func(t *testing.T) {
			errs := errorsOf(t, c.text)
			if len(errs) == 0 || !strings.Contains(strings.Join(errs, "\n"), "f.yaml:"+c.want) {
				t.Errorf("errors %q, want %q", errs, c.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(valid)
	f.Add(`{"accounts": [{"id": 1, "name": "A", "currency": "USD", "zone": "UTC"}]}`)
	f.Add("accounts: &a\n  - {contracts: *a, campaigns: *a}\n")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := refdata.Parse("f.yaml", []byte(text)); err != nil {
			invalid := (*refdata.FileError)(nil)
			if !errors.As(err, &invalid) || len(invalid.Diagnostics) == 0 || len(invalid.Diagnostics) > refdata.MaxDiagnostics {
				t.Errorf("error %#v", err)
			}
		}
	})
}
