package batchfile

import "context"

// Queue queues the remaining rows of the account's oldest file.
func (in *Inbox) Queue(ctx context.Context, account int64) error { return in.queueOldest(ctx, account) }

// SetPreviewEntries sets the number of entries whose effect a preview decides.
func (in *Inbox) SetPreviewEntries(n int) { in.previewEntries = n }
