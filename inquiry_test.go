package trueup_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup"
	"github.com/trueup-ledger/trueup/money"
)

var asked = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

func inquiryReference(t *testing.T) *trueup.Reference {
	t.Helper()
	r := &trueup.Reference{
		Account:   trueup.Account{ID: 1, Name: "Shop", Currency: "USD", Zone: "UTC"},
		Campaigns: map[int64]trueup.Campaign{1000: {ID: 1000}},
		Partners:  map[int64]trueup.Partner{10: {ID: 10, Name: "Partner", State: trueup.StateActive}},
		EventTypes: map[int64]trueup.EventType{
			2240: {ID: 2240, Campaign: 1000, State: trueup.StateActive}, 9: {ID: 9, Campaign: 2000, State: trueup.StateActive},
		},
	}
	if err := r.Prepare(); err != nil {
		t.Fatal(err)
	}
	return r
}

func claim() trueup.Claim {
	return trueup.Claim{
		Campaign: 1000, Partner: 10, Order: "Q", Date: asked.AddDate(0, 0, -9), Amount: ptr(money.Whole(20)),
		Type: trueup.InquiryUntracked, Comment: "Where is it?",
	}
}

// wantRefusal fails the test unless the error is a refusal of the field, or none for "".
func wantRefusal(t *testing.T, err error, field string) {
	t.Helper()
	var refusal *trueup.Refusal
	if field == "" && err != nil || field != "" && (!errors.As(err, &refusal) || refusal.Field != field) {
		t.Errorf("error is %v, want one of %q", err, field)
	}
}

func TestAClaimIsRefusedByTheFieldAtFault(t *testing.T) {
	for name, c := range map[string]struct {
		change func(c *trueup.Claim)
		field  string
	}{
		"nothing is wrong":        {func(*trueup.Claim) {}, ""},
		"an unknown campaign":     {func(c *trueup.Claim) { c.Campaign = 1 }, "CampaignId"},
		"an unknown partner":      {func(c *trueup.Claim) { c.Partner = 1 }, "MediaPartnerId"},
		"no order":                {func(c *trueup.Claim) { c.Order = "" }, "OrderId"},
		"no date":                 {func(c *trueup.Claim) { c.Date = time.Time{} }, "TransactionDate"},
		"a date of a fast clock":  {func(c *trueup.Claim) { c.Date = asked.Add(trueup.MaxAhead) }, ""},
		"a date beyond that":      {func(c *trueup.Claim) { c.Date = asked.Add(trueup.MaxAhead + 1) }, "TransactionDate"},
		"a date to come":          {func(c *trueup.Claim) { c.Date = asked.Add(time.Hour) }, "TransactionDate"},
		"a type that is none":     {func(c *trueup.Claim) { c.Type = "LOST" }, "InquiryType"},
		"an amount below zero":    {func(c *trueup.Claim) { c.Amount = ptr(money.Whole(-1)) }, "TransactionAmount"},
		"an expectation below it": {func(c *trueup.Claim) { c.ExpectedPayout = ptr(money.Whole(-1)) }, "ExpectedPayout"},
	} {
		t.Run(name, func(t *testing.T) {
			asks := claim()
			c.change(&asks)
			q, err := asks.Inquiry(inquiryReference(t), asked)
			wantRefusal(t, err, c.field)
			if err == nil && (q.Status != trueup.InquiryUnresolved || q.Currency != "USD" || len(q.Said()) != 1 || q.Said()[0].User != "Partner") {
				t.Errorf("it is %+v", q)
			}
		})
	}
}

func valid() trueup.Resolution {
	return trueup.Resolution{Status: trueup.InquiryValid, EventType: 2240}
}

func TestAResolutionIsRefusedByTheFieldAtFault(t *testing.T) {
	declined := trueup.Resolution{Status: trueup.InquiryDeclinedForGood, RejectReason: "paid"}
	incomplete := trueup.Resolution{Status: trueup.InquiryAsksForMore, Notes: "Which shop?"}
	otherwise := valid()
	otherwise.Notes = "x"
	failed := trueup.Made{Completed: asked, Code: trueup.CodeConversionDuplicate, Message: "It is a duplicate."}
	with := func(change func(r *trueup.Resolution)) trueup.Resolution {
		r := valid()
		change(&r)
		return r
	}
	for name, c := range map[string]struct {
		before []trueup.Resolution
		made   trueup.Made
		is     trueup.Resolution
		field  string
		same   bool
	}{
		"valid":                              {is: valid()},
		"declined":                           {is: declined},
		"declined without a reason":          {is: trueup.Resolution{Status: trueup.InquiryDeclinedForGood}, field: "RejectReason"},
		"incomplete":                         {is: incomplete},
		"a status that is none":              {is: trueup.Resolution{Status: trueup.InquiryUnresolved, Notes: "x"}, field: "ResolutionStatus"},
		"an unknown event type":              {is: with(func(r *trueup.Resolution) { r.EventType = 1 }), field: "EventTypeId"},
		"another campaign's event type":      {is: with(func(r *trueup.Resolution) { r.EventType = 9 }), field: "EventTypeId"},
		"a date to come":                     {is: with(func(r *trueup.Resolution) { r.Date = asked.Add(time.Hour) }), field: "EventDate"},
		"a payout below zero":                {is: with(func(r *trueup.Resolution) { r.FinalPayout = ptr(money.Whole(-1)) }), field: "FinalPayout"},
		"items that do not add up":           {is: with(addsUpTo(money.Whole(9))), field: "Amount"},
		"valid again":                        {before: []trueup.Resolution{valid()}, is: valid(), same: true},
		"valid, then otherwise":              {before: []trueup.Resolution{valid()}, is: otherwise, field: "ResolutionStatus"},
		"valid, then declined":               {before: []trueup.Resolution{valid()}, is: declined, field: "ResolutionStatus"},
		"declined again":                     {before: []trueup.Resolution{declined}, is: declined, same: true},
		"declined, then valid":               {before: []trueup.Resolution{declined}, is: valid(), field: "ResolutionStatus"},
		"incomplete again":                   {before: []trueup.Resolution{incomplete}, is: incomplete, same: true},
		"incomplete, then valid":             {before: []trueup.Resolution{incomplete}, is: valid()},
		"valid and failed, then the same":    {before: []trueup.Resolution{valid()}, made: failed, is: valid()},
		"valid and failed, then declined":    {before: []trueup.Resolution{valid()}, made: failed, is: declined},
		"valid and applied, then declined":   {before: []trueup.Resolution{valid()}, made: trueup.Made{Completed: asked}, is: declined, field: "ResolutionStatus"},
		"valid and applied, then once again": {before: []trueup.Resolution{valid()}, made: trueup.Made{Completed: asked}, is: valid(), same: true},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := claim().Inquiry(inquiryReference(t), asked)
			for _, r := range c.before {
				var was trueup.Resolved
				was, err = q.Resolve(r, inquiryReference(t), asked)
				if q = was.Inquiry; was.Conversion != nil {
					q.Submission = 7
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			q.Made = c.made
			said := len(q.Said())
			got, err := q.Resolve(c.is, inquiryReference(t), asked)
			wantRefusal(t, err, c.field)
			if err != nil {
				return
			}
			if got.Changed == c.same || len(got.Inquiry.Said()) < said || (got.Conversion != nil) != (!c.same && c.is.Status == trueup.InquiryValid) {
				t.Errorf("it is %+v", got)
			}
			if final := got.Inquiry.Status != trueup.InquiryAsksForMore; final == got.Inquiry.Resolved.IsZero() {
				t.Errorf("%s was resolved at %s", got.Inquiry.Status, got.Inquiry.Resolved)
			}
		})
	}
}

func TestAnInquiryThatWasTalkedAboutLongEnoughCanOnlyBeDeclined(t *testing.T) {
	const most = 1000
	declined := trueup.Resolution{Status: trueup.InquiryDeclinedForGood, RejectReason: "paid"}
	incomplete := trueup.Resolution{Status: trueup.InquiryAsksForMore, Notes: "Which shop?"}
	for name, c := range map[string]struct {
		comments int
		is       trueup.Resolution
		field    string
	}{
		"one fewer than the most, and a question": {most - 1, incomplete, ""},
		"the most, and a question":                {most, incomplete, "ResolutionStatus"},
		"the most, and an action":                 {most, valid(), "ResolutionStatus"},
		"the most, and an end":                    {most, declined, ""},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := claim().Inquiry(inquiryReference(t), asked)
			if err != nil {
				t.Fatal(err)
			}
			q.Comments = make([]trueup.Comment, c.comments)
			_, err = q.Resolve(c.is, inquiryReference(t), asked)
			wantRefusal(t, err, c.field)
		})
	}
}

// addsUpTo sends one item of 20 and another total.
func addsUpTo(total money.Decimal) func(r *trueup.Resolution) {
	return func(r *trueup.Resolution) {
		r.Amount, r.Lines = &total, []trueup.ConversionLine{{Number: 1, SKU: "A", SubTotal: ptr(money.Whole(20))}}
	}
}

func TestTheConversionSaysWhatTheResolutionLeavesOut(t *testing.T) {
	q, err := claim().Inquiry(inquiryReference(t), asked)
	if err != nil {
		t.Fatal(err)
	}
	q.Number = 3
	plain := trueup.Conversion{
		Campaign: 1000, EventType: 2240, EventDate: q.Date, Order: "Q", Currency: "USD", Partner: 10, Inquiry: 3, Amount: ptr(money.Whole(20)),
	}
	open, priced, own := plain, plain, plain
	open.Lines = []trueup.ConversionLine{{Number: 1, SKU: "A"}}
	priced.Lines, priced.Amount = []trueup.ConversionLine{{Number: 1, SKU: "A", SubTotal: ptr(money.Whole(5))}}, nil
	own.Amount, own.EventDate, own.Payout = ptr(money.Whole(7)), asked, ptr(money.Whole(1))
	own.PromoCode, own.Customer = "P", "C"
	for name, c := range map[string]struct {
		is   trueup.Resolution
		want trueup.Conversion
	}{
		"all of it":              {trueup.Resolution{}, plain},
		"the price of its items": {trueup.Resolution{Lines: open.Lines}, open},
		"no total":               {trueup.Resolution{Lines: priced.Lines}, priced},
		"nothing": {trueup.Resolution{
			Amount: own.Amount, Date: asked, FinalPayout: own.Payout, PromoCode: "P", Customer: "C",
		}, own},
	} {
		t.Run(name, func(t *testing.T) {
			c.is.Status, c.is.EventType = trueup.InquiryValid, 2240
			got, err := q.Resolve(c.is, inquiryReference(t), asked)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&c.want, got.Conversion); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFinalPayoutIsWhatWasSaidElseWhatTheActionPays(t *testing.T) {
	made := trueup.Made{Action: trueup.ActionID{Campaign: 1, EventType: 2, Number: 3}, Payout: 80}
	says := trueup.Resolution{FinalPayout: ptr(money.Decimal(15_049))}
	for name, c := range map[string]struct {
		q    trueup.Inquiry
		want *money.Amount
	}{
		"not resolved":    {trueup.Inquiry{}, nil},
		"queued":          {trueup.Inquiry{Status: trueup.InquiryValid}, nil},
		"said and queued": {trueup.Inquiry{Status: trueup.InquiryValid, Resolution: says}, ptr[money.Amount](150)},
		"said and made":   {trueup.Inquiry{Status: trueup.InquiryValid, Resolution: says, Made: made}, ptr[money.Amount](150)},
		"made":            {trueup.Inquiry{Status: trueup.InquiryValid, Made: made}, ptr[money.Amount](80)},
	} {
		t.Run(name, func(t *testing.T) {
			c.q.Currency = "USD"
			if diff := cmp.Diff(c.want, c.q.FinalPayout()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
