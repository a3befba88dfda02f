package server

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"
)

func TestPollCallsAtOnceAndAtTheInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 12*time.Second)
		defer cancel()
		var calls []time.Duration
		start := time.Now()
		err := poll(ctx, slog.New(slog.DiscardHandler), 5*time.Second, func(context.Context) error {
			calls = append(calls, time.Since(start))
			return nil
		})
		if err != nil || len(calls) != 3 || calls[0] != 0 || calls[2] != 10*time.Second {
			t.Errorf("calls after %v, error %v", calls, err)
		}
	})
}
