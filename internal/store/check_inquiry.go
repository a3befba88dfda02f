package store

import (
	"errors"
	"fmt"

	"github.com/trueup-ledger/trueup/ledger"
)

// inquiries checks that those which were found valid, and no others, name a
// submission that was accepted, and that an action that came of one is its order's.
func (c *check) inquiries() error {
	for q, err := range c.ledger.Inquiries() {
		if err != nil {
			return err
		}
		subject := fmt.Sprintf("inquiry %d", q.Number)
		made := q.Outcome.Action
		if err := errors.Join(
			c.law(4, (q.Submission != 0) == (q.Status == ledger.InquiryValid), subject, "is %s and names submission %d", q.Status, q.Submission),
			c.law(4, q.Submission <= c.counters.Accepted, subject, "names submission %d, which was never accepted", q.Submission),
			c.law(4, made.Number == 0 || made.Number == q.Submission && made.Campaign == q.Campaign, subject,
				"names submission %d, whose action is %s", q.Submission, made),
		); err != nil {
			return err
		}
	}
	return nil
}
