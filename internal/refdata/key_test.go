package refdata_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func put(t *testing.T, st *sqlstore.Store, k refdata.Key, text string) (int, error) {
	t.Helper()
	change, err := k.Put([]byte(text), refdata.PutOptions{})
	if err != nil {
		return 0, err
	}
	return st.Record(t.Context(), 1, loaded.Add(time.Hour), by, change)
}

func TestPutOfAReadEntryChangesNothing(t *testing.T) {
	st := open(t)
	if _, err := apply(t, st, valid, loaded); err != nil {
		t.Fatal(err)
	}
	reference, err := st.Reference(t.Context(), 1, loaded)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		entry, err := k.Get(reference)
		if err != nil {
			t.Errorf("%s: %v", k.Kind.List, err)
			continue
		}
		text, err := json.Marshal(entry)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := put(t, st, k, string(text)); n != 0 || err != nil {
			t.Errorf("%s put back: %d entries, %v\n%s", k.Kind.List, n, err, text)
		}
	}
}

func TestTermsAreReadBackAsTheyWereWritten(t *testing.T) {
	const contract = `{"id":77,"campaign":1000,"partner":10,"start":"2026-01-01T08:00:00Z","terms":[{"event_type":2240,"from":"2026-06-01T13:00:00Z","level":"ITEM","default":{"flat":"1"},"locking":{"days":1}%s}]}`
	for name, rule := range map[string]string{
		"the default rule of clearing":        ``,
		"clearing by days":                    `,"clearing":{"days":30}`,
		"late returns":                        `,"late_returns":{"days":60}`,
		"clearing and late returns":           `,"clearing":{"days":30},"late_returns":{"days":1}`,
		"clearing at once":                    `,"clearing":{"days":0}`,
		"clearing on a day of a later month":  `,"clearing":{"day":5,"months":2}`,
		"clearing on a day of the same month": `,"clearing":{"day":5,"months":0}`,
	} {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			if _, err := apply(t, st, valid, loaded); err != nil {
				t.Fatal(err)
			}
			text := fmt.Sprintf(contract, rule)
			if _, err := put(t, st, keyOf("contracts", "77"), text); err != nil {
				t.Fatal(err)
			}
			reference, err := st.Reference(t.Context(), 1, loaded.Add(2*time.Hour))
			if err != nil {
				t.Fatal(err)
			}
			entry, err := keyOf("contracts", "77").Get(reference)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := json.Marshal(entry); err != nil || string(got) != text {
				t.Errorf("read back as %s, %v, want %s", got, err, text)
			}
		})
	}
}

func TestPutCreatesOrReplacesAnEntry(t *testing.T) {
	for name, c := range map[string]struct {
		key        refdata.Key
		text, want string
	}{
		"a new campaign without an id in the text":  {keyOf("campaigns", "2000"), `{"name":"New"}`, ""},
		"an id that equals the key's":               {keyOf("partners", "11"), `{"id":11,"name":"New"}`, ""},
		"a contract id with the prefix of the wire": {keyOf("contracts", "78"), `{"id":"S-78","campaign":1000,"partner":10,"start":"2026-01-01"}`, ""},
		"a code in another letter case":             {keyOf("promo_codes", "1000", "TEN"), `{"code":"ten","partner":10}`, ""},
		"a promo code with every key": {
			keyOf("promo_codes", "1000", "TEN"),
			`{"partner":10,"start":"2026-02-01T00:00:00Z","end":"2026-03-01T00:00:00Z","type":"LI","credit_policy":"WINNER","deal":3,"deal_name":"Spring"}`, "",
		},
		"a promo code that is never valid":        {keyOf("promo_codes", "1000", "TEN"), `{"partner":10,"start":"2026-02-01","end":"2026-02-01"}`, ""},
		"a promo code that ends before its start": {keyOf("promo_codes", "1000", "TEN"), `{"partner":10,"start":"2026-02-01","end":"2026-01-31"}`, "1:42: end: Must not be before the start"},
		"an unknown type of promo code":           {keyOf("promo_codes", "1000", "TEN"), `{"partner":10,"type":"XX"}`, "1:22: type: Must be one of LI, RE"},
		"values of a partner":                     {keyOf("partners", "10"), `{"name":"Partner","value_1":"crm-4711","value_3":"gold"}`, ""},
		"a value with too many characters":        {keyOf("partners", "10"), `{"name":"Partner","value_2":"` + strings.Repeat("x", 256) + `"}`, "1:29: value_2: At most 255 characters"},
		"a new group":                             {keyOf("partner_groups", "8"), `{"campaign":1000,"name":"New"}`, ""},
		"a group with an unknown partner":         {keyOf("partner_groups", "8"), `{"campaign":1000,"name":"New","partners":[10,99]}`, "1:42: partners: There is no partner 99: add it or correct the id"},
		"a group with a partner twice":            {keyOf("partner_groups", "8"), `{"campaign":1000,"name":"New","partners":[10,10]}`, `1:46: partners: "10" is listed twice`},
		"a group in an unknown campaign":          {keyOf("partner_groups", "8"), `{"campaign":7,"name":"New"}`, "1:13: campaign: There is no campaign 7: add it or correct the id"},
		"a click":                                 {keyOf("clicks", "c-2"), `{"campaign":1000,"partner":10,"at":"2026-02-01"}`, ""},
		"a click id that is not UTF-8":            {keyOf("clicks", "caf\xe9"), `{"campaign":1000,"partner":10,"at":"2026-02-01"}`, "1:1: id: Must be UTF-8"},
		"an id that differs from the key's":       {keyOf("campaigns", "2000"), `{"id":2001,"name":"New"}`, "1:7: id: Must be 2000, as in the address"},
		"a code that differs from the key's":      {keyOf("promo_codes", "1000", "TEN"), `{"code":"TWO","partner":10}`, "1:9: code: Must be TEN, as in the address"},
		"an invalid id":                           {keyOf("campaigns", "x"), `{"name":"New"}`, "1:1: id: Must be a positive whole number of at most 16 digits"},
		"an unknown key":                          {keyOf("campaigns", "2000"), `{"name":"New","nom":"x"}`, "1:15: nom: Unknown key: the keys are id, name, state, type, fee_rate, pricing, fallback_partner, profile"},
		"a missing key":                           {keyOf("campaigns", "2000"), `{}`, "1:1: name: Required"},
		"a list":                                  {keyOf("campaigns", "2000"), `[]`, "1:1: Must be a mapping of keys to values"},
		"an unknown partner":                      {keyOf("promo_codes", "1000", "TEN"), `{"partner":99}`, "1:12: partner: There is no partner 99: add it or correct the id"},
		"backdated terms":                         {keyOf("contracts", "77"), `{"campaign":1000,"partner":10,"start":"2026-01-01","terms":[{"event_type":2240,"level":"ITEM","default":{"rate":9},"locking":{"days":1},"from":"2026-01-01"}]}`, "1:144: from: Terms can't be backdated: it is now 2026-06-01T06:00:00-07:00; give a later instant, or leave it out to apply them at once"},
		"another currency for an account":         {keyOf("accounts", "1"), `{"name":"A","currency":"EUR","zone":"America/Los_Angeles"}`, "1:24: currency: Must stay USD: the account's amounts are in it; create another account for another currency"},
		"another zone for an account":             {keyOf("accounts", "1"), `{"name":"A","currency":"USD","zone":"UTC"}`, "1:37: zone: Must stay America/Los_Angeles: dates of locking, clearing and invoices are in it; create another account for another zone"},
	} {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			if _, err := apply(t, st, valid, loaded); err != nil {
				t.Fatal(err)
			}
			n, err := put(t, st, c.key, c.text)
			got := ""
			if err != nil {
				invalid := (*refdata.FileError)(nil)
				if !errors.As(err, &invalid) {
					t.Fatal(err)
				}
				got = invalid.Error()[1:] // the file has no name
			}
			if got != c.want || (n == 1) != (c.want == "") {
				t.Errorf("recorded %d entries with error %q, want %q", n, got, c.want)
			}
		})
	}
}

func TestPutStoresTheValuesOfPartnersAndPromoCodes(t *testing.T) {
	st := open(t)
	if _, err := apply(t, st, valid, loaded); err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	for text, k := range map[string]refdata.Key{
		`{"name":"Partner","value_1":"crm-4711","value_3":"gold"}`: keyOf("partners", "10"),
		`{"code":"TEN","partner":10,"start":"2026-02-01T00:00:00Z","end":"2026-03-01T00:00:00Z","type":"LI","credit_policy":"WINNER","deal":3,"deal_name":"Spring"}`: keyOf("promo_codes", "1000", "ten"),
	} {
		if n, err := put(t, st, k, text); n != 1 || err != nil {
			t.Fatalf("%s: %d recorded, %v", text, n, err)
		}
	}
	r, err := st.CurrentReference(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.Partners[10].Values, [3]string{"crm-4711", "", "gold"}; got != want {
		t.Errorf("values are %q, want %q", got, want)
	}
	got := r.PromoCodes[program.PromoKey{Campaign: 1000, Upper: "TEN"}]
	want := program.PromoCode{
		ID: 2, Created: got.Created, Campaign: 1000, Code: "TEN", Partner: 10, Start: start, End: start.AddDate(0, 1, 0),
		Type: "LI", CreditPolicy: "WINNER", Deal: 3, DealName: "Spring",
	}
	if got != want || !got.Created.After(loaded) {
		t.Errorf("promo code is %+v, want %+v", got, want)
	}
	if first := r.PromoCodes[program.PromoKey{Campaign: 1000, Upper: "SAVE10"}]; first.ID != 1 {
		t.Errorf("the first promo code has id %d", first.ID)
	}
}

func TestSetChangesSomeValuesOfAnEntry(t *testing.T) {
	for name, c := range map[string]struct {
		key    refdata.Key
		values map[string]any
		want   program.PartnerGroup
	}{
		"an entry":    {keyOf("partner_groups", "7"), map[string]any{"name": "Renamed"}, program.PartnerGroup{ID: 7, Campaign: 1000, Name: "Renamed", Partners: []int64{10}, State: "ACTIVE"}},
		"a new entry": {refdata.NewKey(program.KindPartnerGroup, "8"), map[string]any{"campaign": 1000, "name": "New"}, program.PartnerGroup{ID: 8, Campaign: 1000, Name: "New", State: "ACTIVE"}},
		"no partners": {keyOf("partner_groups", "7"), map[string]any{"partners": []int64{}, "name": "Empty"}, program.PartnerGroup{ID: 7, Campaign: 1000, Name: "Empty", State: "ACTIVE"}},
	} {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			if _, err := apply(t, st, valid, loaded); err != nil {
				t.Fatal(err)
			}
			if n, err := st.Record(t.Context(), 1, loaded.Add(time.Hour), by, c.key.Set(c.values)); n != 1 || err != nil {
				t.Fatalf("%d recorded, %v", n, err)
			}
			r, err := st.CurrentReference(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, r.PartnerGroups[c.want.ID]); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPutIntoAnUnknownAccountReturnsErrNotFound(t *testing.T) {
	if _, err := put(t, open(t), keyOf("campaigns", "1"), `{"name":"New"}`); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("error %v, want ErrNotFound", err)
	}
}

func TestAnEntryEndsByADateOrAState(t *testing.T) {
	st := open(t)
	if _, err := apply(t, st, valid, loaded); err != nil {
		t.Fatal(err)
	}
	at := loaded.Add(time.Hour)
	for _, k := range keys {
		if k.Kind.EndKey == "" {
			continue
		}
		if n, err := st.Record(t.Context(), 1, at, by, k.End(refdata.EndOptions{State: refdata.StateEnded})); n != 1 || err != nil {
			t.Errorf("%s: %d recorded, %v", k.Kind.List, n, err)
		}
	}
	r, err := st.Reference(t.Context(), 1, at.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	code := program.PromoKey{Campaign: 1000, Upper: "SAVE10"}
	if r.Campaigns[1000].State != "ENDED" || r.EventTypes[2240].State != "ENDED" || r.Partners[10].State != "ENDED" ||
		r.Contracts[77].InForce(at.Add(time.Minute)) || !r.Contracts[77].InForce(at.Add(-time.Minute)) ||
		r.PromoCodes[code].InForce(at.Add(time.Minute)) || !r.PromoCodes[code].InForce(at.Add(-time.Minute)) {
		t.Errorf("%+v", r)
	}
	invalid := (*refdata.FileError)(nil)
	early := refdata.EndOptions{At: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)}
	if _, err := st.Record(t.Context(), 1, at, by, keyOf("contracts", "77").End(early)); !errors.As(err, &invalid) || invalid.Diagnostics[0].Key != "end" {
		t.Errorf("end of a contract before its start: %v", err)
	}
	for _, k := range []refdata.Key{keyOf("contracts", "99"), keyOf("clicks", "c-1"), keyOf("accounts", "1")} {
		if _, err := st.Record(t.Context(), 1, at, by, k.End(refdata.EndOptions{})); !errors.Is(err, ledger.ErrNotFound) {
			t.Errorf("%s: %v", k.Kind.List, err)
		}
	}
}

func TestAFileMayHaveAListOfEveryKind(t *testing.T) {
	for _, list := range lists() {
		text := fmt.Sprintf("accounts: [{id: 1, name: A, currency: USD, zone: UTC, %s: 1}]", list)
		if errs := errorsOf(t, text); len(errs) != 1 || !strings.HasSuffix(errs[0], list+": Must be a list") {
			t.Errorf("%s: errors %q", list, errs)
		}
	}
}
