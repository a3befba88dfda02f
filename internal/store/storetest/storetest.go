// Package storetest provides the conformance suite of package store: each guarantee of the
// contract is a test that has the guarantee as its name. After every test the whole store
// is verified against the ledger's invariants. The package also provides a
// [FaultInjector].
package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/verify"
	"github.com/trueup-ledger/trueup/ledger"
)

// Reopen is a function that opens a store. The store is empty at first, and keeps its
// contents when it is closed and opened again.
type Reopen func() store.Store

// Run runs the suite. For each test it calls fresh, which returns the function that opens
// the test's store. Both must fail the test on errors. Run closes the stores.
func Run(t *testing.T, fresh func(t *testing.T) Reopen) {
	t.Helper()
	for _, group := range [][]guarantee{
		acceptGuarantees, commitGuarantees, keyGuarantees, applyGuarantees, failureGuarantees, lookupGuarantees,
		referenceGuarantees, readGuarantees, filterGuarantees, pageGuarantees, historyGuarantees,
		inquiryGuarantees, tokenGuarantees, peopleGuarantees, administrationGuarantees, lifecycleGuarantees,
		fileGuarantees, webhookGuarantees, bridgeGuarantees, webhookInvoiceGuarantees, exportGuarantees, spanGuarantees, adjustmentGuarantees, exchangeGuarantees, billingGuarantees, accountingGuarantees,
		billingPeriodGuarantees, oracleGuarantees, erasureGuarantees, monitorGuarantees, retentionGuarantees, retentionErasureGuarantees,
	} {
		for _, g := range group {
			t.Run(g.name, func(t *testing.T) {
				t.Parallel()
				g.check(newFixture(t, fresh(t)))
			})
		}
	}
}

// guarantee is a guarantee of the contract and its test.
type guarantee struct {
	name  string
	check func(f *fixture)
}

// Verify returns an error that lists the violations of the ledger's invariants in a store
// whose submissions were decided by [ledger.Decide], or nil. See [verify.Store].
func Verify(ctx context.Context, s store.Scanner) error {
	violations, err := verify.Store(ctx, s, ledger.Decide)
	errs := []error{err}
	for _, v := range violations {
		errs = append(errs, errors.New(v.String()))
	}
	return errors.Join(errs...)
}
