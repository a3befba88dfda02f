package batchfile

import "context"

// Queue queues the remaining rows of the account's oldest file.
func (in *Inbox) Queue(ctx context.Context, account int64) error { return in.queueOldest(ctx, account) }
