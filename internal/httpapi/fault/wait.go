package fault

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Wait waits for d, or until ctx is done: then it returns the error of ctx. It moves the deadline
// for writing the response to the given time after the wait.
func Wait(ctx context.Context, w http.ResponseWriter, d, more time.Duration) error {
	if d <= 0 {
		return nil
	}
	err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(d + more))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
