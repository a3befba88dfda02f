package admin

import "context"

// ReferenceFile is a reference file.
type ReferenceFile struct {
	// Content is the file in YAML or JSON (docs/reference-file.md).
	Content string `wire:"content"`
	// Force permits terms that are implausible, such as a rate over 100 %.
	Force bool `wire:"force"`
	// DryRun returns the changes and records nothing.
	DryRun bool `wire:"dry_run"`
}

// Applied holds the changes by a [ReferenceFile].
type Applied struct {
	Accounts []AppliedAccount `wire:"accounts"`
	DryRun   bool             `wire:"dry_run"`
}

// AppliedAccount holds the changes of an account.
type AppliedAccount struct {
	Account  int           `wire:"account"`
	Recorded int           `wire:"recorded"` // the number of entries that are new or changed
	Unlisted int           `wire:"unlisted"` // the clicks and rate tables among them, which are not in Changes
	Changes  []EntryChange `wire:"changes"`
}

// EntryChange is the change of a field of an entry, or a new entry.
type EntryChange struct {
	Kind  string `wire:"kind"`  // of the entry, such as "event type"
	Key   string `wire:"key"`   // of the entry; empty for the account
	Field string `wire:"field"` // such as "default.rate"; empty for a new entry
	Old   string `wire:"old"`   // empty like New for a value that may be secret
	New   string `wire:"new"`
}

// Apply records the accounts of a reference file. It checks all of them first, and if one is
// invalid, it records nothing. The IdempotencyKey has no effect: to call Apply again records what is
// left.
func (c *Client) Apply(ctx context.Context, f ReferenceFile, o WriteOptions) (*Applied, error) {
	return repeat[Applied](ctx, c, "/apply", f, o)
}
