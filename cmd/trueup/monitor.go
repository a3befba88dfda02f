package main

import (
	"context"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/server"
	"github.com/trueup-ledger/trueup/internal/tracing"
)

// metricsFlags are the flags of servers for their metrics.
type metricsFlags struct {
	MetricsListen string `env:"TRUEUP_METRICS_LISTEN" placeholder:"ADDR" help:"Address of /metrics alone (default: that of the admin API, if it has its own)."`
}

// flushTimeout is the time for which a server that ends sends its last traces.
const flushTimeout = 5 * time.Second

// runServer runs a server, with traces if the environment names a collector.
func runServer(ctx context.Context, c server.Config) (err error) {
	if !tracing.Enabled() {
		return server.Run(ctx, c)
	}
	if c.Tracer, err = tracing.Start(ctx, c.Log); err != nil {
		return fmt.Errorf("start tracing: %w", err)
	}
	defer func() {
		flush, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTimeout)
		defer cancel()
		if stopped := c.Tracer.Stop(flush); stopped != nil {
			c.Log.Warn("the last traces were not sent", "error", stopped)
		}
	}()
	return server.Run(ctx, c)
}
