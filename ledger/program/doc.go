// Package program defines the reference data of an account: its campaigns, event types,
// partners, promo codes, contracts, terms, notifications and bridges. The rules of package ledger
// read them.
//
// A [Reference] is a snapshot of all reference data. [ReferenceKinds] lists the kinds of
// entries. Storage, the reference file and the admin API derive from this list.
package program
