package query_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

func FuzzDecodeReferenceQuery(f *testing.F) {
	f.Add("Id=1&CampaignId=2&PartnerId=3&Name=x&State=active&Status=ACTIVE&StartDate=2026-09-01&EndDate=2026-10-01&Page=2", "", []byte{})
	f.Add("Id=5.", "", []byte("Id=5")) // the same number as a malformed and as a valid value
	decoders := []func(*wire.Params, wire.Env) (query.Reference, error){
		query.DecodeCampaigns, query.DecodePartners, query.DecodeContracts,
	}
	decode := func(p *wire.Params, env wire.Env) (all []query.Reference, err error) {
		for _, decode := range decoders {
			q, err := decode(p, env)
			if err != nil {
				return nil, err
			}
			q.Filters, q.Page = "", search.Page{}
			all = append(all, q)
		}
		return all, nil
	}
	wiretest.FuzzDecoder(f, decode)
}

func FuzzDecodeQuery(f *testing.F) {
	f.Add("CampaignId=1&State=PENDING&StartDate=2026-09-01T00:00:00+0000&EndDate=2026-10-01&Page=2&PageSize=3", "", []byte{})
	f.Add("InvoiceId=9-2&MediaPartnerId=9&EndDate=2026-10-01", "", []byte{})
	f.Add("ActionId=1.2.3&Cursor=bgEAHD5rQw&HasError=1&Status=Queued", "", []byte{})
	type queries struct {
		Actions     query.List[search.ActionFilter]
		Submissions query.List[search.SubmissionFilter]
		Inquiries   query.List[search.InquiryFilter]
		Adjustments query.List[query.Adjustments]
	}
	decode := func(p *wire.Params, env wire.Env) (q queries, err error) {
		if q.Submissions, err = query.DecodeSubmissions(p, env); err != nil {
			return queries{}, err
		}
		if q.Inquiries, err = query.DecodeInquiries(p, env); err != nil {
			return queries{}, err
		}
		if q.Actions, err = query.DecodeActions(p, env); err != nil {
			return queries{}, err
		}
		if q.Adjustments, err = query.DecodeAdjustments(p, env); err != nil {
			return queries{}, err
		}
		// Each decoder reads other parameters, so their filters differ.
		q.Actions.Filters, q.Submissions.Filters, q.Inquiries.Filters, q.Adjustments.Filters = "", "", "", ""
		q.Actions.Page, q.Submissions.Page, q.Inquiries.Page, q.Adjustments.Page = search.Page{}, search.Page{}, search.Page{}, search.Page{}
		return q, nil
	}
	wiretest.FuzzDecoder(f, decode)
}

func FuzzDecodeInvoices(f *testing.F) {
	f.Add("MediaId=9&Status=PAID&StartDate=2026-09-01&EndDate=2026-10-01T00:00:00Z&Page=2", "", []byte{})
	wiretest.FuzzDecoder(f, func(p *wire.Params, env wire.Env) (search.InvoiceFilter, error) {
		l, err := query.DecodeInvoices(p, env)
		return l.Filter, err
	})
}
