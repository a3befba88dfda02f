package bench

import (
	"cmp"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/trueup-ledger/trueup/internal/bench/procstat"
)

// Report holds the measurements of a load. Fields that could not be measured are nil.
type Report struct {
	Scenario Scenario `json:"scenario"`
	// Loop is "open", with a Rate in requests per second, or "closed".
	Loop        string  `json:"loop"`
	Rate        float64 `json:"rate,omitempty"`
	Connections int     `json:"connections"`
	Accounts    int     `json:"accounts"`
	Processes   int     `json:"processes"`
	// Zipf is the exponent of the popularity of accounts, or 0 if all are alike.
	Zipf float64 `json:"zipf,omitempty"`
	// Routed reports whether all requests of an account went to one process.
	Routed bool `json:"routed,omitempty"`
	// WarmUp describes the load before the measurement.
	WarmUp *WarmUp `json:"warm_up,omitempty"`
	// Accepted counts the submissions with the response QUEUED, Refused the requests with
	// an error response, and Unsent the requests of an open loop that were due but could
	// not be sent before the end.
	Accepted int64 `json:"accepted"`
	Refused  int64 `json:"refused"`
	Unsent   int64 `json:"unsent"`
	// Completed counts the completed submissions, and Failed those of them with an error.
	Completed int64 `json:"completed"`
	Failed    int64 `json:"failed"`
	// Accepting is the time until the last submission was accepted, Applying the time until
	// the last was complete, and Drain the difference.
	Accepting         Millis  `json:"accepting_ms"`
	Applying          Millis  `json:"applying_ms"`
	Drain             Millis  `json:"drain_ms"`
	AcceptedPerSecond float64 `json:"accepted_per_second"`
	AppliedPerSecond  float64 `json:"applied_per_second"`
	// Response is the response time, corrected for coordinated omission. In an open loop it
	// counts from the time at which the request was due. In a closed loop it includes the
	// requests that a connection would have sent while it waited. Service counts from the
	// time at which the request was sent. Effect is the time from the response QUEUED until
	// a reader sees Complete, for the submissions that were watched. With [Deep] and [Alone]
	// it covers all submissions and counts from the time at which they were sent.
	Response Latency            `json:"answer"`
	Service  Latency            `json:"service"`
	Effect   Latency            `json:"effect"`
	Kinds    map[string]Latency `json:"service_by_kind"`
	Depth    *Depth             `json:"depth,omitempty"`
	Callers  *Callers           `json:"callers,omitempty"`
	Bare     *Bare              `json:"bare,omitempty"`

	// Begin is the time at which the load began.
	Begin     time.Time       `json:"begin"`
	Commits   *Commits        `json:"commits,omitempty"`
	Server    *procstat.Stats `json:"server,omitempty"`
	Generator *procstat.Stats `json:"generator,omitempty"`
	Disk      *Disk           `json:"disk,omitempty"`
	List      *List           `json:"list,omitempty"`
	Floor     *Floor          `json:"floor,omitempty"`
}

// WarmUp describes the load before the measurement.
type WarmUp struct {
	Accepted         int64   `json:"accepted"`
	AppliedPerSecond float64 `json:"applied_per_second"`
}

// Disk holds the size of the store on disk, in bytes.
type Disk struct {
	Before int64 `json:"before_bytes"`
	After  int64 `json:"after_bytes"`
	// PerSubmission includes the submissions of the warm-up.
	PerSubmission float64 `json:"bytes_per_submission"`
	// PerAction is the size after the load divided by the number of actions before it.
	PerAction float64 `json:"bytes_per_action"`
}

// Floor holds the measurements of the database engine alone, by [Replay]: a bare loop writes
// the rows of the run again, in the same commits, to a copy of the store from before the
// load.
type Floor struct {
	// Submissions is the number of submissions written in Elapsed.
	Submissions int64   `json:"submissions"`
	Elapsed     Millis  `json:"elapsed_ms"`
	PerSecond   float64 `json:"submissions_per_second"`
	Commits     int64   `json:"commits"`
	// Ratio is the run's applied submissions per second divided by PerSecond.
	Ratio float64 `json:"ratio"`
}

// report returns the measurements of the load. It leaves out processes and disk usage.
func (r *loadRun) report(accepting, applying time.Duration) Report {
	report := Report{
		Scenario: r.Scenario, Loop: "closed", Rate: r.Rate,
		Connections: r.Connections, Accounts: len(r.client.Accounts), Processes: len(r.client.Servers), Zipf: r.Zipf, Routed: r.Routed, Depth: r.depth(),
		Accepted: r.accepted.Load(), Refused: r.refused.Load(), Unsent: r.unsent.Load(),
		Accepting: Millis(accepting),
		Service:   r.service.latency(), Effect: r.effect.latency(), Kinds: make(map[string]Latency),
	}
	if r.Rate > 0 {
		report.Loop, report.Response = "open", r.response.latency()
	} else {
		// On average, a connection sends one request per response.
		each := float64(r.Connections) * accepting.Seconds() / float64(cmp.Or(report.Service.Count, 1))
		report.Response = r.response.corrected(time.Duration(each * float64(time.Second))).latency()
	}
	for k, h := range r.kinds {
		if l := h.latency(); l.Count > 0 {
			report.Kinds[string(k)] = l
		}
	}
	report.AcceptedPerSecond = perSecond(report.Accepted, accepting)
	report.setApplying(applying)
	return report
}

// setApplying sets the time until the last submission was complete.
func (r *Report) setApplying(applying time.Duration) {
	r.Applying, r.Drain = Millis(applying), Millis(applying)-r.Accepting
	r.AppliedPerSecond = perSecond(r.Accepted, applying)
}

func perSecond(n int64, d time.Duration) float64 { return float64(n) / max(d.Seconds(), 1e-9) }

// SetDisk sets the size of the store before and after the load, and the number of its actions.
func (r *Report) SetDisk(before, after int64, actions int) {
	written := r.Completed
	if r.WarmUp != nil {
		written += r.WarmUp.Accepted
	}
	r.Disk = &Disk{Before: before, After: after, PerSubmission: float64(after-before) / float64(max(written, 1)), PerAction: float64(after) / float64(actions)}
}

// SetFloor sets the measurements of the engine alone.
func (r *Report) SetFloor(by Replayed) {
	f := Floor{
		Submissions: by.Submissions, Commits: by.Commits, Elapsed: Millis(by.Elapsed), PerSecond: perSecond(by.Submissions, by.Elapsed),
	}
	if f.PerSecond > 0 {
		f.Ratio = r.AppliedPerSecond / f.PerSecond
	}
	r.Floor = &f
}

// Print writes the report as a table.
func (r Report) Print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) { fmt.Fprintf(table, name+"\t"+format+"\n", args...) }
	loop := r.Loop + " loop"
	if r.Rate > 0 {
		loop += fmt.Sprintf(" at %.0f per second, %d unsent", r.Rate, r.Unsent)
	}
	processes := fmt.Sprint("processes: ", r.Processes)
	if r.Routed {
		processes += ", routed by account"
	}
	accounts := fmt.Sprint("accounts: ", r.Accounts)
	if r.Zipf > 0 {
		accounts += fmt.Sprintf(" by Zipf's law (%v)", r.Zipf)
	}
	row("scenario", "%s, %s, %d connections, %s, %s", r.Scenario, loop, r.Connections, accounts, processes)
	if w := r.WarmUp; w != nil {
		row("warm-up", "%d accepted and applied (%.0f per second)", w.Accepted, w.AppliedPerSecond)
	}
	row("accepted", "%d (%.0f per second), %d requests refused", r.Accepted, r.AcceptedPerSecond, r.Refused)
	row("applied", "%d (%.0f per second), %d failed, the last %v after the last was accepted",
		r.Completed, r.AppliedPerSecond, r.Failed, r.Drain)
	row("request to response", "%v", r.Response)
	row("  without correction", "%v", r.Service)
	for _, k := range kinds {
		if l, found := r.Kinds[string(k)]; found && len(r.Kinds) > 1 {
			row("  "+string(k), "%v", l)
		}
	}
	switch d := r.Depth; {
	case r.Scenario == Alone:
		row("request to applied", "%v", r.Effect)
	case d == nil:
		row("accepted to applied", "%v", r.Effect)
	default:
		row("request to applied", "%v", r.Effect)
		row("  first of an action", "%v", d.First)
		row(fmt.Sprintf("  last of %d", d.Modifications), "%v", d.Last)
		row("  ratio", "%.2f", d.Ratio)
	}
	if b := r.Bare; b != nil {
		row("a bare commit", "%v", b.Commit)
		row("applied to bare commit", "%.2f", b.Ratio)
	}
	if c := r.Callers; c != nil {
		row("single callers", "of the other accounts")
		row("  due to response", "%v", c.Others.Response)
		row("  due to applied", "%v", c.Others.Effect)
		row("single caller", "of the same account")
		row("  due to response", "%v", c.Same)
	}
	r.printCommits(row)
	r.printResources(row)
	return table.Flush()
}

// printCommits prints the sizes of the commits.
func (r Report) printCommits(row func(name, format string, args ...any)) {
	if r.Commits == nil {
		return
	}
	commits := func(name string, c CommitSizes) {
		row(name, "%d commits of %.1f submissions (max %d) and %.1f accounts (max %d)",
			c.Count, c.Submissions.Mean, c.Submissions.Max, c.Accounts.Mean, c.Accounts.Max)
	}
	commits("stored by", r.Commits.Intake)
	row("applied on the way in", "%.1f %%", 100*r.Commits.Direct)
	if r.Commits.Queue.Count > 0 {
		commits("  others from the queue by", r.Commits.Queue)
	}
}

// printResources prints the resource usage, the list and the floor.
func (r Report) printResources(row func(name, format string, args ...any)) {
	process := func(name string, p *procstat.Stats) {
		if p != nil {
			row(name, "%.1f s of CPU, %.0f µs per submission; %d MiB resident, peak %d MiB",
				p.CPUSeconds, p.CPUPerSubmission, p.Resident>>20, p.ResidentPeak>>20)
		}
	}
	process("server", r.Server)
	process("load generator", r.Generator)
	if d := r.Disk; d != nil {
		row("on disk", "%d MiB, before %d MiB; %.0f bytes per submission, %.0f in all per action", d.After>>20, d.Before>>20, d.PerSubmission, d.PerAction)
	}
	if l := r.List; l != nil {
		row("a page of actions", "%d KiB, first byte after %v, last after %v, memory +%d MiB", l.Bytes>>10, l.FirstByte, l.Total, l.MemoryGrowth>>20)
	}
	if f := r.Floor; f != nil {
		row("the engine alone", "%.0f per second (%d in %d commits in %v)", f.PerSecond, f.Submissions, f.Commits, f.Elapsed)
		row("applied to engine", "%.2f", f.Ratio)
	}
}

// String formats the latency for tables.
func (l Latency) String() string {
	return fmt.Sprintf("p50 %v, p99 %v, p99.9 %v, max %v (%d)", l.P50, l.P99, l.P999, l.Max, l.Count)
}
