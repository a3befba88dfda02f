package keyqueue

import (
	"context"
	"log/slog"
	"time"
)

// Retry logs an error and waits for delay or until ctx ends. It returns true, so that
// [Work] can return its result to be called again.
func Retry(ctx context.Context, log *slog.Logger, delay time.Duration, message string, args ...any) (more bool) {
	log.Error(message, append(args, "retry_in", delay)...)
	select {
	case <-time.After(delay):
	case <-ctx.Done():
	}
	return true
}
