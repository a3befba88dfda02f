package bench

import (
	"context"
	"time"
)

// Depth compares the latencies of the first and the last modifications of actions. They are
// measured from the time of sending until the modification is applied.
type Depth struct {
	// Modifications is the number of modifications of each action.
	Modifications int     `json:"modifications"`
	First         Latency `json:"first"`
	Last          Latency `json:"last"`
	// Ratio is the median of the last divided by the median of the first.
	Ratio float64 `json:"ratio"`
}

const (
	// edgeSize is the number of modifications of an action that count as its first and as
	// its last.
	edgeSize = 10
	// MinDepth is the minimum of [Load.Depth].
	MinDepth = 2 * edgeSize
)

// nextDeep returns a modification of the current action, or of the next one after depth
// modifications.
func (g *generator) nextDeep() request {
	t := g.targets[g.created/g.depth%len(g.targets)]
	g.created++
	return g.change(t)
}

// waitApplied waits until a connection's modification is applied and records its latency.
func (r *loadRun) waitApplied(ctx context.Context, connection int, q submission) error {
	if err := r.client.waitComplete(ctx, r.conns[connection], q.account, q.uri, pollInterval); err != nil {
		return err
	}
	took := time.Since(q.at)
	r.effect.record(took)
	g := r.generators[connection]
	nth := (g.created-1)%g.depth + 1
	switch {
	case g.created > g.depth*len(g.targets): // not the first round
	case nth <= edgeSize:
		r.first.record(took)
	case nth > g.depth-edgeSize:
		r.last.record(took)
	}
	return nil
}

// depth returns the measurements of [Deep]. It returns nil if no action was completed.
func (r *loadRun) depth() *Depth {
	d := Depth{Modifications: r.Depth, First: r.first.latency(), Last: r.last.latency()}
	if d.First.P50 == 0 || d.Last.P50 == 0 {
		return nil
	}
	d.Ratio = float64(d.Last.P50) / float64(d.First.P50)
	return &d
}
