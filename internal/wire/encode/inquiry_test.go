package encode_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

func resolvedInquiry() inquiry.Inquiry {
	return inquiry.Inquiry{
		Number: 782287, Created: now, Currency: "USD", Status: inquiry.StatusValid, Resolved: now, Submission: 158133,
		Claim: inquiry.Claim{
			Campaign: 1000, Partner: 9, Order: "A&1", Date: now.AddDate(0, 0, -3), Amount: wiretest.Decimal("21.99"), Type: inquiry.TypeUntracked,
		},
		Comments: []inquiry.Comment{{User: "Blog <9>", Text: "Where is it?", At: now}},
		Outcome:  inquiry.ConversionOutcome{Completed: now, Action: wiretest.Action().ID, Payout: 88},
	}
}

// asStrings matches the members that are numbers since version 14.
var asStrings = regexp.MustCompile(`"(\w+)":([0-9.]+)`)

func TestSection18AnInquiryIsEncoded(t *testing.T) {
	const (
		head = `{"Id":782287,"CampaignId":1000,"CampaignName":"Shop","MediaPartnerId":9,"MediaPartnerName":"Blog <9>",` +
			`"OrderId":"A&1","TransactionDate":"2026-10-05T05:00:00-07:00","TransactionAmount":21.99,"InquiryType":"UNTRACKED",` +
			`"ExpectedPayout":0.00,"ResolutionDeadlineDate":"","Comments":[{"User":"Blog <9>","Comment":"Where is it?","Date":"2026-10-08T05:00:00-07:00"}`
		base   = `/Advertisers/` + sid
		action = `],"TrackingLink":"","ActionId":"1000.2240.158133","ActionUri":"` + base + `/Actions/1000.2240.158133","AutoApprovalDate":"",` +
			`"ResolutionStatus":"VALID","RejectReason":"",`
		tail = `"ResolutionDate":"2026-10-08T05:00:00-07:00","CreationDate":"2026-10-08T05:00:00-07:00","Uri":"` + base + `/ActionInquiries/782287"}`
	)
	for name, c := range map[string]struct {
		change func(q *inquiry.Inquiry)
		want   string
	}{
		"valid, with the payout of the terms": {func(*inquiry.Inquiry) {}, head + action + `"FinalPayout":0.88,` + tail},
		"valid, with a payout by the brand":   {func(q *inquiry.Inquiry) { q.Resolution.FinalPayout = wiretest.Decimal("1.5") }, head + action + `"FinalPayout":1.50,` + tail},
		"valid, but the conversion failed": {
			func(q *inquiry.Inquiry) {
				q.Outcome = inquiry.ConversionOutcome{Completed: now, Code: "CONV_DUPLICATE", Message: "It is there."}
			},
			head + `,{"User":"Trueup","Comment":"CONV_DUPLICATE: It is there.","Date":"2026-10-08T05:00:00-07:00"}],"TrackingLink":"","ActionId":"",` +
				`"ActionUri":"","AutoApprovalDate":"","ResolutionStatus":"VALID","RejectReason":"","FinalPayout":0.00,` + tail,
		},
	} {
		t.Run(name, func(t *testing.T) {
			q := resolvedInquiry()
			c.change(&q)
			for version := wire.OldestVersion; version <= wire.CurrentVersion; version++ {
				asJSON, asXML := encodeOne(encoder(t, version), func(e *encode.Encoder, dst []byte) []byte { return e.AppendInquiry(dst, q) })
				want := c.want
				if version < 14 {
					want = asStrings.ReplaceAllString(want, `"$1":"$2"`)
					want = strings.ReplaceAll(want, `":"0.00"`, `":""`)
				}
				if diff := cmp.Diff(want, string(asJSON)); diff != "" {
					t.Error(diff)
				}
				members, paths := wiretest.ReadXML(t, asXML)
				if paths[1] != "ImpactRadiusResponse/ActionInquiry" || members[12] != (wiretest.Member{Name: "Comment", Value: "Where is it?"}) {
					t.Errorf("XML is %s", asXML)
				}
			}
		})
	}
}
