// Package bench measures a Trueup from outside: over HTTP, with real
// connections, against a process of its own.
package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Load says what to do to the server.
type Load struct {
	// Connections modify one item after another, each as fast as it is answered.
	Connections int
	Duration    time.Duration
	// Targets are the items; they are picked by chance.
	Targets []Target
}

// Target is an item that exists.
type Target struct{ Action, SKU string }

// Report is what was measured.
type Report struct {
	// Accepted counts the modifications answered with QUEUED, Refused all others.
	Accepted, Refused int
	// Accepting is how long they took to be accepted, Applying until the last was
	// complete.
	Accepting, Applying time.Duration
	// Answer is the time of one request; Effect is from the answer QUEUED until a
	// reader was told Complete, of submissions that were watched by polling.
	Answer, Effect Percentiles
	// Resident and ResidentPeak are the server's memory in bytes, 0 if unknown.
	Resident, ResidentPeak int64
	// List is of a page of actions, read when the load was over.
	List List
}

// Percentiles are of a duration.
type Percentiles struct {
	Count         int
	P50, P99, Max time.Duration
}

func percentiles(d []time.Duration) Percentiles {
	if len(d) == 0 {
		return Percentiles{}
	}
	slices.Sort(d)
	at := func(share float64) time.Duration { return d[int(share*float64(len(d)-1))] }
	return Percentiles{Count: len(d), P50: at(0.50), P99: at(0.99), Max: at(1)}
}

// watchEvery is the pause between submissions that are watched, and pollEvery
// that between two looks at one of them.
const (
	watchEvery = 20 * time.Millisecond
	pollEvery  = time.Millisecond
)

// Run puts the load on the server and measures.
func Run(ctx context.Context, c *Client, l Load) (Report, error) {
	loadCtx, cancel := context.WithTimeout(ctx, l.Duration)
	defer cancel()
	begin := time.Now()
	workers := make([]worker, 1+l.Connections)
	watcher := &workers[0]
	var group sync.WaitGroup
	for i := range workers {
		w := &workers[i]
		w.random = rand.New(rand.NewPCG(1, uint64(i)))
		if w != watcher {
			group.Go(func() { w.modify(loadCtx, c, l.Targets) })
		}
	}
	group.Go(func() { watcher.watch(loadCtx, c, l.Targets) })
	group.Wait()
	if err := ctx.Err(); err != nil {
		return Report{}, err
	}
	r := Report{Accepting: time.Since(begin), Effect: percentiles(watcher.effects)}
	var answers []time.Duration
	for _, w := range workers {
		if w.err != nil {
			return Report{}, fmt.Errorf("under load: %w", w.err)
		}
		r.Accepted += w.accepted
		r.Refused += w.refused
		answers = append(answers, w.answers...)
	}
	r.Answer = percentiles(answers)
	r.Resident, r.ResidentPeak = c.memory()
	for _, w := range workers {
		if err := c.await(ctx, w.last); err != nil {
			return Report{}, err
		}
	}
	r.Applying = time.Since(begin)
	return r, nil
}

// worker is one connection's part of the load.
type worker struct {
	random            *rand.Rand
	accepted, refused int
	answers, effects  []time.Duration
	// last is the newest submission's Uri.
	last string
	err  error
}

func (w *worker) modify(ctx context.Context, c *Client, targets []Target) {
	for ctx.Err() == nil && w.err == nil {
		w.one(ctx, c, targets)
	}
}

// one sends one modification, and reports whether it was accepted.
func (w *worker) one(ctx context.Context, c *Client, targets []Target) bool {
	target := targets[w.random.IntN(len(targets))]
	begin := time.Now()
	uri, err := c.modify(ctx, target, 1+w.random.IntN(9))
	switch {
	case ctx.Err() != nil:
		return false
	case err != nil:
		w.err = err
	case uri == "":
		w.refused++
	default:
		w.answers = append(w.answers, time.Since(begin))
		w.accepted++
		w.last = uri
		return true
	}
	return false
}

// watch measures how long it takes until an accepted submission is told to be complete.
func (w *worker) watch(ctx context.Context, c *Client, targets []Target) {
	pause := time.NewTicker(watchEvery)
	defer pause.Stop()
	for ctx.Err() == nil && w.err == nil {
		if w.one(ctx, c, targets) {
			begin := time.Now()
			switch err := c.await(ctx, w.last); {
			case ctx.Err() != nil:
			case err != nil:
				w.err = err
			default:
				w.effects = append(w.effects, time.Since(begin))
			}
		}
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
	}
}
