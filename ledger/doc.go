// Package ledger implements the rules of a ledger of partner commissions: how a
// conversion, a modification, a reversal or an undo changes an action, its items and
// their payouts. docs/rules.md specifies the rules.
//
// The package is pure: it reads no clock, no disk and no network. [Decide] takes a
// [Submission], a [Lookup] of the state before it and the [ApplyContext]. It returns the
// [Change] that the submission makes, or a [*github.com/trueup-ledger/trueup/ledger/rejection.Rejection].
package ledger
