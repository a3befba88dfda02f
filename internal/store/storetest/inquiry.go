package storetest

import (
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

var inquiryPromises = []promise{
	{"an inquiry is kept as it came and numbered by its account alone", func(f *fixture) {
		first, second := f.inquire("a"), f.inquire("b")
		same(f, []int64{1, 2}, []int64{first.Number, second.Number}, "numbers")
		same(f, second, f.inquiry(2), "the inquiry")
		other := must(f.CreateInquiry(f.Context(), otherAccount, f.now, f.claim("a"), f.deed(store.OperationCreateInquiry)))(f)
		same(f, int64(1), other.Number, "the other account's number")
		same(f, 2, f.inquiries(ledger.InquiryFilter{}, everything).Total, "inquiries")
		_, err := f.CreateInquiry(f.Context(), 99, f.now, f.claim("a"), f.deed(store.OperationCreateInquiry))
		wantError(f, ledger.ErrNotFound, err)
	}},
	{"a claim that is refused is not kept and takes no number", func(f *fixture) {
		wrong := f.claim("a")
		wrong.Partner = 1
		_, err := f.CreateInquiry(f.Context(), account, f.now, wrong, f.deed(store.OperationCreateInquiry))
		wantRefusal(f, "MediaPartnerId", err)
		same(f, 0, f.inquiries(ledger.InquiryFilter{}, everything).Total, "inquiries")
		same(f, int64(1), f.inquire("a").Number, "the next number")
	}},
	{"inquiries are found by each filter and by all together", filterInquiries},
	{"pages of inquiries go by cursors", func(f *fixture) {
		for _, order := range []string{"a", "b", "c", "d", "e"} {
			f.inquire(order)
		}
		same(f, []int64{5, 4}, f.inquiries(ledger.InquiryFilter{}, ledger.Page{Size: 2, Number: 1}).numbers(), "the first")
		same(f, []int64{3, 2}, f.inquiries(ledger.InquiryFilter{}, ledger.Page{Size: 2, Below: 4}).numbers(), "below")
		same(f, []int64{4, 3}, f.inquiries(ledger.InquiryFilter{}, ledger.Page{Size: 2, Above: 2}).numbers(), "above")
	}},
	{"an inquiry and its submission are resolved in one commit, and the action is its", func(f *fixture) {
		f.accept(f.order("z"))
		q := f.inquire("a")
		same(f, store.InquiryResult{Queued: true}, f.answer(f.valid(), store.Key{}), "the answer")
		is := f.inquiry(1)
		same(f, int64(2), is.Submission, "submission")
		same(f, ledger.ConversionOutcome{}, is.Outcome, "what is made before it is applied")
		same(f, "Id=1", f.numbered(2).Payload, "payload")
		same(f, 2, f.apply(), "completed")
		made := f.inquiry(1).Outcome
		same(f, ledger.ConversionOutcome{Completed: f.now, Action: idOf(2), Payout: 77}, made, "made")
		a := f.action(2)
		same(f, "ACTION_INQUIRY", a.Referral.Type, "referral")
		same(f, q.Partner, a.Partner, "partner")
	}},
	{"a resolution that is refused, or says the same, changes nothing", func(f *fixture) {
		f.inquire("a")
		_, err := f.ResolveInquiry(f.Context(), account, f.now, store.InquiryAnswer{Number: 1, Resolution: ledger.Resolution{Status: ledger.InquiryDeclinedForGood}})
		wantRefusal(f, "RejectReason", err)
		same(f, ledger.InquiryUnresolved, f.inquiry(1).Status, "status")
		f.answer(f.valid(), store.Key{})
		was := f.inquiry(1)
		f.now = f.now.Add(time.Hour)
		same(f, store.InquiryResult{}, f.answer(f.valid(), store.Key{}), "the same again")
		_, err = f.ResolveInquiry(f.Context(), account, f.now, store.InquiryAnswer{Number: 1, Resolution: declined})
		wantRefusal(f, "ResolutionStatus", err)
		same(f, was, f.inquiry(1), "the inquiry")
		same(f, 1, f.submissions(ledger.SubmissionFilter{}, everything).Total, "submissions")
		_, err = f.ResolveInquiry(f.Context(), account, f.now, store.InquiryAnswer{Number: 2, Resolution: declined})
		wantError(f, ledger.ErrNotFound, err)
		_, err = f.ResolveInquiry(f.Context(), otherAccount, f.now, store.InquiryAnswer{Number: 1, Resolution: declined})
		wantError(f, ledger.ErrNotFound, err)
	}},
	{"an inquiry whose submission failed shows why and can be resolved again", func(f *fixture) {
		f.accept(f.order("a"))
		f.inquire("a")
		f.answer(f.valid(), store.Key{})
		f.apply()
		same(f, ledger.CodeConversionDuplicate, f.inquiry(1).Outcome.Code, "code")
		said := f.inquiry(1).AllComments()
		f.now = f.now.Add(time.Hour)
		f.answer(f.valid(), store.Key{})
		same(f, int64(3), f.inquiry(1).Submission, "submission")
		same(f, said, f.inquiry(1).AllComments(), "what was said")
		f.apply()
		f.answer(declined, store.Key{})
		same(f, int64(0), f.inquiry(1).Submission, "submission once declined")
	}},
	{"a retry of an inquiry's submission stays the inquiry's, until it is answered anew", func(f *fixture) {
		f.inquire("a")
		f.accept(f.order("a"))
		f.answer(f.valid(), store.Key{})
		f.apply()
		failed := f.numbered(2)
		again := must(f.Retry(f.Context(), account, f.now, failed.ID, f.deed("retry")))(f)
		same(f, again.Number, f.inquiry(1).Submission, "submission")
		f.apply()
		same(f, ledger.CodeConversionDuplicate, f.inquiry(1).Outcome.Code, "code of the retry")
		f.answer(declined, store.Key{})
		_, err := f.Retry(f.Context(), account, f.now, again.ID, f.deed("retry"))
		wantError(f, store.ErrAnsweredAnew, err)
		same(f, 3, f.submissions(ledger.SubmissionFilter{}, everything).Total, "submissions")
	}},
	{"an answer's key makes it take effect once", func(f *fixture) {
		f.inquire("a")
		key := store.Key{Text: "k", Request: ledger.Hash{1}}
		same(f, store.InquiryResult{Queued: true}, f.answer(f.valid(), key), "the answer")
		same(f, store.InquiryResult{Replayed: true}, f.answer(declined, key), "the replay")
		same(f, ledger.InquiryValid, f.inquiry(1).Status, "status")
		first := must(f.Seen(f.Context(), account, f.now, key))(f)
		same(f, "/resource", first.Resource, "resource")
		key.Request = ledger.Hash{2}
		_, err := f.ResolveInquiry(f.Context(), account, f.now, store.InquiryAnswer{Number: 1, Resolution: f.valid(), Key: key})
		wantError(f, store.ErrKeyReused, err)
	}},
	{"inquiries are there after a restart, and what is resolved then is applied", func(f *fixture) {
		f.inquire("a")
		f.inquire("b")
		f.answer(f.valid(), store.Key{})
		was := f.inquiry(1)
		f.restart()
		same(f, was, f.inquiry(1), "the inquiry")
		f.now = f.now.Add(-time.Hour)
		third := f.inquire("c")
		same(f, int64(3), third.Number, "the next number")
		same(f, f.inquiry(2).Created, third.Created, "its instant, though the clock went back")
		same(f, 1, f.apply(), "completed")
	}},
}

var declined = ledger.Resolution{Status: ledger.InquiryDeclinedForGood, RejectReason: "paid"}

func (f *fixture) claim(order string) ledger.Claim {
	return ledger.Claim{
		Campaign: campaign, Partner: partner, Order: order, Date: f.now, Amount: ptr(money.Decimal(192_700)),
		Type: ledger.InquiryUntracked, ExpectedPayout: ptr(money.Whole(1)), Comment: "Where is it?", TrackingLink: "https://example.test/",
		Deadline: f.now.AddDate(0, 0, 9), AutoApproval: f.now.AddDate(0, 0, 10),
	}
}

// inquire creates an inquiry for an order.
func (f *fixture) inquire(order string) ledger.Inquiry {
	f.Helper()
	return must(f.CreateInquiry(f.Context(), account, f.now, f.claim(order), f.deed(store.OperationCreateInquiry)))(f)
}

func (f *fixture) valid() ledger.Resolution {
	return ledger.Resolution{Status: ledger.InquiryValid, EventType: locksByDay, Date: start, Lines: []ledger.ConversionLine{{Number: 1, SKU: "A"}}}
}

// answer resolves the first inquiry.
func (f *fixture) answer(r ledger.Resolution, key store.Key) store.InquiryResult {
	f.Helper()
	return must(f.ResolveInquiry(f.Context(), account, f.now, store.InquiryAnswer{
		Number: 1, Resolution: r, Payload: "Id=1", Key: key, Resource: "/resource",
	}))(f)
}

func (f *fixture) inquiry(number int64) ledger.Inquiry {
	f.Helper()
	return read(f, func(r store.Reader) (ledger.Inquiry, error) { return r.Inquiry(number) })
}

func (f *fixture) inquiries(filter ledger.InquiryFilter, p ledger.Page) page[ledger.Inquiry] {
	f.Helper()
	return list(f, func(r store.Reader) lister[ledger.InquiryFilter, ledger.Inquiry] { return r.Inquiries }, filter, p)
}

// wantRefusal fails the test unless the error is a refusal of the field.
func wantRefusal(f *fixture, field string, err error) {
	f.Helper()
	var refusal *ledger.Rejection
	if !errors.As(err, &refusal) || refusal.Field != field {
		f.Fatalf("error is %v, want a refusal of %s", err, field)
	}
}

func filterInquiries(f *fixture) {
	began := f.now
	minute := func(n int) time.Time { return began.Add(time.Duration(n) * time.Minute) }
	for i, order := range []string{"a", "b", "a"} {
		c := f.claim(order)
		c.Date = began.AddDate(0, 0, -i)
		if i == 1 {
			c.Partner = otherPartner
		}
		must(f.CreateInquiry(f.Context(), account, f.now, c, f.deed(store.OperationCreateInquiry)))(f)
		f.now = f.now.Add(time.Minute)
	}
	f.answer(declined, store.Key{})
	for name, c := range map[string]struct {
		filter ledger.InquiryFilter
		want   []int64
	}{
		"nothing":        {ledger.InquiryFilter{}, []int64{3, 2, 1}},
		"campaign":       {ledger.InquiryFilter{Campaign: campaign}, []int64{3, 2, 1}},
		"other campaign": {ledger.InquiryFilter{Campaign: campaign + 1}, []int64{}},
		"partner":        {ledger.InquiryFilter{Partner: otherPartner}, []int64{2}},
		"order":          {ledger.InquiryFilter{Order: "a"}, []int64{3, 1}},
		"status":         {ledger.InquiryFilter{Status: ledger.InquiryDeclinedForGood}, []int64{1}},
		"other status":   {ledger.InquiryFilter{Status: ledger.InquiryUnresolved}, []int64{3, 2}},
		"created in":     {ledger.InquiryFilter{Created: ledger.TimeRange{Start: minute(1), End: minute(2)}}, []int64{2}},
		"created since":  {ledger.InquiryFilter{Created: ledger.TimeRange{Start: minute(1)}}, []int64{3, 2}},
		"date":           {ledger.InquiryFilter{Date: ledger.TimeRange{Start: began.AddDate(0, 0, -1), End: began}}, []int64{2}},
		"all together": {ledger.InquiryFilter{
			Campaign: campaign, Partner: partner, Order: "a", Status: ledger.InquiryDeclinedForGood,
			Created: ledger.TimeRange{Start: minute(0), End: minute(1)}, Date: ledger.TimeRange{Start: began, End: minute(1)},
		}, []int64{1}},
	} {
		got := f.inquiries(c.filter, everything)
		same(f, c.want, got.numbers(), name)
		same(f, len(c.want), got.Total, "total by "+name)
	}
}
