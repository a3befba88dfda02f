// Package bench measures a Trueup from outside: over HTTP, with real
// connections, against a process of its own or a server that runs already.
package bench

import (
	"context"
	"errors"
	"fmt"
	"time"
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
	// Routed has the requests of an account sent to one server, as a balancer does that
	// looks at the path; else every connection sends those of all accounts to its own.
	Routed bool
	// Depth is of [Deep]: how many requests there are for an action.
	Depth int
	// WarmUp is how many requests of [Modify] are sent and take effect before the
	// measuring begins.
	WarmUp int64
}

// Run puts the load on the server and measures.
func Run(ctx context.Context, c *Client, l Load) (Report, error) {
	if len(l.Targets) == 0 {
		return Report{}, errors.New("there is no item to modify")
	}
	if l.WarmUp == 0 {
		return measure(ctx, c, l)
	}
	before, err := measure(ctx, c, Load{Scenario: Modify, Connections: l.Connections, Requests: l.WarmUp, Targets: l.Targets, Routed: l.Routed})
	if err != nil {
		return Report{}, fmt.Errorf("before the measuring: %w", err)
	}
	report, err := measure(ctx, c, l)
	report.WarmUp = &WarmUp{Accepted: before.Accepted, AppliedPerSecond: before.AppliedPerSecond}
	return report, err
}

func measure(ctx context.Context, c *Client, l Load) (Report, error) {
	switch l.Scenario {
	case Hot:
		l.Targets = l.Targets[:1]
	case Import:
		l.Connections = len(c.Accounts)
	case Deep:
		l.Connections = min(l.Connections, len(l.Targets))
	case Modify, Mixed:
	}
	r := &running{
		Load: l, client: c, queued: make(chan queued), kinds: make(map[kind]*histogram),
		answered: newHistogram(), served: newHistogram(), effects: newHistogram(), first: newHistogram(), last: newHistogram(),
	}
	for _, k := range kinds {
		r.kinds[k] = newHistogram()
	}
	run, routes := time.Now().UnixMicro(), l.routes(len(c.Servers))
	for n := range l.Connections {
		r.lines = append(r.lines, newLine(c, n))
		r.authors = append(r.authors, newAuthor(fmt.Sprintf("B%d-%d", run, n), uint64(run)+uint64(n), l.targets(n, routes), l.Depth))
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

// routes answers the items that each server is asked to change, or those of all at once.
func (l Load) routes(servers int) [][]Target {
	if !l.Routed {
		return [][]Target{l.Targets}
	}
	routes := make([][]Target, servers)
	for _, t := range l.Targets {
		routes[t.Account%servers] = append(routes[t.Account%servers], t)
	}
	return routes
}

// targets answers the items of a connection, which is one of those to its server.
func (l Load) targets(connection int, routes [][]Target) []Target {
	switch l.Scenario {
	case Import: // a file is of one account
		return of(connection, l.Targets)
	case Deep:
		var own []Target
		for i := connection; i < len(l.Targets); i += l.Connections {
			own = append(own, l.Targets[i])
		}
		return own
	case Modify, Mixed, Hot:
	}
	return routes[connection%len(routes)]
}
