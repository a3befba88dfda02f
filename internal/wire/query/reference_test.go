package query_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

func TestSection20ReferenceListsAreFilteredAndSorted(t *testing.T) {
	r := wiretest.Reference(t)
	partners := func(parameters string) []int64 {
		q, err := query.DecodePartners(wiretest.Params(t, parameters), env)
		if err != nil {
			t.Fatal(err)
		}
		ids := []int64{}
		for _, p := range q.Partners(r) {
			ids = append(ids, p.ID)
		}
		return ids
	}
	contracts := func(parameters string) []int64 {
		q, err := query.DecodeContracts(wiretest.Params(t, parameters), env)
		if err != nil {
			t.Fatal(err)
		}
		ids := []int64{}
		for _, c := range q.Contracts(r, 1000) {
			ids = append(ids, c.ID)
		}
		return ids
	}
	for name, c := range map[string]struct{ got, want []int64 }{
		"all partners, ordered by id":    {partners(""), []int64{8, 9}},
		"active partners":                {partners("State=active"), []int64{9}},
		"a partner by id":                {partners("Id=8"), []int64{8}},
		"partners of a campaign":         {partners("CampaignId=1000"), []int64{8, 9}},
		"partners of another campaign":   {partners("CampaignId=1"), []int64{}},
		"all contracts":                  {contracts(""), []int64{3240325, 3240326}},
		"expired contracts":              {contracts("Status=EXPIRED"), []int64{3240325}},
		"active contracts of a partner":  {contracts("Status=ACTIVE&PartnerId=9"), []int64{3240326}},
		"expired contracts of a partner": {contracts("Status=EXPIRED&PartnerId=9"), []int64{}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	q, err := query.DecodeCampaigns(wiretest.Params(t, "Name=SHOP&State=ACTIVE"), env)
	if err != nil || len(q.Campaigns(r)) != 1 {
		t.Errorf("campaigns are %v (%v)", q.Campaigns(r), err)
	}
	if q, err := query.DecodeCampaigns(wiretest.Params(t, "Name=other"), env); err != nil || len(q.Campaigns(r)) != 0 {
		t.Errorf("campaigns are %v (%v)", q.Campaigns(r), err)
	}
}
