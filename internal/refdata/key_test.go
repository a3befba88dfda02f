package refdata_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

func keyOf(list refdata.List, values ...string) refdata.Key {
	k := refdata.Key{List: list, Values: make(map[string]string)}
	for i, key := range list.Keys() {
		k.Values[key] = values[i]
	}
	return k
}

// keys name an entry of each list of the program.
var keys = []refdata.Key{
	keyOf(refdata.Accounts, "1"), keyOf(refdata.Campaigns, "1000"), keyOf(refdata.EventTypes, "2240"), keyOf(refdata.Partners, "10"),
	keyOf(refdata.PromoCodes, "1000", "save10"), keyOf(refdata.Contracts, "77"), keyOf(refdata.Notifications, "5"),
	keyOf(refdata.Notifications, "6"),
}

func put(t *testing.T, st *sqlstore.Store, k refdata.Key, text string) (int, error) {
	t.Helper()
	change, err := k.Put([]byte(text))
	if err != nil {
		return 0, err
	}
	return st.Record(t.Context(), 1, loaded.Add(time.Hour), by, change)
}

func TestWhatIsReadCanBePutBackAndChangesNothing(t *testing.T) {
	st := open(t)
	if _, err := apply(t, st, program, loaded); err != nil {
		t.Fatal(err)
	}
	reference, err := st.Reference(t.Context(), 1, loaded)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		entry, err := k.Of(reference)
		if err != nil {
			t.Errorf("%s: %v", k.List, err)
			continue
		}
		text, err := json.Marshal(entry)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := put(t, st, k, string(text)); n != 0 || err != nil {
			t.Errorf("%s put back: %d entries, %v\n%s", k.List, n, err, text)
		}
	}
}

func TestPutTakesOneEntryAsItStandsInAFile(t *testing.T) {
	for name, c := range map[string]struct {
		key         refdata.Key
		text, fault string
	}{
		"a new campaign, named by its key alone":      {keyOf(refdata.Campaigns, "2000"), `{"name":"New"}`, ""},
		"the same id in the text":                     {keyOf(refdata.Partners, "11"), `{"id":11,"name":"New"}`, ""},
		"a contract by the name that callers see":     {keyOf(refdata.Contracts, "78"), `{"id":"S-78","campaign":1000,"partner":10,"start":"2026-01-01"}`, ""},
		"a code in another letter case":               {keyOf(refdata.PromoCodes, "1000", "TEN"), `{"code":"ten","partner":10}`, ""},
		"a click":                                     {keyOf(refdata.Clicks, "c-2"), `{"campaign":1000,"partner":10,"at":"2026-02-01"}`, ""},
		"a click whose id is no text":                 {keyOf(refdata.Clicks, "caf\xe9"), `{"campaign":1000,"partner":10,"at":"2026-02-01"}`, "1:1: id: Must be UTF-8"},
		"another id in the text":                      {keyOf(refdata.Campaigns, "2000"), `{"id":2001,"name":"New"}`, "1:7: id: Must be 2000, as in the address"},
		"another code in the text":                    {keyOf(refdata.PromoCodes, "1000", "TEN"), `{"code":"TWO","partner":10}`, "1:9: code: Must be TEN, as in the address"},
		"an id that is none":                          {keyOf(refdata.Campaigns, "x"), `{"name":"New"}`, "1:1: id: Must be a positive whole number of at most 16 digits"},
		"an unknown key":                              {keyOf(refdata.Campaigns, "2000"), `{"name":"New","nom":"x"}`, "1:15: nom: Unknown key: here are id, name, state, type, fee_rate, pricing"},
		"a missing key":                               {keyOf(refdata.Campaigns, "2000"), `{}`, "1:1: name: Required"},
		"a list":                                      {keyOf(refdata.Campaigns, "2000"), `[]`, "1:1: Must be a mapping of keys to values"},
		"a partner that nobody knows":                 {keyOf(refdata.PromoCodes, "1000", "TEN"), `{"partner":99}`, "1:12: partner: There is no partner 99, neither in the file nor recorded: add it or correct the id"},
		"terms that would be dated back":              {keyOf(refdata.Contracts, "77"), `{"campaign":1000,"partner":10,"start":"2026-01-01","terms":[{"event_type":2240,"level":"ITEM","default":{"rate":9},"locking":{"days":1},"from":"2026-01-01"}]}`, "1:144: from: Terms are not dated back: it is 2026-06-01T06:00:00-07:00; give a later instant, or leave it out to have them in force at once"},
		"an account with another currency than it is": {keyOf(refdata.Accounts, "1"), `{"name":"A","currency":"EUR","zone":"UTC"}`, "1:24: currency: Must stay USD: the account's amounts are in it; record a new account for another"},
	} {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			if _, err := apply(t, st, program, loaded); err != nil {
				t.Fatal(err)
			}
			n, err := put(t, st, c.key, c.text)
			got := ""
			if err != nil {
				faults := (*refdata.Faults)(nil)
				if !errors.As(err, &faults) {
					t.Fatal(err)
				}
				got = faults.Error()[1:] // there is no name of a file
			}
			if got != c.fault || (n == 1) != (c.fault == "") {
				t.Errorf("%d recorded, fault %q, want %q", n, got, c.fault)
			}
		})
	}
}

func TestNothingIsPutIntoAnAccountThatIsNotThere(t *testing.T) {
	if _, err := put(t, open(t), keyOf(refdata.Campaigns, "1"), `{"name":"New"}`); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("error is %v", err)
	}
}

func TestAnEntryEndsByADateOrAState(t *testing.T) {
	st := open(t)
	if _, err := apply(t, st, program, loaded); err != nil {
		t.Fatal(err)
	}
	at := loaded.Add(time.Hour)
	for _, k := range keys[1:] {
		if n, err := st.Record(t.Context(), 1, at, by, k.End(refdata.Ending{State: refdata.StateEnded})); n != 1 || err != nil {
			t.Errorf("%s: %d recorded, %v", k.List, n, err)
		}
	}
	r, err := st.Reference(t.Context(), 1, at.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	code := ledger.PromoKey{Campaign: 1000, Upper: "SAVE10"}
	if r.Campaigns[1000].State != "ENDED" || r.EventTypes[2240].State != "ENDED" || r.Partners[10].State != "ENDED" ||
		r.Contracts[77].InForce(at.Add(time.Minute)) || !r.Contracts[77].InForce(at.Add(-time.Minute)) ||
		r.PromoCodes[code].InForce(at.Add(time.Minute)) || !r.PromoCodes[code].InForce(at.Add(-time.Minute)) {
		t.Errorf("%+v", r)
	}
	faults := (*refdata.Faults)(nil)
	early := refdata.Ending{At: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)}
	if _, err := st.Record(t.Context(), 1, at, by, keys[5].End(early)); !errors.As(err, &faults) || faults.List[0].Key != "end" {
		t.Errorf("a contract that ends before it starts: %v", err)
	}
	for _, k := range []refdata.Key{keyOf(refdata.Contracts, "99"), keyOf(refdata.Clicks, "c-1")} {
		if _, err := st.Record(t.Context(), 1, at, by, k.End(refdata.Ending{})); !errors.Is(err, ledger.ErrNotFound) {
			t.Errorf("%s: %v", k.List, err)
		}
	}
}
