package wire_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

func documented() wire.Env {
	e := env
	e.Documented = true
	return e
}

func TestDocumentedLimitsAskForACampaign(t *testing.T) {
	want := []wire.Fault{{Field: "CampaignId", Message: "Required"}}
	for name, decode := range map[string]func(string, wire.Env) error{
		"actions and updates": func(query string, e wire.Env) error {
			_, err := wire.DecodeActionQuery(params(t, query), e)
			return err
		},
		"inquiries": func(query string, e wire.Env) error {
			_, err := wire.DecodeInquiryQuery(params(t, query), e)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			refused := (*wire.Error)(nil)
			if err := decode("CampaignId=", documented()); !errors.As(err, &refused) || !cmp.Equal(want, refused.Faults) {
				t.Errorf("without a campaign: %v", err)
			}
			if err := decode("CampaignId=1000", documented()); err != nil {
				t.Errorf("with one: %v", err)
			}
			if err := decode("", env); err != nil {
				t.Errorf("with the limits off: %v", err)
			}
		})
	}
}

func TestDocumentedPageSizes(t *testing.T) {
	for name, c := range map[string]struct {
		query      string
		size, most int
	}{
		"none asked for is the largest":     {"", 20_000, 200_000},
		"a smaller one is raised":           {"PageSize=500", 2_000, 20_000},
		"one within the limits is honoured": {"PageSize=5000", 5_000, 50_000},
		"a larger one is lowered":           {"PageSize=50000", 20_000, 200_000},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := wire.DecodeActionQuery(params(t, "CampaignId=1&"+c.query), documented())
			if err != nil || q.Page.Size != c.size || q.Page.Most != c.most {
				t.Errorf("%+v, %v", q.Page, err)
			}
		})
	}
}

func TestDocumentedDatesAreNeverOpen(t *testing.T) {
	lastWeek := ledger.TimeRange{Start: utc("2026-10-01T12:00:00Z"), End: utc("2026-10-09T12:00:01Z")}
	for name, query := range map[string]string{
		"an order":    "CampaignId=1&Oid=X",
		"a Sku":       "CampaignId=1&Sku=X",
		"an ActionId": "CampaignId=1&ActionId=1000.4636.158133",
	} {
		t.Run(name, func(t *testing.T) {
			q, err := wire.DecodeActionQuery(params(t, query), documented())
			if err != nil || q.Filter.Updated != lastWeek {
				t.Errorf("covers %+v, %v", q.Filter.Updated, err)
			}
		})
	}
}
