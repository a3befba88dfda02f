package keyqueue

import (
	"context"
	"log/slog"
	"time"
)

// Retry logs a message at level Error and waits until the delay has passed or ctx ends. It
// returns true: a [Work] that returns its result is called again.
func Retry(ctx context.Context, log *slog.Logger, delay time.Duration, message string, args ...any) (more bool) {
	log.Error(message, append(args, "retry_in", delay)...)
	select {
	case <-time.After(delay):
	case <-ctx.Done():
	}
	return true
}
