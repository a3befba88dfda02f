// Package invoice holds the rules of what an account owes its partners (docs/rules.md,
// sections 11 and 12): entries, periods, invoices and their payment. Like those of package
// ledger, they are pure.
package invoice
