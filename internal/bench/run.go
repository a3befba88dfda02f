// Package bench is a load generator that measures a Trueup server over HTTP.
package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/bench/rawhttp"
)

// Load configures a load.
type Load struct {
	Scenario Scenario
	// Connections is the number of concurrent connections. [Import] uses one per account, and
	// [Alone] one.
	Connections int
	// The load ends after Duration or after Requests, whichever comes first. 0 means no
	// limit. [Import] counts the rows of files.
	Duration time.Duration
	Requests int64
	// End, unless it is nil, ends the load when it is closed.
	End <-chan struct{}
	// Rate is the number of requests per second of an open loop. If it is 0, the loop is
	// closed. [Import] is always closed.
	Rate float64
	// Targets are the items to modify. Each request selects one at random.
	Targets []Target
	// Zipf, unless it is 0, selects the account of each request by its popularity, which
	// follows Zipf's law with this exponent. It must be greater than 1.
	Zipf float64
	// Routed sends all requests of an account to one server, like a load balancer that
	// routes by path. Otherwise each connection sends requests of all accounts to one
	// server.
	Routed bool
	// Depth is the number of requests per action of [Deep].
	Depth int
	// Callers applies the load to the first account only, and measures a single caller of
	// each account beside it.
	Callers bool
	// WarmUp is the number of requests of [Modify] that are sent and applied before the
	// measurement.
	WarmUp int64
}

// Run applies the load to the servers of the client and returns the measurements.
func Run(ctx context.Context, c *Client, l Load) (Report, error) {
	if len(l.Targets) == 0 {
		return Report{}, errors.New("no item to modify")
	}
	if l.WarmUp == 0 {
		return measure(ctx, c, l)
	}
	warmUp := l
	warmUp.Scenario, warmUp.Requests, warmUp.Duration, warmUp.Rate, warmUp.Callers = Modify, l.WarmUp, 0, 0, false
	before, err := measure(ctx, c, warmUp)
	if err != nil {
		return Report{}, fmt.Errorf("warm up: %w", err)
	}
	report, err := measure(ctx, c, l)
	report.WarmUp = &WarmUp{Accepted: before.Accepted, AppliedPerSecond: before.AppliedPerSecond}
	return report, err
}

// measure applies a load without its warm-up.
func measure(ctx context.Context, c *Client, l Load) (Report, error) {
	run, accounts := time.Now().UnixMicro(), byAccount(l.Targets)
	loaded := len(c.Accounts)
	if l.Callers {
		l.Targets, loaded = accounts[0], 1
	}
	switch l.Scenario {
	case Hot:
		l.Targets = l.Targets[:1]
	case Import:
		l.Connections = loaded
	case Alone:
		l.Connections = 1
	case Deep:
		l.Connections = min(l.Connections, len(l.Targets))
	case Modify, Mixed, Undo:
	}
	r := &loadRun{
		Load: l, client: c, watchable: make(chan submission), kinds: make(map[kind]*histogram),
		response: newHistogram(), service: newHistogram(), effect: newHistogram(), first: newHistogram(), last: newHistogram(),
	}
	for _, k := range kinds {
		r.kinds[k] = newHistogram()
	}
	if l.Callers {
		r.callers, r.same, r.others = newCallers(run, accounts)
	}
	routes := l.routes(len(c.Servers))
	for n := range l.Connections {
		g := newGenerator(fmt.Sprintf("B%d-%d", run, n), uint64(run)+uint64(n), l.targets(n, routes), l.Depth)
		if l.Zipf > 0 {
			g.selectByPopularity(l.Zipf, accounts)
		}
		r.conns, r.generators = append(r.conns, rawhttp.New(c.root(n))), append(r.generators, g)
	}
	defer func() {
		for _, conn := range r.conns {
			if conn != nil {
				conn.Close()
			}
		}
	}()
	return r.run(ctx)
}

// byAccount returns the items of each account. The targets must be ordered by account.
func byAccount(targets []Target) (accounts [][]Target) {
	for begin, i := 0, 1; i <= len(targets); i++ {
		if i == len(targets) || targets[i].Account != targets[begin].Account {
			accounts, begin = append(accounts, targets[begin:i]), i
		}
	}
	return accounts
}

// routes returns the items of each server, or a single list with all of them.
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

// targets returns the items of a connection.
func (l Load) targets(connection int, routes [][]Target) []Target {
	switch l.Scenario {
	case Import: // a file belongs to one account
		return targetsOf(connection, l.Targets)
	case Deep:
		var own []Target
		for i := connection; i < len(l.Targets); i += l.Connections {
			own = append(own, l.Targets[i])
		}
		return own
	case Modify, Mixed, Hot, Alone, Undo:
	}
	return routes[connection%len(routes)]
}
