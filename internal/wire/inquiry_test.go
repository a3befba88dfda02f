package wire_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

func inquiry() ledger.Inquiry {
	return ledger.Inquiry{
		Number: 782287, Created: now, Currency: "USD", Status: ledger.InquiryValid, Resolved: now, Submission: 158133,
		Claim: ledger.Claim{
			Campaign: 1000, Partner: 9, Order: "A&1", Date: now.AddDate(0, 0, -3), Amount: decimal("21.99"), Type: ledger.InquiryUntracked,
		},
		Comments: []ledger.Comment{{User: "Blog <9>", Text: "Where is it?", At: now}},
		Outcome:  ledger.ConversionOutcome{Completed: now, Action: action().ID, Payout: 88},
	}
}

func TestSection18TheObject(t *testing.T) {
	const (
		head = `{"Id":"782287","CampaignId":"1000","CampaignName":"Shop","MediaPartnerId":"9","MediaPartnerName":"Blog <9>",` +
			`"OrderId":"A&1","TransactionDate":"2026-10-05T05:00:00-07:00","TransactionAmount":"21.99","InquiryType":"UNTRACKED",` +
			`"ExpectedPayout":"","ResolutionDeadlineDate":"","Comments":[{"User":"Blog <9>","Comment":"Where is it?","Date":"2026-10-08T05:00:00-07:00"}`
		base = `/Advertisers/` + sid
		made = `],"TrackingLink":"","ActionId":"1000.2240.158133","ActionUri":"` + base + `/Actions/1000.2240.158133","AutoApprovalDate":"",` +
			`"ResolutionStatus":"VALID","RejectReason":"",`
		tail = `"ResolutionDate":"2026-10-08T05:00:00-07:00","CreationDate":"2026-10-08T05:00:00-07:00","Uri":"` + base + `/ActionInquiries/782287"}`
	)
	for name, c := range map[string]struct {
		change func(q *ledger.Inquiry)
		want   string
	}{
		"valid, and the terms pay":  {func(*ledger.Inquiry) {}, head + made + `"FinalPayout":"0.88",` + tail},
		"valid, and the brand pays": {func(q *ledger.Inquiry) { q.Resolution.FinalPayout = decimal("1.5") }, head + made + `"FinalPayout":"1.50",` + tail},
		"valid, and it failed": {
			func(q *ledger.Inquiry) {
				q.Outcome = ledger.ConversionOutcome{Completed: now, Code: "CONV_DUPLICATE", Message: "It is there."}
			},
			head + `,{"User":"Trueup","Comment":"CONV_DUPLICATE: It is there.","Date":"2026-10-08T05:00:00-07:00"}],"TrackingLink":"","ActionId":"",` +
				`"ActionUri":"","AutoApprovalDate":"","ResolutionStatus":"VALID","RejectReason":"","FinalPayout":"",` + tail,
		},
	} {
		t.Run(name, func(t *testing.T) {
			q := inquiry()
			c.change(&q)
			for version := wire.OldestVersion; version <= wire.CurrentVersion; version++ {
				asJSON, asXML := one(encoder(t, version), func(e *wire.Encoder, dst []byte) []byte { return e.AppendInquiry(dst, q) })
				if diff := cmp.Diff(c.want, string(asJSON)); diff != "" {
					t.Error(diff)
				}
				members, paths := readXML(t, asXML)
				if paths[1] != "ImpactRadiusResponse/ActionInquiry" || members[12] != (member{"Comment", "Where is it?", false}) {
					t.Errorf("XML is %s", asXML)
				}
			}
		})
	}
}

func TestSection18Resolutions(t *testing.T) {
	for name, c := range map[string]struct {
		query string
		want  ledger.Resolution
		// ignored are names that belong to another status.
		ignored string
	}{
		"valid, with everything": {
			"Id=7&ResolutionStatus=valid&ActionTrackerId=2240&ResolutionNotes=n&TransactionAmount=21.99&FinalPayout=1.5" +
				"&TransactionDate=2026-10-01T00:00:00Z&PromoCode=P&CustomerId=C&ItemSku1=A&ItemCategory1=c&ItemName1=n&ItemSubCategory1=s" +
				"&ItemMPN1=m&ItemTotalRebate1=0.3&ItemQty1=2&ItemSubtotal1=19.27&ItemSku3=B",
			ledger.Resolution{
				Status: ledger.InquiryValid, EventType: 2240, Notes: "n", Amount: decimal("21.99"), FinalPayout: decimal("1.5"),
				Date: utc("2026-10-01T00:00:00Z"), PromoCode: "P", Customer: "C",
				Lines: []ledger.ConversionLine{
					{
						Number: 1, SKU: "A", Category: "c", Name: "n", SubCategory: "s", MPN: "m",
						Rebate: decimal("0.3"), Quantity: new(int64(2)), SubTotal: decimal("19.27"),
					},
					{Number: 3, SKU: "B"},
				},
			},
			"",
		},
		"declined": {
			"Id=7&ResolutionStatus=DECLINED&RejectReason=r&ActionTrackerId=2240",
			ledger.Resolution{Status: ledger.InquiryDeclinedForGood, RejectReason: "r"},
			"ActionTrackerId",
		},
		"incomplete": {
			"Id=7&ResolutionStatus=INCOMPLETE&RejectReason=r",
			ledger.Resolution{Status: ledger.InquiryAsksForMore},
			"RejectReason",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := params(t, c.query)
			number, got, err := wire.DecodeResolution(p, env)
			if diff := cmp.Diff(c.want, got); err != nil || number != 7 || diff != "" || p.Ignored() != c.ignored {
				t.Errorf("%d, %v, ignored %q\n%s", number, err, p.Ignored(), diff)
			}
		})
	}
}

func TestSection18FaultsOfResolutions(t *testing.T) {
	for query, want := range map[string][]string{
		"": {"Id: Required", "ResolutionStatus: Required"},
		"Id=x&ResolutionStatus=DONE": {
			"Id: Not a whole number from 1, of at most 16 digits", "ResolutionStatus: Must be one of VALID, DECLINED, INCOMPLETE",
		},
		"Id=7&ResolutionStatus=VALID":    {"ActionTrackerId: Required"},
		"Id=7&ResolutionStatus=DECLINED": {"RejectReason: Required"},
		"Id=7&ResolutionStatus=VALID&ActionTrackerId=1&FinalPayout=-1&ItemQty1=x": {
			"FinalPayout: Must not be negative", "ItemQty1: Not a whole number",
		},
	} {
		_, _, err := wire.DecodeResolution(params(t, query), env)
		checkFaults(t, err, want...)
	}
}

func TestSection18Claims(t *testing.T) {
	got, err := wire.DecodeClaim(params(t, "CampaignId=1&MediaPartnerId=2&OrderId=Q&TransactionDate=2026-10-01&TransactionAmount=5"+
		"&ExpectedPayout=1&TrackingLink=l&Comment=c&ResolutionDeadlineDate=2026-10-02&AutoApprovalDate=2026-10-03"), env)
	want := ledger.Claim{
		Campaign: 1, Partner: 2, Order: "Q", Date: utc("2026-10-01T07:00:00Z"), Amount: new(money.Whole(5)), Type: ledger.InquiryUntracked,
		ExpectedPayout: new(money.Whole(1)), TrackingLink: "l", Comment: "c",
		Deadline: utc("2026-10-02T07:00:00Z"), AutoApproval: utc("2026-10-03T07:00:00Z"),
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	_, err = wire.DecodeClaim(params(t, "InquiryType=LOST"), env)
	checkFaults(t, err, "CampaignId: Required", "InquiryType: Must be one of UNTRACKED, INCORRECT, DECLINED",
		"MediaPartnerId: Required", "OrderId: Required", "TransactionDate: Required")
}

func TestSection18Filters(t *testing.T) {
	got, err := wire.DecodeInquiryQuery(params(t, "CampaignId=1&MediaPartnerId=2&OrderId=Q&ResolutionStatus=unresolved"+
		"&StartDate=2026-09-01&EndDate=2026-10-01T00:00:00Z&TransactionDateStart=2026-08-01T00:00:00Z&TransactionDateEnd=2026-08-01T00:00:00Z&PageSize=5"), env)
	want := wire.InquiryQuery{Filter: ledger.InquiryFilter{
		Campaign: 1, Partner: 2, Order: "Q", Status: ledger.InquiryUnresolved,
		Created: ledger.TimeRange{Start: utc("2026-09-01T07:00:00Z"), End: utc("2026-10-01T00:00:01Z")},
		Date:    ledger.TimeRange{Start: utc("2026-08-01T00:00:00Z"), End: utc("2026-08-01T00:00:01Z")},
	}, Page: ledger.Page{Size: 5, Number: 1}, Filters: got.Filters}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	all, err := wire.DecodeInquiryQuery(params(t, ""), env)
	if err != nil || all.Filter != (ledger.InquiryFilter{}) || all.Filters != "" {
		t.Errorf("without filters: %+v, %v", all, err)
	}
	_, err = wire.DecodeInquiryQuery(params(t, "StartDate=2026-09-01&ResolutionStatus=x"), env)
	checkFaults(t, err, "EndDate: Required with StartDate", "ResolutionStatus: Must be one of UNRESOLVED, VALID, DECLINED, INCOMPLETE")
}
