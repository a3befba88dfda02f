package query_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

func TestSection4JSONNumbersAreExpanded(t *testing.T) {
	for number, want := range map[string]string{
		"1.2E7": "12000000", "12e-3": "0.012", "-1.25e1": "-12.5", "0.5e1": "5", "1e0": "1", "7": "7", "-0.5E-1": "-0.05",
	} {
		p, err := wire.ParseParams("", "application/json", fmt.Appendf(nil, `{"CampaignId":%s,"OrderId":%s}`, "1", number))
		if err != nil {
			t.Fatal(err)
		}
		if q, err := query.DecodeSubmissions(p, env); err != nil || q.Filter.Order != want {
			t.Errorf("%s is read as %q (%v), want %s", number, q.Filter.Order, err, want)
		}
	}
}

func TestSection16SubmissionFiltersAreDecoded(t *testing.T) {
	last45 := search.TimeRange{Start: wiretest.UTC("2026-08-24T12:00:00Z"), End: wiretest.UTC("2026-10-08T12:00:01Z")}
	cases := map[string]struct {
		parameters string
		want       search.SubmissionFilter
	}{
		"no filter":                  {"", search.SubmissionFilter{}},
		"a type":                     {"Type=conversion", search.SubmissionFilter{Kinds: []ledger.Kind{"Conversion"}, Accepted: last45}},
		"modifications include undo": {"Type=Modification", search.SubmissionFilter{Kinds: []ledger.Kind{"Modification", "Undo"}, Accepted: last45}},
		"queued":                     {"Status=Queued", search.SubmissionFilter{Complete: new(false), Accepted: last45}},
		"complete":                   {"Status=Complete", search.SubmissionFilter{Complete: new(true), Accepted: last45}},
		"no submission is in progress": {
			"Status=In+Progress", search.SubmissionFilter{Complete: new(false), Failed: new(true), Accepted: last45},
		},
		"errors":    {"HasError=true", search.SubmissionFilter{Failed: new(true), Accepted: last45}},
		"no errors": {"HasError=0&OrderId=X", search.SubmissionFilter{Failed: new(false), Order: "X", Accepted: last45}},
		"dates": {
			"ActionId=1000.4636.158133&StartDate=2026-10-01T00:00:00Z&EndDate=2026-10-02T00:00:00Z",
			search.SubmissionFilter{
				Action:   ids.ActionID{Campaign: 1000, EventType: 4636, Number: 158133},
				Accepted: search.TimeRange{Start: wiretest.UTC("2026-10-01T00:00:00Z"), End: wiretest.UTC("2026-10-02T00:00:01Z")},
			},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := query.DecodeSubmissions(wiretest.Params(t, c.parameters), env)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.Filter); diff != "" {
				t.Error(diff)
			}
			again, err := query.DecodeSubmissions(wiretest.Params(t, got.Filters), env)
			if diff := cmp.Diff(got, again); err != nil || diff != "" {
				t.Error("the filters of page URIs select other submissions:", err, diff)
			}
		})
	}
	for _, parameters := range []string{"Status=Done", "Type=Undo", "HasError=perhaps", "ActionId=1"} {
		if _, err := query.DecodeSubmissions(wiretest.Params(t, parameters), env); wiretest.Errors(t, err) == nil {
			t.Errorf("%s is accepted", parameters)
		}
	}
}
