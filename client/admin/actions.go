package admin

import (
	"context"
	"iter"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// SetModificationLimit raises the modification limit of an action. It requires a reason.
func (c *Client) SetModificationLimit(ctx context.Context, account int, actionID string, limit int, o WriteOptions) error {
	_, err := post[struct{}](ctx, c, accountPath(account, "actions", actionID, "cap"), struct {
		Limit int `wire:"cap"`
	}{limit}, "", o)
	return err
}

// ParkSubmission completes a queued submission as PARKED without applying it. It requires a reason.
func (c *Client) ParkSubmission(ctx context.Context, account int, id string, o WriteOptions) error {
	_, err := post[struct{}](ctx, c, accountPath(account, "submissions", id, "park"), struct{}{}, "", o)
	return err
}

// RetrySubmission accepts a failed submission again and returns the id of the new one.
func (c *Client) RetrySubmission(ctx context.Context, account int, id string, o WriteOptions) (newID string, err error) {
	retried, err := post[struct {
		ID string `wire:"BatchId"`
	}](ctx, c, accountPath(account, "submissions", id, "retry"), struct{}{}, "", o)
	if err != nil {
		return "", err
	}
	return retried.ID, nil
}

// Inquiry is a claim of a partner. [client.Inquiry] has more of it.
type Inquiry struct {
	ID       int       `wire:"id"`
	Created  time.Time `wire:"created"`
	Status   string    `wire:"status"` // UNRESOLVED, VALID, DECLINED or INCOMPLETE
	Type     string    `wire:"type"`   // UNTRACKED, INCORRECT or DECLINED
	Campaign int       `wire:"campaign"`
	Partner  int       `wire:"partner"`
	Order    string    `wire:"order"`
	Date     time.Time `wire:"date"`
	Action   string    `wire:"action"` // empty unless the inquiry has one
}

// InquiryFilter selects inquiries.
type InquiryFilter struct {
	Status   string `wire:"status"`
	PageSize int    `wire:"limit"` // 100 by default
}

// Inquiries returns the inquiries that match, newest first.
func (c *Client) Inquiries(ctx context.Context, account int, f InquiryFilter) iter.Seq2[Inquiry, error] {
	return list[Inquiry](ctx, c, accountPath(account, "inquiries"), "inquiries", f)
}

// Inquiry returns the inquiry with an id.
func (c *Client) Inquiry(ctx context.Context, account, id int) (*Inquiry, error) {
	return read[Inquiry](ctx, c, accountPath(account, "inquiries", strconv.Itoa(id)))
}

// NewInquiry describes an inquiry to create. The first four fields are required, and a type other
// than DECLINED requires a TransactionDate.
type NewInquiry struct {
	CampaignID             int
	MediaPartnerID         int
	OrderID                string
	InquiryType            string // UNTRACKED, INCORRECT or DECLINED
	TransactionDate        time.Time
	TransactionAmount      *money.Decimal
	ExpectedPayout         *money.Decimal
	Comment                string
	TrackingLink           string
	ResolutionDeadlineDate time.Time
	AutoApprovalDate       time.Time
	// IdempotencyKey is that of [WriteOptions].
	IdempotencyKey string `wire:"-"`
}

// CreateInquiry creates an inquiry of a partner.
func (c *Client) CreateInquiry(ctx context.Context, account int, q NewInquiry) (*Inquiry, error) {
	return post[Inquiry](ctx, c, accountPath(account, "inquiries"), q, "", WriteOptions{IdempotencyKey: q.IdempotencyKey})
}

// Delivery is an event of a notification that was not delivered.
type Delivery struct {
	Update   string    `wire:"update"`  // the id of the event
	Action   string    `wire:"action"`  // the action that changed, or empty
	Invoice  string    `wire:"invoice"` // the invoice that was issued or paid, or empty
	State    string    `wire:"state"`   // WAITING or GIVEN UP
	Attempts int       `wire:"attempts"`
	Due      time.Time `wire:"due"`    // the next attempt
	Last     time.Time `wire:"last"`   // the last attempt
	Status   int       `wire:"status"` // of the last response
	Error    string    `wire:"error"`
}

// DeliveryFilter selects deliveries.
type DeliveryFilter struct {
	Before   int `wire:"before"` // the number of an update; only those with a smaller number
	PageSize int `wire:"limit"`  // 100 by default
}

// Deliveries returns the events of a notification that were not delivered, newest first.
func (c *Client) Deliveries(ctx context.Context, account, notification int, f DeliveryFilter) iter.Seq2[Delivery, error] {
	return list[Delivery](ctx, c, notificationPath(account, notification, "deliveries"), "deliveries", f)
}

func notificationPath(account, notification int, operation string) string {
	return accountPath(account, string(Notifications), strconv.Itoa(notification), operation)
}

// Resend sends an event of a notification again, or for an empty update all that were given up. It
// returns the number of events.
func (c *Client) Resend(ctx context.Context, account, notification int, update string, o WriteOptions) (resent int, err error) {
	done, err := post[struct {
		Resent int `wire:"resent"`
	}](ctx, c, notificationPath(account, notification, "resend"), struct {
		Update string `wire:"update"`
	}{update}, "", o)
	if err != nil {
		return 0, err
	}
	return done.Resent, nil
}
