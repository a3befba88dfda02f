package encode_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestSection20AContractIsEncoded(t *testing.T) {
	e := encoder(t, 14)
	asJSON, asXML := encodeOne(e, func(e *encode.Encoder, dst []byte) []byte {
		return e.AppendContract(dst, e.Reference.Contracts[3240326])
	})
	checkResponse(t, "a contract", asJSON, `{"Id":"S-3240326","PartnerId":9,"PartnerValue1":"","Status":"ACTIVE",`+
		`"StartDate":"2025-10-08T05:00:00-07:00","EndDate":"","BrandSignatory":"","BrandSignatoryDate":"","PartnerSignatory":"",`+
		`"PartnerSignatoryDate":"","DateCreated":"","DateLastUpdated":"",`+
		`"TemplateTerms":{"TemplateId":0,"VersionId":0,"Name":"","Labels":[],"Currency":"USD","EventPayouts":[{"EventTypeId":2240,`+
		`"EventTypeName":"Sale","EventCategory":"","DefaultPayout":0,"DefaultPayoutRate":4,"PayoutLevel":"ITEM","PayoutGroups":[{"Id":"5",`+
		`"Rank":1,"Rules":[{"Variable":"ITEM_CATEGORY","Operator":"IS","Values":["Shoes","R&B"]}],"Payout":0.25,"PayoutRate":0,"Limits":[],"Tiers":[]}]}],`+
		`"PromotionalTerms":[]},"ScheduledTerms":[{"Status":"UPCOMING","Name":"","StartDate":"2026-11-08T04:00:00-08:00","EndDate":"",`+
		`"Repeat":{"Days":[],"StartTime":"","EndTime":""},"EventPayouts":[{"EventTypeId":2240,"EventTypeName":"Sale","EventCategory":"",`+
		`"DefaultPayout":0,"DefaultPayoutRate":10,"PayoutLevel":"ITEM","PayoutGroups":[]}]}],"CampaignTerms":[],"HasCampaignTerms":false,`+
		`"PdfUri":"","Uri":"/Advertisers/`+sid+`/Campaigns/1000/Contracts/S-3240326","CampaignId":1000,"CampaignName":"Shop","PartnerName":"Blog <9>"}`)
	_, paths := wiretest.ReadXML(t, asXML)
	deepest := "ImpactRadiusResponse/Contract/TemplateTerms/EventPayouts/EventPayout/PayoutGroups/PayoutGroup/Rules/Rule/Values/Value"
	if !strings.Contains(strings.Join(paths, "\n"), deepest) {
		t.Errorf("XML has no %s", deepest)
	}
	for text, want := range map[string]int64{"S-3240326": 3240326, "3240326": 0, "S-": 0, "S-x": 0} {
		if id, err := wire.ParseContractID(text); id != want || (err == nil) != (want != 0) {
			t.Errorf("ParseContractID(%q) = %d, %v, want %d", text, id, err, want)
		}
	}
}

func TestSection20TermsFollowTheirDates(t *testing.T) {
	of := program.TermsOf{Contract: 3240326, EventType: 2240}
	at := func(days int) time.Time { return now.AddDate(0, 0, days) }
	for name, c := range map[string]struct {
		starts  []int // days from now at which the versions take effect
		end     int
		inForce string
		want    []string
	}{
		"one version in force":                         {[]int{-1}, 0, "1", nil},
		"a version ends when the next starts":          {[]int{-1, 1, 2}, 0, "1", []string{"2 until +2", "3 until ever"}},
		"a version that is brought forward":            {[]int{-1, 5, 3}, 0, "1", []string{"3 until ever"}},
		"the last version ends with the contract":      {[]int{-1, 1}, 9, "1", []string{"2 until +9"}},
		"a version that starts after the contract":     {[]int{-1, 9}, 5, "1", nil},
		"no version in force":                          {[]int{1}, 0, "", []string{"1 until ever"}},
		"the newest of two versions that have started": {[]int{-1, -1}, 0, "2", nil},
	} {
		t.Run(name, func(t *testing.T) {
			e := encoder(t, 14)
			contract := e.Reference.Contracts[3240326]
			if c.end != 0 {
				contract.End = at(c.end)
			}
			e.Reference.Terms[of] = nil
			for i, days := range c.starts {
				e.Reference.Terms[of] = append(e.Reference.Terms[of], program.Terms{
					TermsKey: program.TermsKey{TermsOf: of, Version: i + 1}, From: at(days), Default: program.Payout{Rate: wiretest.Decimal(strconv.Itoa(i + 1))},
				})
			}
			asJSON, _ := encodeOne(e, func(e *encode.Encoder, dst []byte) []byte { return e.AppendContract(dst, contract) })
			type payouts []struct{ DefaultPayoutRate json.Number }
			var got struct {
				TemplateTerms  struct{ EventPayouts payouts }
				ScheduledTerms []struct {
					EndDate      string
					EventPayouts payouts
				}
			}
			if err := json.Unmarshal(asJSON, &got); err != nil {
				t.Fatal(err)
			}
			inForce, scheduled := "", []string(nil)
			for _, p := range got.TemplateTerms.EventPayouts {
				inForce += p.DefaultPayoutRate.String()
			}
			for _, s := range got.ScheduledTerms {
				until := "ever"
				if end, err := time.Parse(time.RFC3339, s.EndDate); err == nil {
					until = "+" + strconv.Itoa(int(end.Sub(now).Hours()/24))
				}
				scheduled = append(scheduled, s.EventPayouts[0].DefaultPayoutRate.String()+" until "+until)
			}
			if inForce != c.inForce || !slices.Equal(scheduled, c.want) {
				t.Errorf("in force %q, scheduled %q; want %q, %q", inForce, scheduled, c.inForce, c.want)
			}
		})
	}
}

func TestSection20APartnerHasItsPrograms(t *testing.T) {
	e := encoder(t, 14)
	r := e.Reference
	r.Campaigns[2000] = program.Campaign{ID: 2000, Name: "Second"}
	r.Contracts[1] = program.Contract{ID: 1, Campaign: 2000, Partner: 9, Start: now.AddDate(-3, 0, 0), End: now.AddDate(-2, 0, 0)}
	r.Contracts[2] = program.Contract{ID: 2, Campaign: 2000, Partner: 9, Start: now.AddDate(-1, 0, 0), Profile: `{"TemplateTerms":{"Name":"Standard"}}`}
	r.Contracts[3] = program.Contract{ID: 3, Campaign: 2000, Partner: 9, Start: now.AddDate(1, 0, 0)}
	if err := r.Prepare(); err != nil {
		t.Fatal(err)
	}
	asJSON, _ := encodeOne(e, func(e *encode.Encoder, dst []byte) []byte { return e.AppendPartner(dst, r.Partners[9]) })
	want := `"Programs":[{"Id":"1000","Name":"Shop","ContractId":"S-3240326","ContractName":"","JoinDate":"2025-10-08T05:00:00-07:00","ExpirationDate":""},` +
		`{"Id":"2000","Name":"Second","ContractId":"S-2","ContractName":"Standard","JoinDate":"2023-10-08T05:00:00-07:00","ExpirationDate":""}]`
	if !strings.Contains(string(asJSON), want) {
		t.Errorf("want %s in %s", want, asJSON)
	}
}
