// Package demo creates demo accounts with campaigns, partners, terms and orders. It does so
// in the same way as a user: the reference data come from a file, as with trueup apply -f,
// and the orders are requests that are applied as submissions.
package demo

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

// The accounts and the SIDs of their tokens. They are the same in every demo.
const (
	Account      = 1
	SID          = "IRTrueupDemoUSD0000000000000000001"
	AccountJapan = 2
	SIDJapan     = "IRTrueupDemoJPY0000000000000000002"
	// SIDAdmin is the SID of the token for the admin API.
	SIDAdmin = "IRTrueupDemoAdmin00000000000000003"
)

// ReferenceName is the file name of [Reference] in error messages.
const ReferenceName = "demo.yaml"

// Reference is the reference file of the accounts.
//
//go:embed demo.yaml
var Reference string

// ExampleOrder is the order id of the first worked example in docs/rules.md.
const ExampleOrder = "EXAMPLE-A"

// Days is the age of the oldest orders at the first start, except those of [Examples].
const Days = 60

// Step is a part of the demo's history: submissions that are accepted and applied at an instant.
// After them, the invoices that are due are issued, and Payments are recorded.
type Step struct {
	At          time.Time
	Submissions []store.Submission
	Payments    []invoice.Payment
}

// Steps returns the history of an account in order. start is the time of the first start of the
// demo, which is the instant of the last step. The submissions are always the same, with event
// dates relative to start.
func Steps(account int64, start time.Time) ([]Step, error) {
	s, found := shops[account]
	if !found {
		return nil, fmt.Errorf("the demo has no account %d", account)
	}
	zone, err := time.LoadLocation(s.zone)
	if err != nil {
		return nil, err
	}
	var events []event
	if s.history != nil {
		events = s.history(s, start, zone)
	}
	events = append(events, event{at: start, requests: s.requests(start.Truncate(time.Second), zone)})
	steps := make([]Step, 0, len(events))
	for _, e := range events {
		step := Step{At: e.at, Payments: e.payments}
		for _, r := range e.requests {
			submission, err := r.submission(e.at)
			if err != nil {
				return nil, fmt.Errorf("demo request %q: %w", r.form, err)
			}
			step.Submissions = append(step.Submissions, submission)
		}
		steps = append(steps, step)
	}
	return steps, nil
}

// request is the form of a request and the kind of its submission.
type request struct {
	kind ledger.Kind
	form string
}

// submission decodes the request like the server does.
func (r request) submission(now time.Time) (store.Submission, error) {
	params, err := wire.ParseParams("", "", []byte(r.form))
	if err != nil {
		return store.Submission{}, err
	}
	env := wire.Env{Now: now, Zone: time.UTC} // suffices: no request has an IP address, a date without an offset or a generated order id
	var command ledger.Command
	switch r.kind {
	case ledger.KindConversion:
		command, err = wire.DecodeConversion(params, env)
	case ledger.KindModification:
		command, err = wire.DecodeModification(params, env)
	case ledger.KindReversal:
		command, err = wire.DecodeReversal(params, env)
	default:
		err = fmt.Errorf("no request of kind %s", r.kind)
	}
	return store.Submission{Submission: ledger.Submission{Command: command}, Payload: params.Payload()}, err
}

// ExampleAction returns the action of the first worked example.
func ExampleAction(ctx context.Context, st store.Snapshots) (id ids.ActionID, err error) {
	err = st.Read(ctx, Account, func(r store.Reader) error {
		_, actions, err := r.Actions(search.ActionFilter{Order: ExampleOrder}, search.Page{Size: 1, Number: 1})
		if err != nil {
			return err
		}
		for a, err := range actions {
			id = a.ID
			return err
		}
		return fmt.Errorf("order %s: %w", ExampleOrder, ledger.ErrNotFound)
	})
	return id, err
}
