// Package bench measures a Trueup from outside: over HTTP, with real
// connections, against a process of its own or a server that runs already.
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

// Load says what to do to the server.
type Load struct {
	Scenario Scenario
	// Connections are used at once; of [Import] there is one for each account.
	Connections int
	// Duration and Requests end the load, whichever comes first; one that is 0 does
	// not. Of [Import] the rows of files are counted.
	Duration time.Duration
	Requests int64
	// Rate is in requests a second, 0 for as many as are answered ([Import] has no other).
	Rate float64
	// Targets are the items; they are picked by chance.
	Targets []Target
}

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

// Run puts the load on the server and measures.
func Run(ctx context.Context, c *Client, l Load) (Report, error) {
	if len(l.Targets) == 0 {
		return Report{}, errors.New("there is no item to modify")
	}
	switch l.Scenario {
	case Hot:
		l.Targets = l.Targets[:1]
	case Import:
		l.Connections = len(c.Accounts)
	case Modify, Mixed:
	}
	r := &running{
		Load: l, client: c, queued: make(chan queued),
		answered: newHistogram(), served: newHistogram(), effects: newHistogram(), kinds: make(map[kind]*histogram),
	}
	for _, k := range kinds {
		r.kinds[k] = newHistogram()
	}
	run := time.Now().UnixMicro()
	for n := range l.Connections {
		targets := l.Targets
		if l.Scenario == Import { // a file is of one account
			targets = of(n, targets)
		}
		r.lines = append(r.lines, newLine(c))
		r.authors = append(r.authors, newAuthor(fmt.Sprintf("B%d-%d", run, n), uint64(n), targets))
	}
	defer func() {
		for _, l := range r.lines {
			if l != nil {
				l.close()
			}
		}
	}()
	return r.run(ctx)
}

func (r *running) run(ctx context.Context) (Report, error) {
	completed, failed, err := r.counts(ctx)
	if err != nil {
		return Report{}, err
	}
	server, generator := newMeter(r.client.PID), newMeter(os.Getpid())
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
		if err := r.client.await(ctx, q.account, q.uri, pollEvery); err != nil {
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
