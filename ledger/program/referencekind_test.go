package program_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// exampleReference returns a Reference with entries of every kind that it can hold.
func exampleReference() *program.Reference {
	r := program.NewReference()
	r.Account = program.Account{ID: 1, Currency: "USD", Zone: "UTC"}
	r.Campaigns[1000] = program.Campaign{ID: 1000, Name: "Shop"}
	r.EventTypes[2240] = program.EventType{ID: 2240, Campaign: 1000, Code: "SALE"}
	r.Partners[501] = program.Partner{ID: 501, Name: "Partner"}
	r.PartnerGroups[7] = program.PartnerGroup{ID: 7, Campaign: 1000, Partners: []int64{501}}
	p := program.PromoCode{Campaign: 1000, Code: "Save10", Partner: 501, End: time.Unix(1e9, 0).UTC()}
	r.PromoCodes[p.Key()] = p
	r.Contracts[1] = program.Contract{ID: 1, Campaign: 1000, Partner: 501}
	of := program.TermsOf{Contract: 1, EventType: 2240}
	for version := range 2 {
		r.Terms[of] = append(r.Terms[of], program.Terms{TermsKey: program.TermsKey{TermsOf: of, Version: version + 1}})
	}
	r.Notifications[1] = program.Notification{ID: 1, Campaign: 1000}
	r.Notifications[2] = program.Notification{ID: 2, Campaign: 1000}
	r.Bridges[1] = program.Bridge{ID: 1, Campaign: 1000}
	return r
}

var ignoreUnexported = cmpopts.IgnoreUnexported(program.Reference{})

func TestEntriesRestoreTheirReference(t *testing.T) {
	want, got := exampleReference(), program.NewReference()
	for e := range want.Entries() {
		document, err := json.Marshal(e.Value)
		if err != nil {
			t.Fatal(err)
		}
		if err := got.AddEntry(e.Kind, document); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, got, ignoreUnexported); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEntriesCanStopEarly(t *testing.T) {
	r := exampleReference()
	total := 0
	for range r.Entries() {
		total++
	}
	if want := 12; total != want {
		t.Fatalf("%d entries, want %d", total, want)
	}
	for limit := 1; limit <= total; limit++ {
		n := 0
		for range r.Entries() {
			if n++; n == limit {
				break
			}
		}
		if n != limit {
			t.Errorf("%d entries, want %d", n, limit)
		}
	}
}

func TestEmptyReferenceHasNoEntries(t *testing.T) {
	if got := slices.Collect(program.NewReference().Entries()); len(got) != 0 {
		t.Errorf("entries are %+v, want none", got)
	}
}

func TestAddEntryRejectsAnUnknownKind(t *testing.T) {
	for _, kind := range []string{"no such kind", "click"} {
		if err := program.NewReference().AddEntry(kind, []byte("{}")); err == nil {
			t.Errorf("an entry of kind %q was added", kind)
		}
	}
}

func TestMergedReferencePrefersTheOther(t *testing.T) {
	first, other := exampleReference(), program.NewReference()
	other.Partners[501] = program.Partner{ID: 501, Name: "Renamed"}
	other.Partners[502] = program.Partner{ID: 502}
	merged := first.Merged(other)
	want := exampleReference()
	want.Partners = map[int64]program.Partner{501: {ID: 501, Name: "Renamed"}, 502: {ID: 502}}
	if diff := cmp.Diff(want, merged, ignoreUnexported); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	other.Account = program.Account{ID: 1, Currency: "JPY", Zone: "Asia/Tokyo"}
	if got := first.Merged(other).Account; got != other.Account {
		t.Errorf("account is %+v, want %+v", got, other.Account)
	}
}
