package keyqueue

import (
	"context"
	"log/slog"
	"time"
)

// Retry logs why a piece of work failed, rests for a pause or until ctx ends, and reports
// that there is more: it is what a [Work] returns that left things as they were.
func Retry(ctx context.Context, log *slog.Logger, pause time.Duration, failed string, args ...any) (more bool) {
	log.Error(failed, append(args, "retry_in", pause)...)
	select {
	case <-time.After(pause):
	case <-ctx.Done():
	}
	return true
}
