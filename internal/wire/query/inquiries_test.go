package query_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

func TestSection18InquiryFiltersAreDecoded(t *testing.T) {
	got, err := query.DecodeInquiries(wiretest.Params(t, "CampaignId=1&MediaPartnerId=2&OrderId=Q&ResolutionStatus=unresolved"+
		"&StartDate=2026-09-01&EndDate=2026-10-01T00:00:00Z&TransactionDateStart=2026-08-01T00:00:00Z&TransactionDateEnd=2026-08-01T00:00:00Z&PageSize=5"), env)
	want := query.List[search.InquiryFilter]{Filter: search.InquiryFilter{
		Campaign: 1, Partner: 2, Order: "Q", Status: inquiry.StatusUnresolved,
		Created: search.TimeRange{Start: wiretest.UTC("2026-09-01T07:00:00Z"), End: wiretest.UTC("2026-10-01T00:00:01Z")},
		Date:    search.TimeRange{Start: wiretest.UTC("2026-08-01T00:00:00Z"), End: wiretest.UTC("2026-08-01T00:00:01Z")},
	}, Page: search.Page{Size: 5, Number: 1}, Filters: got.Filters}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	all, err := query.DecodeInquiries(wiretest.Params(t, ""), env)
	if err != nil || all.Filter != (search.InquiryFilter{}) || all.Filters != "" {
		t.Errorf("without filters: %+v, %v", all, err)
	}
	_, err = query.DecodeInquiries(wiretest.Params(t, "StartDate=2026-09-01&EndDate=2026-08-01&ResolutionStatus=x"), env)
	wiretest.CheckErrors(t, err, "EndDate: Must not be before StartDate", "ResolutionStatus: Must be one of UNRESOLVED, VALID, DECLINED, INCOMPLETE")
}
