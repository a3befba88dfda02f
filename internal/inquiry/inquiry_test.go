package inquiry_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

var now = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

func newReference(t *testing.T) *program.Reference {
	t.Helper()
	r := &program.Reference{
		Account:   program.Account{ID: 1, Name: "Shop", Currency: "USD", Zone: "UTC"},
		Campaigns: map[int64]program.Campaign{1000: {ID: 1000}},
		Partners:  map[int64]program.Partner{10: {ID: 10, Name: "Partner", State: program.StateActive}},
		EventTypes: map[int64]program.EventType{
			2240: {ID: 2240, Campaign: 1000, State: program.StateActive}, 9: {ID: 9, Campaign: 2000, State: program.StateActive},
		},
	}
	if err := r.Prepare(); err != nil {
		t.Fatal(err)
	}
	return r
}

func claim() inquiry.Claim {
	return inquiry.Claim{
		Campaign: 1000, Partner: 10, Order: "Q", Date: now.AddDate(0, 0, -9), Amount: new(money.Whole(20)),
		Type: inquiry.TypeUntracked, Comment: "Where is it?",
	}
}

// checkRejection fails the test unless err is a rejection of the field, or nil if the field
// is empty.
func checkRejection(t *testing.T, err error, field string) {
	t.Helper()
	var rejection *rejection.Rejection
	if field == "" && err != nil || field != "" && (!errors.As(err, &rejection) || rejection.Field != field) {
		t.Errorf("error is %v, want a rejection of %q", err, field)
	}
}

func TestInvalidClaimsAreRejected(t *testing.T) {
	for name, c := range map[string]struct {
		change func(c *inquiry.Claim)
		field  string
	}{
		"a valid claim":              {func(*inquiry.Claim) {}, ""},
		"an unknown campaign":        {func(c *inquiry.Claim) { c.Campaign = 1 }, "CampaignId"},
		"an unknown partner":         {func(c *inquiry.Claim) { c.Partner = 1 }, "MediaPartnerId"},
		"no order":                   {func(c *inquiry.Claim) { c.Order = "" }, "OrderId"},
		"no date":                    {func(c *inquiry.Claim) { c.Date = time.Time{} }, "TransactionDate"},
		"a date within the skew":     {func(c *inquiry.Claim) { c.Date = now.Add(ledger.MaxClockSkew) }, ""},
		"a date beyond the skew":     {func(c *inquiry.Claim) { c.Date = now.Add(ledger.MaxClockSkew + 1) }, "TransactionDate"},
		"a date in the future":       {func(c *inquiry.Claim) { c.Date = now.Add(time.Hour) }, "TransactionDate"},
		"an unknown type":            {func(c *inquiry.Claim) { c.Type = "LOST" }, "InquiryType"},
		"a negative amount":          {func(c *inquiry.Claim) { c.Amount = new(money.Whole(-1)) }, "TransactionAmount"},
		"no amount":                  {func(c *inquiry.Claim) { c.Amount = nil }, ""},
		"an expected payout":         {func(c *inquiry.Claim) { c.ExpectedPayout = new(money.Whole(1)) }, ""},
		"a negative expected payout": {func(c *inquiry.Claim) { c.ExpectedPayout = new(money.Whole(-1)) }, "ExpectedPayout"},
	} {
		t.Run(name, func(t *testing.T) {
			changed := claim()
			c.change(&changed)
			q, err := changed.Open(newReference(t), now)
			checkRejection(t, err, c.field)
			if err == nil && (q.Status != inquiry.StatusUnresolved || q.Currency != "USD" || len(q.AllComments()) != 1 || q.AllComments()[0].User != "Partner") {
				t.Errorf("inquiry is %+v", q)
			}
		})
	}
}

func valid() inquiry.Resolution {
	return inquiry.Resolution{Status: inquiry.StatusValid, EventType: 2240}
}

func TestInvalidResolutionsAreRejected(t *testing.T) {
	declined := inquiry.Resolution{Status: inquiry.StatusDeclined, RejectReason: "paid"}
	incomplete := inquiry.Resolution{Status: inquiry.StatusIncomplete, Notes: "Which shop?"}
	different := valid()
	different.Notes = "x"
	failed := inquiry.ConversionOutcome{Completed: now, Code: rejection.CodeConversionDuplicate, Message: "It is a duplicate."}
	with := func(change func(r *inquiry.Resolution)) inquiry.Resolution {
		r := valid()
		change(&r)
		return r
	}
	for name, c := range map[string]struct {
		before     []inquiry.Resolution
		outcome    inquiry.ConversionOutcome
		resolution inquiry.Resolution
		field      string
		same       bool
	}{
		"valid":                               {resolution: valid()},
		"declined":                            {resolution: declined},
		"declined without a reason":           {resolution: inquiry.Resolution{Status: inquiry.StatusDeclined}, field: "RejectReason"},
		"incomplete":                          {resolution: incomplete},
		"an invalid status":                   {resolution: inquiry.Resolution{Status: inquiry.StatusUnresolved, Notes: "x"}, field: "ResolutionStatus"},
		"an unknown event type":               {resolution: with(func(r *inquiry.Resolution) { r.EventType = 1 }), field: "EventTypeId"},
		"another campaign's event type":       {resolution: with(func(r *inquiry.Resolution) { r.EventType = 9 }), field: "EventTypeId"},
		"a date in the future":                {resolution: with(func(r *inquiry.Resolution) { r.Date = now.Add(time.Hour) }), field: "EventDate"},
		"a negative payout":                   {resolution: with(func(r *inquiry.Resolution) { r.FinalPayout = new(money.Whole(-1)) }), field: "FinalPayout"},
		"items that don't add up":             {resolution: with(withTotal(money.Whole(9))), field: "Amount"},
		"valid again":                         {before: []inquiry.Resolution{valid()}, resolution: valid(), same: true},
		"valid, then different":               {before: []inquiry.Resolution{valid()}, resolution: different, field: "ResolutionStatus"},
		"valid, then with a date":             {before: []inquiry.Resolution{valid()}, resolution: with(func(r *inquiry.Resolution) { r.Date = now }), field: "ResolutionStatus"},
		"valid, then declined":                {before: []inquiry.Resolution{valid()}, resolution: declined, field: "ResolutionStatus"},
		"declined again":                      {before: []inquiry.Resolution{declined}, resolution: declined, same: true},
		"declined, then valid":                {before: []inquiry.Resolution{declined}, resolution: valid(), field: "ResolutionStatus"},
		"incomplete again":                    {before: []inquiry.Resolution{incomplete}, resolution: incomplete, same: true},
		"incomplete, then valid":              {before: []inquiry.Resolution{incomplete}, resolution: valid()},
		"valid and failed, then the same":     {before: []inquiry.Resolution{valid()}, outcome: failed, resolution: valid()},
		"valid and failed, then declined":     {before: []inquiry.Resolution{valid()}, outcome: failed, resolution: declined},
		"valid and applied, then declined":    {before: []inquiry.Resolution{valid()}, outcome: inquiry.ConversionOutcome{Completed: now}, resolution: declined, field: "ResolutionStatus"},
		"valid and applied, then valid again": {before: []inquiry.Resolution{valid()}, outcome: inquiry.ConversionOutcome{Completed: now}, resolution: valid(), same: true},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := claim().Open(newReference(t), now)
			for _, r := range c.before {
				var result inquiry.ResolveResult
				result, err = q.Resolve(r, newReference(t), now)
				if q = result.Inquiry; result.Conversion != nil {
					q.Submission = 7
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			q.Outcome = c.outcome
			comments := len(q.AllComments())
			got, err := q.Resolve(c.resolution, newReference(t), now)
			checkRejection(t, err, c.field)
			if err != nil {
				return
			}
			if got.Changed == c.same || len(got.Inquiry.AllComments()) < comments || (got.Conversion != nil) != (!c.same && c.resolution.Status == inquiry.StatusValid) {
				t.Errorf("result is %+v", got)
			}
			if final := got.Inquiry.Status != inquiry.StatusIncomplete; final == got.Inquiry.Resolved.IsZero() {
				t.Errorf("%s inquiry has the resolution date %s", got.Inquiry.Status, got.Inquiry.Resolved)
			}
		})
	}
}

func TestInquiryWithMaximumCommentsCanOnlyBeDeclined(t *testing.T) {
	const maxComments = 1000
	declined := inquiry.Resolution{Status: inquiry.StatusDeclined, RejectReason: "paid"}
	incomplete := inquiry.Resolution{Status: inquiry.StatusIncomplete, Notes: "Which shop?"}
	for name, c := range map[string]struct {
		comments   int
		resolution inquiry.Resolution
		field      string
	}{
		"one less, then incomplete":    {maxComments - 1, incomplete, ""},
		"the maximum, then incomplete": {maxComments, incomplete, "ResolutionStatus"},
		"the maximum, then valid":      {maxComments, valid(), "ResolutionStatus"},
		"the maximum, then declined":   {maxComments, declined, ""},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := claim().Open(newReference(t), now)
			if err != nil {
				t.Fatal(err)
			}
			q.Comments = make([]inquiry.Comment, c.comments)
			_, err = q.Resolve(c.resolution, newReference(t), now)
			checkRejection(t, err, c.field)
		})
	}
}

// withTotal gives a resolution an item of 20 and the total.
func withTotal(total money.Decimal) func(r *inquiry.Resolution) {
	return func(r *inquiry.Resolution) {
		r.Amount, r.Lines = &total, []ledger.ConversionLine{{Number: 1, SKU: "A", SubTotal: new(money.Whole(20))}}
	}
}

func TestInquiryWithoutConversionHasNotFailed(t *testing.T) {
	outcome := inquiry.ConversionOutcome{Completed: now, Code: rejection.CodeConversionDuplicate, Message: "It is a duplicate."}
	for submission, want := range map[int64]int{0: 0, 7: 1} {
		q := inquiry.Inquiry{Submission: submission, Outcome: outcome}
		if got := len(q.AllComments()); got != want {
			t.Errorf("submission %d: %d comments, want %d", submission, got, want)
		}
	}
}

func TestConversionDefaultsToTheClaim(t *testing.T) {
	q, err := claim().Open(newReference(t), now)
	if err != nil {
		t.Fatal(err)
	}
	q.Number = 3
	plain := ledger.Conversion{
		Campaign: 1000, EventType: 2240, EventDate: q.Date, Order: "Q", Currency: "USD", Partner: 10, Inquiry: 3, Prices: ledger.Prices{Amount: new(money.Whole(20))},
	}
	unpriced, priced, own := plain, plain, plain
	unpriced.Lines = []ledger.ConversionLine{{Number: 1, SKU: "A"}}
	priced.Lines, priced.Amount = []ledger.ConversionLine{{Number: 1, SKU: "A", SubTotal: new(money.Whole(5))}}, nil
	own.Amount, own.EventDate, own.Payout = new(money.Whole(7)), now, new(money.Whole(1))
	own.PromoCode, own.Customer = "P", "C"
	for name, c := range map[string]struct {
		resolution inquiry.Resolution
		want       ledger.Conversion
	}{
		"no values":             {inquiry.Resolution{}, plain},
		"items without a price": {inquiry.Resolution{Lines: unpriced.Lines}, unpriced},
		"items with a price":    {inquiry.Resolution{Lines: priced.Lines}, priced},
		"all values": {inquiry.Resolution{
			Amount: own.Amount, Date: now, FinalPayout: own.Payout, PromoCode: "P", Customer: "C",
		}, own},
	} {
		t.Run(name, func(t *testing.T) {
			c.resolution.Status, c.resolution.EventType = inquiry.StatusValid, 2240
			got, err := q.Resolve(c.resolution, newReference(t), now)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&c.want, got.Conversion); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFinalPayoutPrefersTheResolution(t *testing.T) {
	outcome := inquiry.ConversionOutcome{Action: ids.ActionID{Campaign: 1, EventType: 2, Number: 3}, Payout: 80}
	set := inquiry.Resolution{FinalPayout: new(money.Decimal(15_049))}
	for name, c := range map[string]struct {
		q    inquiry.Inquiry
		want *money.Amount
	}{
		"not resolved":    {inquiry.Inquiry{}, nil},
		"queued":          {inquiry.Inquiry{Status: inquiry.StatusValid}, nil},
		"set and queued":  {inquiry.Inquiry{Status: inquiry.StatusValid, Resolution: set}, new(money.Amount(150))},
		"set and applied": {inquiry.Inquiry{Status: inquiry.StatusValid, Resolution: set, Outcome: outcome}, new(money.Amount(150))},
		"applied":         {inquiry.Inquiry{Status: inquiry.StatusValid, Outcome: outcome}, new(money.Amount(80))},
	} {
		t.Run(name, func(t *testing.T) {
			c.q.Currency = "USD"
			if diff := cmp.Diff(c.want, c.q.FinalPayout()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
