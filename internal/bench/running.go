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
)

// running is a load at work.
type running struct {
	Load
	client  *Client
	authors []*author
	// lines are the connections, one for each author.
	lines []*line
	// answered and served have the time of each request from when it counts, and
	// from when it was sent; effects that from QUEUED to Complete.
	answered, served, effects *histogram
	// first and last have the effects of an action's first and last modifications.
	first, last               *histogram
	kinds                     map[kind]*histogram
	accepted, refused, unsent atomic.Int64
	// queued has submissions that may be watched.
	queued chan queued
}

// queued is a submission that was accepted.
type queued struct {
	account int
	uri     string
	at      time.Time
}

func (r *running) run(ctx context.Context) (Report, error) {
	completed, failed, err := r.counts(ctx)
	if err != nil {
		return Report{}, err
	}
	server, generator := newMeter(r.client.pids()...), newMeter(os.Getpid())
	begin := time.Now()
	if err := r.load(ctx); err != nil {
		return Report{}, fmt.Errorf("under load: %w", err)
	}
	accepting := time.Since(begin)
	if err := r.client.drain(ctx); err != nil {
		return Report{}, fmt.Errorf("until all is applied: %w", err)
	}
	applying := time.Since(begin)
	report := r.report(accepting, applying)
	report.Server, report.Generator = server.read(report.Accepted), generator.read(report.Accepted)
	if report.Completed, report.Failed, err = r.counts(ctx); err != nil {
		return Report{}, err
	}
	report.Completed -= completed
	report.Failed -= failed
	return report, nil
}

// counts answers how many submissions are complete and how many of them failed.
func (r *running) counts(ctx context.Context) (completed, failed int64, err error) {
	completed, err = r.client.count(ctx, "Status=Complete")
	if err == nil {
		failed, err = r.client.count(ctx, "HasError=true")
	}
	return completed, failed, err
}

// load sends all there is to send, watched by one more connection.
func (r *running) load(ctx context.Context) error {
	l := loop{connections: r.Connections, duration: r.Duration, requests: r.Requests, rate: r.Rate}
	send := r.send
	if r.Scenario == Import {
		l.requests = (r.Requests + fileRows - 1) / fileRows
		send = r.files().upload
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return r.watch(ctx) })
	group.Go(func() error {
		defer close(r.queued)
		return l.run(ctx, send, func(waited time.Duration) {
			r.unsent.Add(1)
			r.answered.record(waited)
		})
	})
	return group.Wait()
}

// send sends a connection's next request.
func (r *running) send(ctx context.Context, connection int, due time.Time) error {
	kind, request := r.authors[connection].next(r.Scenario)
	var answer struct {
		URI string `json:"QueuedUri"`
	}
	begin := time.Now()
	err := r.client.doOn(ctx, r.lines[connection], request, &answer)
	now := time.Now()
	if told := (*statusError)(nil); errors.As(err, &told) {
		r.refused.Add(1)
		return nil
	}
	if err != nil {
		return err
	}
	r.answered.record(now.Sub(due))
	r.served.record(now.Sub(begin))
	r.kinds[kind].record(now.Sub(begin))
	if kind == kindRead {
		return nil
	}
	r.accepted.Add(1)
	if r.Scenario == Deep {
		return r.settle(ctx, connection, queued{request.account, answer.URI, begin})
	}
	select {
	case r.queued <- queued{request.account, answer.URI, now}:
	default: // the watcher is at another one
	}
	return nil
}

// watchEvery is the pause between submissions that are watched.
const watchEvery = 20 * time.Millisecond

// watch measures how long it takes until an accepted submission is told to be complete.
func (r *running) watch(ctx context.Context) error {
	for q := range r.queued {
		if err := r.client.await(ctx, nil, q.account, q.uri, pollEvery); err != nil {
			return err
		}
		r.effects.record(time.Since(q.at))
		if err := until(ctx, time.Now().Add(watchEvery)); err != nil {
			return err
		}
	}
	return nil
}

// files answers what hands in the files of an import.
func (r *running) files() *files {
	return &files{running: r, left: cmp.Or(r.Requests, int64(1)<<62)}
}
