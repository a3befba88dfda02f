package bench

import (
	"context"
	"time"
)

// Depth is how long an action's first and last modifications take from when they are
// sent until they take effect.
type Depth struct {
	// Modifications is how many there are of an action.
	Modifications int     `json:"modifications"`
	First         Latency `json:"first"`
	Last          Latency `json:"last"`
	// Ratio is the last ones' median to that of the first.
	Ratio float64 `json:"ratio"`
}

// ends is how many of an action's modifications count as its first, and as its last;
// MinDepth is how many modifications of an action have both.
const (
	ends     = 10
	MinDepth = 2 * ends
)

// deepen modifies the author's action once more, or its next one if there were enough.
func (a *author) deepen() request {
	t := a.targets[a.made/a.depth%len(a.targets)]
	a.made++
	return a.change(t)
}

// settle waits until a connection's modification takes effect.
func (r *running) settle(ctx context.Context, connection int, q queued) error {
	if err := r.client.await(ctx, r.lines[connection], q.account, q.uri, pollEvery); err != nil {
		return err
	}
	took := time.Since(q.at)
	r.effects.record(took)
	a := r.authors[connection]
	nth := (a.made-1)%a.depth + 1
	switch {
	case a.made > a.depth*len(a.targets): // an action's second round
	case nth <= ends:
		r.first.record(took)
	case nth > a.depth-ends:
		r.last.record(took)
	}
	return nil
}

// depth answers what was measured of [Deep], nil if no action came to its end.
func (r *running) depth() *Depth {
	d := Depth{Modifications: r.Depth, First: r.first.latency(), Last: r.last.latency()}
	if d.First.P50 == 0 || d.Last.P50 == 0 {
		return nil
	}
	d.Ratio = float64(d.Last.P50) / float64(d.First.P50)
	return &d
}
