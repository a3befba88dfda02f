package output

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"
)

// TestAnExportDoesNotWaitForAReaderThatStalls writes to a pipe that nobody reads.
func TestAnExportDoesNotWaitForAReaderThatStalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tooLong := errors.New("too long")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, tooLong)
		defer cancel()
		r, w := io.Pipe()
		if _, err := (interruptible{ctx, w}).Write([]byte("a")); !errors.Is(err, tooLong) {
			t.Errorf("the error is %v", err)
		}
		r.Close()
	})
}
