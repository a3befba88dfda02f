package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/trueup-ledger/trueup/internal/bench/procstat"
	"github.com/trueup-ledger/trueup/internal/bench/rawhttp"
)

// loadRun is a running load with its measurements.
type loadRun struct {
	Load
	client     *Client
	generators []*generator
	// conns holds the connection of each generator.
	conns []*rawhttp.Conn
	// response measures requests from the time at which they were due, service from the
	// time at which they were sent. effect measures submissions from QUEUED to Complete.
	response, service, effect *histogram
	// first and last measure the effect of an action's first and last modifications.
	first, last               *histogram
	kinds                     map[kind]*histogram
	accepted, refused, unsent atomic.Int64
	// callers send writes beside the load. same and others measure them.
	callers      []*caller
	same, others callerTimes
	// watchable passes accepted submissions to the watcher.
	watchable chan submission
}

// submission is an accepted submission.
type submission struct {
	account int
	uri     string
	at      time.Time
}

func (r *loadRun) run(ctx context.Context) (Report, error) {
	completed, failed, err := r.counts(ctx)
	if err != nil {
		return Report{}, err
	}
	server, generator := procstat.NewMeter(r.client.pids()...), procstat.NewMeter(os.Getpid())
	begin := time.Now()
	if err := r.client.runBeside(ctx, r.callers, r.load); err != nil {
		return Report{}, fmt.Errorf("under load: %w", err)
	}
	accepting := time.Since(begin)
	if err := r.client.drain(ctx); err != nil {
		return Report{}, fmt.Errorf("wait until all submissions are applied: %w", err)
	}
	applying := time.Since(begin)
	report := r.report(accepting, applying)
	report.Begin = begin
	if r.Callers {
		report.Callers = &Callers{Others: r.others.latency(), Same: r.same.response.latency()}
	}
	report.Server, report.Generator = server.Read(report.Accepted), generator.Read(report.Accepted)
	if report.Completed, report.Failed, err = r.counts(ctx); err != nil {
		return Report{}, err
	}
	report.Completed -= completed
	report.Failed -= failed
	return report, nil
}

// counts returns the number of complete submissions and how many of them failed.
func (r *loadRun) counts(ctx context.Context) (completed, failed int64, err error) {
	completed, err = r.client.count(ctx, "Status=Complete")
	if err == nil {
		failed, err = r.client.count(ctx, "HasError=true")
	}
	return completed, failed, err
}

// load sends the requests, while another connection watches submissions.
func (r *loadRun) load(ctx context.Context) error {
	l := loop{connections: r.Connections, duration: r.Duration, requests: r.Requests, rate: r.Rate, end: r.End}
	send := r.send
	if r.Scenario == Import {
		l.requests = (r.Requests + fileRows - 1) / fileRows
		send = r.uploader().upload
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return r.watch(ctx) })
	group.Go(func() error {
		defer close(r.watchable)
		return l.run(ctx, send, func(waited time.Duration) {
			r.unsent.Add(1)
			r.response.record(waited)
		})
	})
	return group.Wait()
}

// send sends a connection's next request.
func (r *loadRun) send(ctx context.Context, connection int, due time.Time) error {
	kind, request := r.generators[connection].next(r.Scenario)
	var response struct {
		URI        string `json:"QueuedUri"`
		Submission struct{ Status string }
	}
	begin := time.Now()
	err := r.client.doOn(ctx, r.conns[connection], request, &response)
	now := time.Now()
	if refused := (*statusError)(nil); errors.As(err, &refused) {
		r.refused.Add(1)
		return nil
	}
	if err != nil {
		return err
	}
	r.response.record(now.Sub(due))
	r.service.record(now.Sub(begin))
	r.kinds[kind].record(now.Sub(begin))
	if kind == kindRead {
		return nil
	}
	r.accepted.Add(1)
	switch {
	case r.Scenario == Deep:
		return r.waitApplied(ctx, connection, submission{request.account, response.URI, begin})
	case request.wait && response.Submission.Status == complete:
		r.effect.record(now.Sub(begin))
		return nil
	case request.wait:
		return fmt.Errorf("%s was not applied while the request waited", response.URI)
	}
	select {
	case r.watchable <- submission{request.account, response.URI, now}:
	default: // the watcher is busy
	}
	return nil
}

// watchInterval is the pause between two watched submissions.
const watchInterval = 20 * time.Millisecond

// watch measures the time from the acceptance of submissions until they are complete.
func (r *loadRun) watch(ctx context.Context) error {
	for q := range r.watchable {
		if err := r.client.waitComplete(ctx, nil, q.account, q.uri, pollInterval); err != nil {
			return err
		}
		r.effect.record(time.Since(q.at))
		if err := waitUntil(ctx, time.Now().Add(watchInterval)); err != nil {
			return err
		}
	}
	return nil
}

// uploader returns the uploader of an import.
func (r *loadRun) uploader() *uploader {
	return &uploader{loadRun: r, remaining: cmp.Or(r.Requests, int64(1)<<62)}
}
