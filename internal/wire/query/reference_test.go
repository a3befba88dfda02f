package query_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestSection20ReferenceListsAreFilteredAndSorted(t *testing.T) {
	r := profiledReference(t)
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
		"all partners, ordered by id":                     {partners(""), []int64{8, 9}},
		"active partners":                                 {partners("State=active"), []int64{9}},
		"a partner by id":                                 {partners("Id=8"), []int64{8}},
		"partners of a campaign":                          {partners("CampaignId=1000"), []int64{8, 9}},
		"partners of another campaign":                    {partners("CampaignId=1"), []int64{}},
		"partners by several ids":                         {partners("Id=9,+8,7"), []int64{8, 9}},
		"partners by Country":                             {partners("Country=de"), []int64{9}},
		"partners of no Country":                          {partners("Country=US"), []int64{}},
		"partners with an active contract":                {partners("RelationshipState=ACTIVE"), []int64{9}},
		"partners with an expired contract":               {partners("RelationshipState=expired&CampaignId=1000"), []int64{8}},
		"partners with an expired contract in a campaign": {partners("RelationshipState=EXPIRED&CampaignId=1"), []int64{}},
		"partners by a state that no contract has":        {partners("RelationshipState=SUSPENDED"), []int64{}},
		"partners by DateCreated":                         {partners("startDate=2026-01-01"), []int64{9}},
		"partners by their first contract":                {partners("startDate=2024-10-08&endDate=2024-10-09"), []int64{8}},
		"endDate includes its second":                     {partners("startDate=2026-01-02T03:04:05Z&endDate=2026-01-02T03:04:05Z"), []int64{9}},
		"contracts are active by default":                 {contracts(""), []int64{3240326}},
		"upcoming contracts":                              {contracts("Status=upcoming"), []int64{3240327}},
		"no contract is pending":                          {contracts("Status=PENDING"), []int64{}},
		"no contract is declined":                         {contracts("Status=DECLINED"), []int64{}},
		"contracts that were in force":                    {contracts("StartDate=2025-01-01&EndDate=2025-02-01"), []int64{3240325}},
		"active contracts that were in force":             {contracts("StartDate=2025-01-01&EndDate=2025-02-01&Status=ACTIVE"), []int64{}},
		"contracts by their start":                        {contracts("StartDateAfter=2025-10-08T12:00:00Z&StartDateBefore=2025-10-08T12:00:01Z"), []int64{3240326}},
		"contracts that start before":                     {contracts("StartDateBefore=2025-10-08T12:00:00Z"), []int64{}},
		"contracts that end after":                        {contracts("EndDateAfter=2999-01-01"), []int64{3240326}},
		"contracts that end before":                       {contracts("EndDateBefore=2999-01-01&Status=EXPIRED"), []int64{3240325}},
		"contracts without an end":                        {contracts("EndDateBefore=2999-01-01"), []int64{}},
		"contracts by the brand's Signatory":              {contracts("Signatory=ann"), []int64{3240326}},
		"contracts by the partner's Signatory":            {contracts("Signatory=Bob"), []int64{3240326}},
		"contracts by another Signatory":                  {contracts("Signatory=Cyd"), []int64{}},
		"contracts by TemplateId":                         {contracts("TemplateId=7"), []int64{3240326}},
		"contracts by another TemplateId":                 {contracts("TemplateId=8"), []int64{}},
		"contracts by their last update":                  {contracts("DateLastUpdatedAfter=2026-01-01&DateLastUpdatedBefore=2026-02-01"), []int64{3240326}},
		"contracts without a last update":                 {contracts("DateLastUpdatedAfter=2020-01-01&Status=EXPIRED"), []int64{}},
		"expired contracts":                               {contracts("Status=EXPIRED"), []int64{3240325}},
		"active contracts of a partner":                   {contracts("Status=ACTIVE&PartnerId=9"), []int64{3240326}},
		"expired contracts of a partner":                  {contracts("Status=EXPIRED&PartnerId=9"), []int64{}},
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

// profiledReference returns reference data with profiles and an upcoming contract.
func profiledReference(t *testing.T) *program.Reference {
	r := wiretest.Reference(t)
	partner, contract := r.Partners[9], r.Contracts[3240326]
	partner.Profile = `{"Address":{"Country":"DE"},"DateCreated":"2026-01-02T03:04:05Z"}`
	contract.Profile = `{"BrandSignatory":"Ann","PartnerSignatory":"Bob","TemplateTerms":{"TemplateId":7},"DateLastUpdated":"2026-01-15T00:00:00Z"}`
	r.Partners[9], r.Contracts[3240326] = partner, contract
	r.Contracts[3240327] = program.Contract{ID: 3240327, Campaign: 1000, Partner: 9, Start: wiretest.Now.AddDate(1, 0, 0)}
	if err := r.Prepare(); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSection20FiltersOfReferenceDataAreChecked(t *testing.T) {
	partners := func(parameters string) error {
		_, err := query.DecodePartners(wiretest.Params(t, parameters), env)
		return err
	}
	contracts := func(parameters string) error {
		_, err := query.DecodeContracts(wiretest.Params(t, parameters), env)
		return err
	}
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"an Id that is not a number":     {partners("Id=9,x"), "Id: Not a whole number from 1"},
		"an Id that is empty":            {partners("Id=9,"), "Id: Not a whole number from 1"},
		"too many ids":                   {partners("Id=1" + strings.Repeat(",1", 1000)), "Id: At most 1000 ids"},
		"a range that ends first":        {partners("startDate=2026-02-01&endDate=2026-01-01"), "endDate: Must not be before startDate"},
		"a Status that is not published": {contracts("Status=NEW"), "Status: Must be one of ACTIVE, DECLINED, EXPIRED, PENDING, UPCOMING"},
		"a date that is none":            {contracts("EndDateBefore=soon"), "EndDateBefore: Not a timestamp"},
		"a template that is no number":   {contracts("TemplateId=x"), "TemplateId: Not a whole number from 1"},
		"a period that ends first":       {contracts("StartDateAfter=2026-02-01&StartDateBefore=2026-01-01"), "StartDateBefore: Must not be before StartDateAfter"},
	} {
		t.Run(name, func(t *testing.T) { wiretest.CheckErrors(t, c.err, c.want) })
	}
}
