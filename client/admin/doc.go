// Package admin calls the admin API of a Trueup server: accounts and their reference data, tokens,
// invoices, payments, balances, the audit log and more. Package client calls the protocol of an
// account.
//
//	c, err := admin.New(admin.Options{}) // TRUEUP_ADMIN_URL, TRUEUP_ADMIN_SID and TRUEUP_ADMIN_TOKEN
//	…
//	token, err := c.CreateToken(ctx, admin.NewToken{Account: 1, Name: "shop"}, admin.WriteOptions{})
//
// Amounts, lists, retries and errors are those of package client: money.Amount values in the
// currency beside them, iterators over objects and errors, [client.Retry], and a [*client.Error] for
// an error response, such as one that matches [client.ErrNotFound].
//
// # Writes
//
// A write takes effect at once. Its [WriteOptions] have the reason for the audit log, which many
// writes require, and the idempotency key. The key is random by default, so that a write that is
// sent again after a dropped connection takes effect once.
//
// # Reference data
//
// An entry has the keys of the reference file (docs/reference-file.md). It is read as JSON, and
// written as any value that package encoding/json encodes to an object with these keys. [Entry] names
// an entry by its list and the values that identify it:
//
//	c.PutEntry(ctx, 1, admin.Entry(admin.Partners, 10001), map[string]any{"name": "Brightside"}, admin.PutOptions{})
package admin
