package storetest

import (
	"errors"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

var inquiryGuarantees = []guarantee{
	{"an inquiry is stored completely and numbered within its account", func(f *fixture) {
		first, second := f.inquire("a"), f.inquire("b")
		same(f, []int64{1, 2}, []int64{first.Number, second.Number}, "numbers")
		same(f, second, f.inquiry(2), "the inquiry")
		other := must(f.CreateInquiry(f.Context(), otherAccount, f.now, f.claim("a"), f.auditEvent(store.OperationCreateInquiry)))(f)
		same(f, int64(1), other.Number, "the other account's number")
		same(f, 2, f.inquiries(search.InquiryFilter{}, everything).Total, "inquiries")
		_, err := f.CreateInquiry(f.Context(), 99, f.now, f.claim("a"), f.auditEvent(store.OperationCreateInquiry))
		wantError(f, ledger.ErrNotFound, err)
	}},
	{"a rejected claim is not stored and uses no number", func(f *fixture) {
		wrong := f.claim("a")
		wrong.Partner = 1
		_, err := f.CreateInquiry(f.Context(), account, f.now, wrong, f.auditEvent(store.OperationCreateInquiry))
		wantRejection(f, "MediaPartnerId", err)
		same(f, 0, f.inquiries(search.InquiryFilter{}, everything).Total, "inquiries")
		same(f, int64(1), f.inquire("a").Number, "the next number")
	}},
	{"inquiries are found by each filter and by all filters together", filterInquiries},
	{"pages of inquiries can be read by cursor", func(f *fixture) {
		for _, order := range []string{"a", "b", "c", "d", "e"} {
			f.inquire(order)
		}
		same(f, []int64{5, 4}, f.inquiries(search.InquiryFilter{}, search.Page{Size: 2, Number: 1}).numbers(), "the first")
		same(f, []int64{3, 2}, f.inquiries(search.InquiryFilter{}, search.Page{Size: 2, Below: 4}).numbers(), "below")
		same(f, []int64{4, 3}, f.inquiries(search.InquiryFilter{}, search.Page{Size: 2, Above: 2}).numbers(), "above")
	}},
	{"resolving an inquiry queues its conversion in the same commit", func(f *fixture) {
		f.accept(f.order("z"))
		q := f.inquire("a")
		same(f, store.InquiryResult{Queued: true}, f.answer(f.valid(), store.Key{}), "the answer")
		queued := f.inquiry(1)
		same(f, int64(2), queued.Submission, "submission")
		same(f, inquiry.ConversionOutcome{}, queued.Outcome, "outcome before it is applied")
		same(f, "Id=1", f.numbered(2).Payload, "payload")
		same(f, 2, f.apply(), "completed")
		created := f.inquiry(1).Outcome
		same(f, inquiry.ConversionOutcome{Completed: f.now, Action: idOf(2), Payout: 77}, created, "outcome")
		a := f.action(2)
		same(f, "ACTION_INQUIRY", a.Referral.Type, "referral")
		same(f, q.Partner, a.Partner, "partner")
	}},
	{"a resolution that is rejected or changes nothing stores nothing", func(f *fixture) {
		f.inquire("a")
		_, err := f.ResolveInquiry(f.Context(), account, f.now, store.InquiryAnswer{Number: 1, Resolution: inquiry.Resolution{Status: inquiry.StatusDeclined}})
		wantRejection(f, "RejectReason", err)
		same(f, inquiry.StatusUnresolved, f.inquiry(1).Status, "status")
		f.answer(f.valid(), store.Key{})
		before := f.inquiry(1)
		f.now = f.now.Add(time.Hour)
		same(f, store.InquiryResult{}, f.answer(f.valid(), store.Key{}), "the same again")
		_, err = f.ResolveInquiry(f.Context(), account, f.now, store.InquiryAnswer{Number: 1, Resolution: declined})
		wantRejection(f, "ResolutionStatus", err)
		same(f, before, f.inquiry(1), "the inquiry")
		same(f, 1, f.submissions(search.SubmissionFilter{}, everything).Total, "submissions")
		_, err = f.ResolveInquiry(f.Context(), account, f.now, store.InquiryAnswer{Number: 2, Resolution: declined})
		wantError(f, ledger.ErrNotFound, err)
		_, err = f.ResolveInquiry(f.Context(), otherAccount, f.now, store.InquiryAnswer{Number: 1, Resolution: declined})
		wantError(f, ledger.ErrNotFound, err)
	}},
	{"an inquiry whose submission failed shows the code and can be resolved again", func(f *fixture) {
		f.inquire("a")
		f.answer(f.valid(), store.Key{})
		f.park(1)
		same(f, rejection.CodeParked, f.inquiry(1).Outcome.Code, "code")
		comments := f.inquiry(1).AllComments()
		f.now = f.now.Add(time.Hour)
		f.answer(f.valid(), store.Key{})
		same(f, int64(2), f.inquiry(1).Submission, "submission")
		same(f, comments, f.inquiry(1).AllComments(), "comments")
		f.park(2)
		f.answer(declined, store.Key{})
		same(f, int64(0), f.inquiry(1).Submission, "submission once declined")
	}},
	{"an order that is tracked can't be resolved as valid", func(f *fixture) {
		f.accept(f.order("a"))
		f.inquire("a")
		f.apply()
		_, err := f.ResolveInquiry(f.Context(), account, f.now, store.InquiryAnswer{Number: 1, Resolution: f.valid()})
		wantRejection(f, "ResolutionStatus", err)
		if !strings.Contains(err.Error(), idOf(1).String()) {
			f.Errorf("%q does not name the action %s", err, idOf(1))
		}
		same(f, inquiry.StatusUnresolved, f.inquiry(1).Status, "status")
		same(f, 1, f.submissions(search.SubmissionFilter{}, everything).Total, "submissions")
		other := f.valid()
		other.Date = start.AddDate(-2, 0, 0) // outside of the duplicate window
		same(f, store.InquiryResult{Queued: true}, f.answer(other, store.Key{}), "an answer with another date")
	}},
	{"a preview of an answer shows its result and stores nothing", func(f *fixture) {
		f.accept(f.order("a"))
		f.inquire("a")
		f.apply()
		f.inquire("b")
		preview := func(number int64, r inquiry.Resolution) (inquiry.ResolveResult, error) {
			return f.PreviewInquiry(f.Context(), account, f.now, store.InquiryAnswer{Number: number, Resolution: r, Key: store.Key{Text: "k"}})
		}
		_, err := preview(1, f.valid())
		wantRejection(f, "ResolutionStatus", err)
		_, err = preview(3, f.valid())
		wantError(f, ledger.ErrNotFound, err)
		result := must(preview(2, f.valid()))(f)
		same(f, []any{inquiry.StatusValid, "b", true}, []any{result.Inquiry.Status, result.Conversion.Order, result.Changed}, "the result")
		same(f, inquiry.StatusDeclined, must(preview(2, declined))(f).Inquiry.Status, "the status of a decline")
		same(f, inquiry.StatusUnresolved, f.inquiry(2).Status, "the stored status")
		same(f, 1, f.submissions(search.SubmissionFilter{}, everything).Total, "submissions")
	}},
	{"a retry becomes the inquiry's submission, unless the inquiry was answered again", func(f *fixture) {
		f.inquire("a")
		f.accept(f.order("a"))
		f.answer(f.valid(), store.Key{})
		f.apply()
		failed := f.numbered(2)
		again := must(f.Retry(f.Context(), account, f.now, failed.ID, f.auditEvent(store.OperationRetry)))(f)
		same(f, again.Number, f.inquiry(1).Submission, "submission")
		f.apply()
		same(f, rejection.CodeConversionDuplicate, f.inquiry(1).Outcome.Code, "code of the retry")
		f.answer(declined, store.Key{})
		_, err := f.Retry(f.Context(), account, f.now, again.ID, f.auditEvent(store.OperationRetry))
		wantError(f, store.ErrAnsweredAgain, err)
		same(f, 3, f.submissions(search.SubmissionFilter{}, everything).Total, "submissions")
	}},
	{"an answer with a key takes effect once", func(f *fixture) {
		f.inquire("a")
		key := store.Key{Text: "k", Request: ids.Hash{1}}
		same(f, store.InquiryResult{Queued: true}, f.answer(f.valid(), key), "the answer")
		same(f, store.InquiryResult{Replayed: true}, f.answer(declined, key), "the replay")
		same(f, inquiry.StatusValid, f.inquiry(1).Status, "status")
		first := must(f.FindKey(f.Context(), account, f.now, key))(f)
		same(f, "/resource", first.Resource, "resource")
		key.Request = ids.Hash{2}
		_, err := f.ResolveInquiry(f.Context(), account, f.now, store.InquiryAnswer{Number: 1, Resolution: f.valid(), Key: key})
		wantError(f, store.ErrKeyReused, err)
	}},
	{"inquiries and queued conversions survive a restart", func(f *fixture) {
		f.inquire("a")
		f.inquire("b")
		f.answer(f.valid(), store.Key{})
		before := f.inquiry(1)
		f.restart()
		same(f, before, f.inquiry(1), "the inquiry")
		f.now = f.now.Add(-time.Hour)
		third := f.inquire("c")
		same(f, int64(3), third.Number, "the next number")
		same(f, f.inquiry(2).Created, third.Created, "its time, though the clock went back")
		same(f, 1, f.apply(), "completed")
	}},
}

var declined = inquiry.Resolution{Status: inquiry.StatusDeclined, RejectReason: "paid"}

// claim returns the claim of a partner about an order.
func (f *fixture) claim(order string) inquiry.Claim {
	return inquiry.Claim{
		Campaign: campaign, Partner: partner, Order: order, Date: f.now, Amount: ptr(money.Decimal(192_700)),
		Type: inquiry.TypeUntracked, ExpectedPayout: ptr(money.Whole(1)), Comment: "Where is it?", TrackingLink: "https://example.test/",
		Deadline: f.now.AddDate(0, 0, 9), AutoApproval: f.now.AddDate(0, 0, 10),
	}
}

// inquire creates an inquiry for an order.
func (f *fixture) inquire(order string) inquiry.Inquiry {
	f.Helper()
	return must(f.CreateInquiry(f.Context(), account, f.now, f.claim(order), f.auditEvent(store.OperationCreateInquiry)))(f)
}

// valid returns a resolution that creates a conversion.
func (f *fixture) valid() inquiry.Resolution {
	return inquiry.Resolution{Status: inquiry.StatusValid, EventType: locksByDay, Date: start, Lines: []ledger.ConversionLine{{Number: 1, SKU: "A"}}}
}

// answer resolves the first inquiry.
func (f *fixture) answer(r inquiry.Resolution, key store.Key) store.InquiryResult {
	f.Helper()
	return must(f.ResolveInquiry(f.Context(), account, f.now, store.InquiryAnswer{
		Number: 1, Resolution: r, Payload: "Id=1", Key: key, Resource: "/resource",
	}))(f)
}

func (f *fixture) inquiry(number int64) inquiry.Inquiry {
	f.Helper()
	return read(f, func(r store.Reader) (inquiry.Inquiry, error) { return r.Inquiry(number) })
}

func (f *fixture) inquiries(filter search.InquiryFilter, p search.Page) page[inquiry.Inquiry] {
	f.Helper()
	return list(f, func(r store.Reader) lister[search.InquiryFilter, inquiry.Inquiry] { return r.Inquiries }, filter, p)
}

// park applies a submission that fails until it is parked.
func (f *fixture) park(number int64) {
	f.Helper()
	for range store.MaxAttempts {
		_, _ = f.Apply(f.Context(), account, f.now, 1, f.failing(number, errBug))
	}
}

// wantRejection fails the test unless err is a rejection of the field.
func wantRejection(f *fixture, field string, err error) {
	f.Helper()
	var rejection *rejection.Rejection
	if !errors.As(err, &rejection) || rejection.Field != field {
		f.Fatalf("error is %v, want a rejection of %s", err, field)
	}
}

func filterInquiries(f *fixture) {
	begin := f.now
	minute := func(n int) time.Time { return begin.Add(time.Duration(n) * time.Minute) }
	for i, order := range []string{"a", "b", "a"} {
		c := f.claim(order)
		c.Date = begin.AddDate(0, 0, -i)
		if i == 1 {
			c.Partner = otherPartner
		}
		must(f.CreateInquiry(f.Context(), account, f.now, c, f.auditEvent(store.OperationCreateInquiry)))(f)
		f.now = f.now.Add(time.Minute)
	}
	f.answer(declined, store.Key{})
	for name, c := range map[string]struct {
		filter search.InquiryFilter
		want   []int64
	}{
		"nothing":        {search.InquiryFilter{}, []int64{3, 2, 1}},
		"campaign":       {search.InquiryFilter{Campaign: campaign}, []int64{3, 2, 1}},
		"other campaign": {search.InquiryFilter{Campaign: campaign + 1}, []int64{}},
		"partner":        {search.InquiryFilter{Partner: otherPartner}, []int64{2}},
		"order":          {search.InquiryFilter{Order: "a"}, []int64{3, 1}},
		"status":         {search.InquiryFilter{Status: inquiry.StatusDeclined}, []int64{1}},
		"other status":   {search.InquiryFilter{Status: inquiry.StatusUnresolved}, []int64{3, 2}},
		"created in":     {search.InquiryFilter{Created: search.TimeRange{Start: minute(1), End: minute(2)}}, []int64{2}},
		"created since":  {search.InquiryFilter{Created: search.TimeRange{Start: minute(1)}}, []int64{3, 2}},
		"date":           {search.InquiryFilter{Date: search.TimeRange{Start: begin.AddDate(0, 0, -1), End: begin}}, []int64{2}},
		"all together": {search.InquiryFilter{
			Campaign: campaign, Partner: partner, Order: "a", Status: inquiry.StatusDeclined,
			Created: search.TimeRange{Start: minute(0), End: minute(1)}, Date: search.TimeRange{Start: begin, End: minute(1)},
		}, []int64{1}},
	} {
		got := f.inquiries(c.filter, everything)
		same(f, c.want, got.numbers(), name)
		same(f, len(c.want), got.Total, "total by "+name)
	}
}
