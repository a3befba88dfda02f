package plain_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/plain"
)

const file = `accounts:
  - id: 1
    name: 'Shop: "A"'
    currency: USD
    zone: America/Los_Angeles
    cap: 10
    payment_days: ~
    campaigns: [{id: 1000, name: 2026-01-01}]
    event_types:
      - {id: 2240, campaign: 1000, name: "null", code: SALE}
    contracts:
      - {id: 1, campaign: 1000, partner: 10, start: 2020-01-01, terms: &terms [{event_type: 2240, level: ITEM, default: {rate: 4.50}, locking: {days: 30}}]}
      - id: 2
        campaign: 1000
        partner: 11
        start: 2020-01-01
        terms: *terms
  - {id: 2, name: Other, currency: EUR, zone: UTC}
`

func TestAccountsHaveTheTermsOfTheFile(t *testing.T) {
	for name, text := range map[string]string{"YAML": file, "with a byte order mark": "\ufeff" + file, "JSON": `{"accounts":	[{"id": 1, "name": "A", "currency": "USD", "zone": "UTC"}]}`} {
		t.Run(name, func(t *testing.T) {
			want, err := refdata.Parse("f.yaml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			accounts, err := plain.Accounts([]byte(text))
			if err != nil || len(accounts) != len(want.Terms()) {
				t.Fatalf("%d accounts, %v", len(accounts), err)
			}
			for account, terms := range want.Terms() {
				got, err := refdata.ParseAccount(account, accounts[account])
				if err != nil {
					t.Fatalf("%s: %v", accounts[account], err)
				}
				if !reflect.DeepEqual(got.Terms()[account], terms) {
					t.Errorf("the terms of account %d are %v, want %v", account, got.Terms()[account], terms)
				}
			}
		})
	}
}

func TestValuesAreTextsAsWritten(t *testing.T) {
	accounts, err := plain.Accounts([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	text := string(accounts[1])
	for _, want := range []string{`"name":"Shop: \"A\""`, `"name":"2026-01-01"`, `"name":"null"`, `"cap":"10"`, `"rate":"4.50"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the account lacks %s: %s", want, text)
		}
	}
	if strings.Contains(text, "payment_days") {
		t.Errorf("the account has a value that is null: %s", text)
	}
}

func TestMultipliedAliasesAreBounded(t *testing.T) {
	text := "a: &a [" + strings.Repeat("1,", 2000) + "1]\nb: &b [" + strings.Repeat("*a,", 2000) + "1]\naccounts: [*b, *b]\n"
	if _, err := plain.Accounts([]byte(text)); err == nil || !strings.Contains(err.Error(), "split it") {
		t.Errorf("the error is %v", err)
	}
}
