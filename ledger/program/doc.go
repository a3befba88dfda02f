// Package program defines the reference data of an account: its campaigns, event types,
// partners, promo codes, contracts, terms and notifications. Package ledger applies its
// rules to them.
//
// A [Reference] is a snapshot of all of it. [ReferenceKinds] has a row for each kind of
// entry, from which storage, the reference file and the admin API derive.
package program
