// Package demo makes accounts with campaigns, partners, terms and orders to try
// things on. All of it goes the ways that a user's would: the reference data come
// from a file as for `trueup apply -f`, the orders are requests as a client sends
// them and take effect as submissions.
package demo

import (
	_ "embed"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// The accounts and the SIDs of their tokens, which are the same in every demo.
const (
	Account      = 1
	SID          = "IRTrueupDemoUSD0000000000000000001"
	AccountJapan = 2
	SIDJapan     = "IRTrueupDemoJPY0000000000000000002"
	// SIDAdmin is of the token that opens the admin API.
	SIDAdmin = "IRTrueupDemoAdmin00000000000000003"
)

// ReferenceName is the name of [Reference] in faults.
const ReferenceName = "demo.yaml"

// Reference is the file with the accounts and their reference data.
//
//go:embed demo.yaml
var Reference string

// ExampleOrder is the order of the first worked example in docs/rules.md.
const ExampleOrder = "EXAMPLE-A"

// Days is how far back from the first start the orders reach.
const Days = 60

// Submissions answers what is submitted in an account when its demo first starts
// at an instant, in order: always the same orders, with event dates relative to
// the instant.
func Submissions(account int64, start time.Time) ([]store.Submission, error) {
	s, found := shops[account]
	if !found {
		return nil, fmt.Errorf("the demo has no account %d", account)
	}
	requests, err := s.requests(start.Truncate(time.Second))
	if err != nil {
		return nil, err
	}
	submissions := make([]store.Submission, 0, len(requests))
	for _, r := range requests {
		submission, err := r.submission(start)
		if err != nil {
			return nil, fmt.Errorf("demo request %q: %w", r.form, err)
		}
		submissions = append(submissions, submission)
	}
	return submissions, nil
}

// request is what a client sends: a form, and what it wants of it.
type request struct {
	kind ledger.Kind
	form string
}

// submission decodes the request as the server does.
func (r request) submission(now time.Time) (store.Submission, error) {
	params, err := wire.ParseParams("", "", []byte(r.form))
	if err != nil {
		return store.Submission{}, err
	}
	env := wire.Env{Now: now, Zone: time.UTC} // no request has an address, a bare date or asks for an order id
	var command ledger.Command
	switch r.kind {
	case ledger.KindConversion:
		command, err = wire.DecodeConversion(params, env)
	case ledger.KindModification:
		command, err = wire.DecodeModification(params, env)
	case ledger.KindReversal:
		command, err = wire.DecodeReversal(params, env)
	default:
		err = fmt.Errorf("no request for %s", r.kind)
	}
	return store.Submission{Submission: ledger.Submission{Command: command}, Payload: params.Payload()}, err
}
