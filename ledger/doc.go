// Package ledger implements the rules of a ledger of partner commissions: how a
// conversion, a modification, a reversal or an undo changes an action, its items and
// the payout they earn. The rules are specified in docs/rules.md.
//
// The package is pure. It reads no clock, no disk and no network. [Decide] takes a
// [Lookup] of the present state, a submission and the context in which it is applied,
// and returns the [Change] that it makes, or a [*Rejection].
package ledger
