package ledger_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

var asked = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

func inquiryReference(t *testing.T) *ledger.Reference {
	t.Helper()
	r := &ledger.Reference{
		Account:   ledger.Account{ID: 1, Name: "Shop", Currency: "USD", Zone: "UTC"},
		Campaigns: map[int64]ledger.Campaign{1000: {ID: 1000}},
		Partners:  map[int64]ledger.Partner{10: {ID: 10, Name: "Partner", State: ledger.StateActive}},
		EventTypes: map[int64]ledger.EventType{
			2240: {ID: 2240, Campaign: 1000, State: ledger.StateActive}, 9: {ID: 9, Campaign: 2000, State: ledger.StateActive},
		},
	}
	if err := r.Prepare(); err != nil {
		t.Fatal(err)
	}
	return r
}

func claim() ledger.Claim {
	return ledger.Claim{
		Campaign: 1000, Partner: 10, Order: "Q", Date: asked.AddDate(0, 0, -9), Amount: ptr(money.Whole(20)),
		Type: ledger.InquiryUntracked, Comment: "Where is it?",
	}
}

// wantRefusal fails the test unless the error is a refusal of the field, or none for "".
func wantRefusal(t *testing.T, err error, field string) {
	t.Helper()
	var refusal *ledger.Rejection
	if field == "" && err != nil || field != "" && (!errors.As(err, &refusal) || refusal.Field != field) {
		t.Errorf("error is %v, want one of %q", err, field)
	}
}

func TestAClaimIsRefusedByTheFieldAtFault(t *testing.T) {
	for name, c := range map[string]struct {
		change func(c *ledger.Claim)
		field  string
	}{
		"nothing is wrong":        {func(*ledger.Claim) {}, ""},
		"an unknown campaign":     {func(c *ledger.Claim) { c.Campaign = 1 }, "CampaignId"},
		"an unknown partner":      {func(c *ledger.Claim) { c.Partner = 1 }, "MediaPartnerId"},
		"no order":                {func(c *ledger.Claim) { c.Order = "" }, "OrderId"},
		"no date":                 {func(c *ledger.Claim) { c.Date = time.Time{} }, "TransactionDate"},
		"a date of a fast clock":  {func(c *ledger.Claim) { c.Date = asked.Add(ledger.MaxAhead) }, ""},
		"a date beyond that":      {func(c *ledger.Claim) { c.Date = asked.Add(ledger.MaxAhead + 1) }, "TransactionDate"},
		"a date to come":          {func(c *ledger.Claim) { c.Date = asked.Add(time.Hour) }, "TransactionDate"},
		"a type that is none":     {func(c *ledger.Claim) { c.Type = "LOST" }, "InquiryType"},
		"an amount below zero":    {func(c *ledger.Claim) { c.Amount = ptr(money.Whole(-1)) }, "TransactionAmount"},
		"an expectation below it": {func(c *ledger.Claim) { c.ExpectedPayout = ptr(money.Whole(-1)) }, "ExpectedPayout"},
	} {
		t.Run(name, func(t *testing.T) {
			asks := claim()
			c.change(&asks)
			q, err := asks.Inquiry(inquiryReference(t), asked)
			wantRefusal(t, err, c.field)
			if err == nil && (q.Status != ledger.InquiryUnresolved || q.Currency != "USD" || len(q.AllComments()) != 1 || q.AllComments()[0].User != "Partner") {
				t.Errorf("it is %+v", q)
			}
		})
	}
}

func valid() ledger.Resolution {
	return ledger.Resolution{Status: ledger.InquiryValid, EventType: 2240}
}

func TestAResolutionIsRefusedByTheFieldAtFault(t *testing.T) {
	declined := ledger.Resolution{Status: ledger.InquiryDeclinedForGood, RejectReason: "paid"}
	incomplete := ledger.Resolution{Status: ledger.InquiryAsksForMore, Notes: "Which shop?"}
	otherwise := valid()
	otherwise.Notes = "x"
	failed := ledger.ConversionOutcome{Completed: asked, Code: ledger.CodeConversionDuplicate, Message: "It is a duplicate."}
	with := func(change func(r *ledger.Resolution)) ledger.Resolution {
		r := valid()
		change(&r)
		return r
	}
	for name, c := range map[string]struct {
		before []ledger.Resolution
		made   ledger.ConversionOutcome
		is     ledger.Resolution
		field  string
		same   bool
	}{
		"valid":                              {is: valid()},
		"declined":                           {is: declined},
		"declined without a reason":          {is: ledger.Resolution{Status: ledger.InquiryDeclinedForGood}, field: "RejectReason"},
		"incomplete":                         {is: incomplete},
		"a status that is none":              {is: ledger.Resolution{Status: ledger.InquiryUnresolved, Notes: "x"}, field: "ResolutionStatus"},
		"an unknown event type":              {is: with(func(r *ledger.Resolution) { r.EventType = 1 }), field: "EventTypeId"},
		"another campaign's event type":      {is: with(func(r *ledger.Resolution) { r.EventType = 9 }), field: "EventTypeId"},
		"a date to come":                     {is: with(func(r *ledger.Resolution) { r.Date = asked.Add(time.Hour) }), field: "EventDate"},
		"a payout below zero":                {is: with(func(r *ledger.Resolution) { r.FinalPayout = ptr(money.Whole(-1)) }), field: "FinalPayout"},
		"items that do not add up":           {is: with(addsUpTo(money.Whole(9))), field: "Amount"},
		"valid again":                        {before: []ledger.Resolution{valid()}, is: valid(), same: true},
		"valid, then otherwise":              {before: []ledger.Resolution{valid()}, is: otherwise, field: "ResolutionStatus"},
		"valid, then declined":               {before: []ledger.Resolution{valid()}, is: declined, field: "ResolutionStatus"},
		"declined again":                     {before: []ledger.Resolution{declined}, is: declined, same: true},
		"declined, then valid":               {before: []ledger.Resolution{declined}, is: valid(), field: "ResolutionStatus"},
		"incomplete again":                   {before: []ledger.Resolution{incomplete}, is: incomplete, same: true},
		"incomplete, then valid":             {before: []ledger.Resolution{incomplete}, is: valid()},
		"valid and failed, then the same":    {before: []ledger.Resolution{valid()}, made: failed, is: valid()},
		"valid and failed, then declined":    {before: []ledger.Resolution{valid()}, made: failed, is: declined},
		"valid and applied, then declined":   {before: []ledger.Resolution{valid()}, made: ledger.ConversionOutcome{Completed: asked}, is: declined, field: "ResolutionStatus"},
		"valid and applied, then once again": {before: []ledger.Resolution{valid()}, made: ledger.ConversionOutcome{Completed: asked}, is: valid(), same: true},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := claim().Inquiry(inquiryReference(t), asked)
			for _, r := range c.before {
				var was ledger.Resolved
				was, err = q.Resolve(r, inquiryReference(t), asked)
				if q = was.Inquiry; was.Conversion != nil {
					q.Submission = 7
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			q.Outcome = c.made
			said := len(q.AllComments())
			got, err := q.Resolve(c.is, inquiryReference(t), asked)
			wantRefusal(t, err, c.field)
			if err != nil {
				return
			}
			if got.Changed == c.same || len(got.Inquiry.AllComments()) < said || (got.Conversion != nil) != (!c.same && c.is.Status == ledger.InquiryValid) {
				t.Errorf("it is %+v", got)
			}
			if final := got.Inquiry.Status != ledger.InquiryAsksForMore; final == got.Inquiry.Resolved.IsZero() {
				t.Errorf("%s was resolved at %s", got.Inquiry.Status, got.Inquiry.Resolved)
			}
		})
	}
}

func TestAnInquiryThatWasTalkedAboutLongEnoughCanOnlyBeDeclined(t *testing.T) {
	const most = 1000
	declined := ledger.Resolution{Status: ledger.InquiryDeclinedForGood, RejectReason: "paid"}
	incomplete := ledger.Resolution{Status: ledger.InquiryAsksForMore, Notes: "Which shop?"}
	for name, c := range map[string]struct {
		comments int
		is       ledger.Resolution
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
			q.Comments = make([]ledger.Comment, c.comments)
			_, err = q.Resolve(c.is, inquiryReference(t), asked)
			wantRefusal(t, err, c.field)
		})
	}
}

// addsUpTo sends one item of 20 and another total.
func addsUpTo(total money.Decimal) func(r *ledger.Resolution) {
	return func(r *ledger.Resolution) {
		r.Amount, r.Lines = &total, []ledger.ConversionLine{{Number: 1, SKU: "A", SubTotal: ptr(money.Whole(20))}}
	}
}

func TestTheConversionSaysWhatTheResolutionLeavesOut(t *testing.T) {
	q, err := claim().Inquiry(inquiryReference(t), asked)
	if err != nil {
		t.Fatal(err)
	}
	q.Number = 3
	plain := ledger.Conversion{
		Campaign: 1000, EventType: 2240, EventDate: q.Date, Order: "Q", Currency: "USD", Partner: 10, Inquiry: 3, Amount: ptr(money.Whole(20)),
	}
	open, priced, own := plain, plain, plain
	open.Lines = []ledger.ConversionLine{{Number: 1, SKU: "A"}}
	priced.Lines, priced.Amount = []ledger.ConversionLine{{Number: 1, SKU: "A", SubTotal: ptr(money.Whole(5))}}, nil
	own.Amount, own.EventDate, own.Payout = ptr(money.Whole(7)), asked, ptr(money.Whole(1))
	own.PromoCode, own.Customer = "P", "C"
	for name, c := range map[string]struct {
		is   ledger.Resolution
		want ledger.Conversion
	}{
		"all of it":              {ledger.Resolution{}, plain},
		"the price of its items": {ledger.Resolution{Lines: open.Lines}, open},
		"no total":               {ledger.Resolution{Lines: priced.Lines}, priced},
		"nothing": {ledger.Resolution{
			Amount: own.Amount, Date: asked, FinalPayout: own.Payout, PromoCode: "P", Customer: "C",
		}, own},
	} {
		t.Run(name, func(t *testing.T) {
			c.is.Status, c.is.EventType = ledger.InquiryValid, 2240
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
	made := ledger.ConversionOutcome{Action: ledger.ActionID{Campaign: 1, EventType: 2, Number: 3}, Payout: 80}
	says := ledger.Resolution{FinalPayout: ptr(money.Decimal(15_049))}
	for name, c := range map[string]struct {
		q    ledger.Inquiry
		want *money.Amount
	}{
		"not resolved":    {ledger.Inquiry{}, nil},
		"queued":          {ledger.Inquiry{Status: ledger.InquiryValid}, nil},
		"said and queued": {ledger.Inquiry{Status: ledger.InquiryValid, Resolution: says}, ptr[money.Amount](150)},
		"said and made":   {ledger.Inquiry{Status: ledger.InquiryValid, Resolution: says, Outcome: made}, ptr[money.Amount](150)},
		"made":            {ledger.Inquiry{Status: ledger.InquiryValid, Outcome: made}, ptr[money.Amount](80)},
	} {
		t.Run(name, func(t *testing.T) {
			c.q.Currency = "USD"
			if diff := cmp.Diff(c.want, c.q.FinalPayout()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
