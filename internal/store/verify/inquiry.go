package verify

import (
	"errors"
	"fmt"

	"github.com/trueup-ledger/trueup/internal/inquiry"
)

// verifyInquiries checks that an inquiry names an accepted submission if and only if it
// is valid, and that the action which the submission created belongs to the inquiry's
// campaign.
func (v *verifier) verifyInquiries() error {
	last := inquiry.Inquiry{}
	for q, err := range v.contents.Inquiries() {
		if err != nil {
			return err
		}
		subject := fmt.Sprintf("inquiry %d", q.Number)
		created := q.Outcome.Action
		if err := errors.Join(
			v.check(4, (q.Submission != 0) == (q.Status == inquiry.StatusValid), subject, "is %s and names submission %d", q.Status, q.Submission),
			v.check(4, q.Submission <= v.positions.Counters.Accepted, subject, "names submission %d, which was never accepted", q.Submission),
			v.check(4, created.Number == 0 || created.Number == q.Submission && created.Campaign == q.Campaign, subject,
				"names submission %d, whose action is %s", q.Submission, created),
		); err != nil {
			return err
		}
		last = q
	}
	return v.check(4, last.Number == v.positions.Inquiry && (last.Number == 0 || last.Created.Equal(v.positions.InquiryCreated)), "all inquiries",
		"the last one is %d, and the last number that was assigned is %d", last.Number, v.positions.Inquiry)
}
