package query_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

// documented returns an environment with the documented limits.
func documented() wire.Env {
	e := env
	e.DocumentedLimits = true
	return e
}

func TestDocumentedLimitsRequireACampaign(t *testing.T) {
	want := []wire.FieldError{{Field: "CampaignId", Message: "Required."}}
	for name, decode := range map[string]func(string, wire.Env) error{
		"actions and updates": func(parameters string, e wire.Env) error {
			_, err := query.DecodeActions(wiretest.Params(t, parameters), e)
			return err
		},
		"inquiries": func(parameters string, e wire.Env) error {
			_, err := query.DecodeInquiries(wiretest.Params(t, parameters), e)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			var invalid *wire.Error
			if err := decode("CampaignId=", documented()); !errors.As(err, &invalid) || !cmp.Equal(want, invalid.Fields) {
				t.Errorf("without a campaign: %v", err)
			}
			if err := decode("CampaignId=1000", documented()); err != nil {
				t.Errorf("with a campaign: %v", err)
			}
			if err := decode("", env); err != nil {
				t.Errorf("without the limits: %v", err)
			}
		})
	}
}

func TestDocumentedLimitsBoundThePageSize(t *testing.T) {
	for name, c := range map[string]struct {
		parameters string
		size, most int
	}{
		"the default is the maximum":           {"", 20_000, 200_000},
		"a smaller page is enlarged":           {"PageSize=500", 2_000, 20_000},
		"a page within the limits is accepted": {"PageSize=5000", 5_000, 50_000},
		"a larger page is reduced":             {"PageSize=50000", 20_000, 200_000},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := query.DecodeActions(wiretest.Params(t, "CampaignId=1&"+c.parameters), documented())
			if err != nil || q.Page.Size != c.size || q.Page.MaxTotal != c.most {
				t.Errorf("page is %+v (%v)", q.Page, err)
			}
		})
	}
}

func TestDocumentedLimitsAlwaysApplyTheDefaultRange(t *testing.T) {
	lastWeek := search.TimeRange{Start: wiretest.UTC("2026-10-01T12:00:00Z"), End: wiretest.UTC("2026-10-09T12:00:01Z")}
	for name, parameters := range map[string]string{
		"an order":    "CampaignId=1&Oid=X",
		"a Sku":       "CampaignId=1&Sku=X",
		"an ActionId": "CampaignId=1&ActionId=1000.4636.158133",
	} {
		t.Run(name, func(t *testing.T) {
			q, err := query.DecodeActions(wiretest.Params(t, parameters), documented())
			if err != nil || q.Filter.Updated != lastWeek {
				t.Errorf("range is %+v (%v)", q.Filter.Updated, err)
			}
		})
	}
}
