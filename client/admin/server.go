package admin

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/internal/codec"
)

// AuditEvent is an event of the audit log: a change by an operator, or the import of a file.
type AuditEvent struct {
	Number    int       `wire:"number"` // increases within the account
	At        time.Time `wire:"at"`
	Source    string    `wire:"source"` // COMMAND, CONSOLE, PROGRAM, API (the protocol) or ADMIN API
	Actor     string    `wire:"actor"`  // the SID of a token, or a user of the operating system
	Name      string    `wire:"name"`   // of the actor
	Operation string    `wire:"operation"`
	Subject   string    `wire:"subject"` // the changed object
	Reason    string    `wire:"reason"`
	Detail    string    `wire:"detail"`
}

// AuditFilter selects events.
type AuditFilter struct {
	Account  int `wire:"account"` // 0 for events that concern no account, as of admin tokens
	Before   int `wire:"before"`  // the number of an event; only those with a smaller number
	PageSize int `wire:"limit"`   // 100 by default
}

// AuditEvents returns the events that match, newest first.
func (c *Client) AuditEvents(ctx context.Context, f AuditFilter) iter.Seq2[AuditEvent, error] {
	return list[AuditEvent](ctx, c, "/audit", "events", f)
}

// Clock is the clock of a server.
type Clock struct {
	Time time.Time `wire:"clock"`
	// Test reports whether it is a test clock, which stands until it is moved.
	Test bool `wire:"test"`
}

// Clock returns the clock of the server.
func (c *Client) Clock(ctx context.Context) (*Clock, error) { return read[Clock](ctx, c, "/clock") }

// AdvanceClock moves the test clock of a server forward by a time, and returns once the work that
// became due is done.
func (c *Client) AdvanceClock(ctx context.Context, by time.Duration, o WriteOptions) (*Clock, error) {
	return post[Clock](ctx, c, "/clock", struct {
		Advance time.Duration `wire:"advance"`
	}{by}, "", o)
}

// SetClock moves the test clock of a server forward to a time, and returns once the work that became
// due is done.
func (c *Client) SetClock(ctx context.Context, now time.Time, o WriteOptions) (*Clock, error) {
	return post[Clock](ctx, c, "/clock", struct {
		Now time.Time `wire:"now"`
	}{now}, "", o)
}

// AcceptedClock is the result of accepting a clock.
type AcceptedClock struct {
	Time time.Time `wire:"clock"`
	// Accepted is false if the clock was trusted already.
	Accepted bool `wire:"accepted"`
}

// AcceptClock makes the server trust its clock again after it jumped.
func (c *Client) AcceptClock(ctx context.Context, o WriteOptions) (*AcceptedClock, error) {
	return post[AcceptedClock](ctx, c, "/clock/accept", struct{}{}, "", o)
}

// Fault is a rule of fault injection (docs/emulate.md).
type Fault struct {
	Name   string        `wire:"name"`
	Route  string        `wire:"route"` // a method and a path below the account, such as "PUT /Actions"
	Order  string        `wire:"order"` // the order id; * stands for any characters
	Skip   int           `wire:"skip"`  // the number of matches to skip first
	Share  string        `wire:"share"` // the probability for each further match, such as 0.5 or 50%; 1 by default
	Count  int           `wire:"count"` // the maximum number of injected faults; 0 without one
	Delay  time.Duration `wire:"delay"`
	Status int           `wire:"status"` // 429, 500 or 503
	After  bool          `wire:"after"`  // whether the request takes effect first
	Drop   string        `wire:"drop"`   // "before" or "after" the request takes effect
	// Code and Message are the error with which submissions complete.
	Code    string `wire:"code"`
	Message string `wire:"message"`
}

type faults struct {
	Faults []Fault `wire:"faults"`
}

// Faults returns the rules of fault injection. Only servers with --emulate have them.
func (c *Client) Faults(ctx context.Context) ([]Fault, error) {
	return c.faults(ctx, client.Request{})
}

// SetFaults replaces the rules of fault injection and returns them.
func (c *Client) SetFaults(ctx context.Context, rules []Fault) ([]Fault, error) {
	body, err := codec.Object(faults{append([]Fault{}, rules...)}, "") // not nil, which is left out
	if err != nil {
		return nil, fmt.Errorf("admin: %w", err)
	}
	return c.faults(ctx, client.Request{Method: http.MethodPut, Body: body})
}

// DeleteFaults deletes all rules of fault injection.
func (c *Client) DeleteFaults(ctx context.Context) error {
	_, err := c.faults(ctx, client.Request{Method: http.MethodDelete})
	return err
}

func (c *Client) faults(ctx context.Context, r client.Request) ([]Fault, error) {
	r.Path, r.Repeatable = "/faults", true
	f, err := send[faults](ctx, c, r)
	if err != nil {
		return nil, err
	}
	return f.Faults, nil
}
