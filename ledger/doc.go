// Package trueup holds the rules of a ledger of partner commissions: what a
// conversion, a modification, a reversal or an undo makes of an action, of its
// items and of the payout they earn. The rules are written down in docs/rules.md.
//
// The package is pure. It reads no clock, no disk and no network: [Decide] is
// given the world as it stands, the submission and its turn, and answers the
// change, or a [*Rejection] that says why there is none.
package ledger
