// Package storetest is the suite that every store passes, whatever it is built
// on: each promise of package store is a test whose name says it. After every
// test the laws of docs/rules.md, section 9, are checked over the whole store.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// Reopen opens one and the same store: empty at first, and again after it was closed.
type Reopen func() store.Store

// Run runs the suite. Fresh answers how to open a new store, of this test alone;
// it fails the test if that cannot be done.
func Run(t *testing.T, fresh func(t *testing.T) Reopen) {
	t.Helper()
	for _, group := range [][]promise{
		acceptPromises, keyPromises, applyPromises, failurePromises, lookupPromises, referencePromises,
		readPromises, filterPromises, pagePromises, historyPromises, inquiryPromises, tokenPromises, operationPromises, lifePromises, filePromises,
		noticePromises,
	} {
		for _, p := range group {
			t.Run(p.says, func(t *testing.T) {
				t.Parallel()
				p.holds(newFixture(t, fresh(t)))
			})
		}
	}
}

// promise is one sentence of the contract and its proof.
type promise struct {
	says  string
	holds func(f *fixture)
}

// Check answers an error that names the first offences against the laws of
// docs/rules.md, section 9, in all of a store that was applied with ledger.Decide.
func Check(ctx context.Context, s store.Store) error {
	audited, is := s.(store.Scanner)
	if !is {
		return fmt.Errorf("%T cannot be audited", s)
	}
	offences, err := store.Verify(ctx, audited, ledger.Decide)
	errs := []error{err}
	for _, o := range offences {
		errs = append(errs, errors.New(o.String()))
	}
	return errors.Join(errs...)
}
