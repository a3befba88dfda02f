package wire_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

func TestSection18AResolutionIsDecoded(t *testing.T) {
	for name, c := range map[string]struct {
		parameters string
		want       inquiry.Resolution
		// ignored are names that belong to another status.
		ignored string
	}{
		"valid, with everything": {
			"Id=7&ResolutionStatus=valid&ActionTrackerId=2240&ResolutionNotes=n&TransactionAmount=21.99&FinalPayout=1.5" +
				"&TransactionDate=2026-10-01T00:00:00Z&PromoCode=P&CustomerId=C&ItemSku1=A&ItemCategory1=c&ItemName1=n&ItemSubCategory1=s" +
				"&ItemMPN1=m&ItemTotalRebate1=0.3&ItemQty1=2&ItemSubtotal1=19.27&ItemSku3=B",
			inquiry.Resolution{
				Status: inquiry.StatusValid, EventType: 2240, Notes: "n", Amount: wiretest.Decimal("21.99"), FinalPayout: wiretest.Decimal("1.5"),
				Date: wiretest.UTC("2026-10-01T00:00:00Z"), PromoCode: "P", Customer: "C",
				Lines: []ledger.ConversionLine{
					{
						Number: 1, SKU: "A", Category: "c", Name: "n", SubCategory: "s", MPN: "m",
						Rebate: wiretest.Decimal("0.3"), Quantity: new(int64(2)), SubTotal: wiretest.Decimal("19.27"),
					},
					{Number: 3, SKU: "B"},
				},
			},
			"",
		},
		"declined": {
			"Id=7&ResolutionStatus=DECLINED&RejectReason=r&ActionTrackerId=2240",
			inquiry.Resolution{Status: inquiry.StatusDeclined, RejectReason: "r"},
			"ActionTrackerId",
		},
		"incomplete": {
			"Id=7&ResolutionStatus=INCOMPLETE&RejectReason=r",
			inquiry.Resolution{Status: inquiry.StatusIncomplete},
			"RejectReason",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := wiretest.Params(t, c.parameters)
			number, got, err := wire.DecodeResolution(p, env)
			if diff := cmp.Diff(c.want, got); err != nil || number != 7 || diff != "" || p.Ignored() != c.ignored {
				t.Errorf("%d, %v, ignored %q\n%s", number, err, p.Ignored(), diff)
			}
		})
	}
}

func TestSection18AResolutionErrorNamesItsParameter(t *testing.T) {
	for parameters, want := range map[string][]string{
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
		_, _, err := wire.DecodeResolution(wiretest.Params(t, parameters), env)
		wiretest.CheckErrors(t, err, want...)
	}
}

func TestSection18AClaimIsDecoded(t *testing.T) {
	got, err := wire.DecodeClaim(wiretest.Params(t, "CampaignId=1&MediaPartnerId=2&OrderId=Q&TransactionDate=2026-10-01&TransactionAmount=5"+
		"&ExpectedPayout=1&TrackingLink=l&Comment=c&ResolutionDeadlineDate=2026-10-02&AutoApprovalDate=2026-10-03"), env)
	want := inquiry.Claim{
		Campaign: 1, Partner: 2, Order: "Q", Date: wiretest.UTC("2026-10-01T07:00:00Z"), Amount: new(money.Whole(5)), Type: inquiry.TypeUntracked,
		ExpectedPayout: new(money.Whole(1)), TrackingLink: "l", Comment: "c",
		Deadline: wiretest.UTC("2026-10-02T07:00:00Z"), AutoApproval: wiretest.UTC("2026-10-03T07:00:00Z"),
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	_, err = wire.DecodeClaim(wiretest.Params(t, "InquiryType=LOST"), env)
	wiretest.CheckErrors(t, err, "CampaignId: Required", "InquiryType: Must be one of UNTRACKED, INCORRECT, DECLINED",
		"MediaPartnerId: Required", "OrderId: Required", "TransactionDate: Required")
}
