package bench

import (
	"cmp"
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// Report is what was measured. What could not be known is nil.
type Report struct {
	Scenario Scenario `json:"scenario"`
	// Loop is "open" with a Rate in requests a second, or "closed".
	Loop        string  `json:"loop"`
	Rate        float64 `json:"rate,omitempty"`
	Connections int     `json:"connections"`
	Accounts    int     `json:"accounts"`
	Processes   int     `json:"processes"`
	// Routed says that the requests of an account went to one process.
	Routed bool `json:"routed,omitempty"`
	// WarmUp is what took effect before the measuring.
	WarmUp *WarmUp `json:"warm_up,omitempty"`
	// Accepted counts the submissions that were answered with QUEUED, Refused the
	// requests that were answered with an error, and Unsent those of an open loop
	// that were due and could not be sent by the end.
	Accepted int64 `json:"accepted"`
	Refused  int64 `json:"refused"`
	Unsent   int64 `json:"unsent"`
	// Completed counts the submissions that became complete, and Failed those of
	// them that had an error.
	Completed int64 `json:"completed"`
	Failed    int64 `json:"failed"`
	// Accepting is how long they took to be accepted, Applying until the last was
	// complete, and Drain from the one to the other.
	Accepting         Millis  `json:"accepting_ms"`
	Applying          Millis  `json:"applying_ms"`
	Drain             Millis  `json:"drain_ms"`
	AcceptedPerSecond float64 `json:"accepted_per_second"`
	AppliedPerSecond  float64 `json:"applied_per_second"`
	// Answer is the time of a request, corrected for coordinated omission: in an open
	// loop from when it was due, in a closed one with the requests that a connection
	// would have sent while it waited. Service is from when it was sent. Effect is
	// from the answer QUEUED until a reader was told Complete, of those submissions
	// that were watched; of [Deep] it is of all, and from when they were sent.
	Answer  Latency            `json:"answer"`
	Service Latency            `json:"service"`
	Effect  Latency            `json:"effect"`
	Kinds   map[string]Latency `json:"service_by_kind"`
	Depth   *Depth             `json:"depth,omitempty"`

	Server    *Process `json:"server,omitempty"`
	Generator *Process `json:"generator,omitempty"`
	Disk      *Disk    `json:"disk,omitempty"`
	List      *List    `json:"list,omitempty"`
	Floor     *Floor   `json:"floor,omitempty"`
}

// WarmUp is a load before the one that is measured.
type WarmUp struct {
	Accepted         int64   `json:"accepted"`
	AppliedPerSecond float64 `json:"applied_per_second"`
}

// Disk is what the store takes on the disk, in bytes.
type Disk struct {
	Before int64 `json:"before_bytes"`
	After  int64 `json:"after_bytes"`
	// PerSubmission is of those of the warm-up too.
	PerSubmission float64 `json:"bytes_per_submission"`
}

// Floor is what the database engine alone can do: the rows of the same run, written
// once more by a bare loop in the same commits, into a copy of the store as it was
// before the load.
type Floor struct {
	// Submissions were written in Elapsed.
	Submissions int64   `json:"submissions"`
	Elapsed     Millis  `json:"elapsed_ms"`
	PerSecond   float64 `json:"submissions_per_second"`
	// AcceptBatch and ApplyBatch are how many submissions a commit had on the average.
	AcceptBatch float64 `json:"accept_batch"`
	ApplyBatch  float64 `json:"apply_batch"`
	// Ratio is the run's applied submissions a second to those of the floor.
	Ratio float64 `json:"ratio"`
}

// report answers what was counted; what concerns processes and disks is not in it.
func (r *running) report(accepting, applying time.Duration) Report {
	report := Report{
		Scenario: r.Scenario, Loop: "closed", Rate: r.Rate,
		Connections: r.Connections, Accounts: len(r.client.Accounts), Processes: len(r.client.Servers), Routed: r.Routed, Depth: r.depth(),
		Accepted: r.accepted.Load(), Refused: r.refused.Load(), Unsent: r.unsent.Load(),
		Accepting: Millis(accepting), Applying: Millis(applying), Drain: Millis(applying - accepting),
		Service: r.served.latency(), Effect: r.effects.latency(), Kinds: make(map[string]Latency),
	}
	if r.Rate > 0 {
		report.Loop, report.Answer = "open", r.answered.latency()
	} else {
		// A connection sends as often as it is answered, on the average.
		each := float64(r.Connections) * accepting.Seconds() / float64(cmp.Or(report.Service.Count, 1))
		report.Answer = r.answered.corrected(time.Duration(each * float64(time.Second))).latency()
	}
	for k, h := range r.kinds {
		if l := h.latency(); l.Count > 0 {
			report.Kinds[string(k)] = l
		}
	}
	report.AcceptedPerSecond = perSecond(report.Accepted, accepting)
	report.AppliedPerSecond = perSecond(report.Accepted, applying)
	return report
}

func perSecond(n int64, d time.Duration) float64 { return float64(n) / max(d.Seconds(), 1e-9) }

// SetDisk completes the report by the store's size before and after the load.
func (r *Report) SetDisk(before, after int64) {
	written := r.Completed
	if r.WarmUp != nil {
		written += r.WarmUp.Accepted
	}
	r.Disk = &Disk{Before: before, After: after, PerSubmission: float64(after-before) / float64(max(written, 1))}
}

// SetFloor completes the report by what the engine alone did in so many commits.
func (r *Report) SetFloor(submissions, accepts, applies int64, elapsed time.Duration) {
	f := Floor{
		Submissions: submissions, Elapsed: Millis(elapsed), PerSecond: perSecond(submissions, elapsed),
		AcceptBatch: float64(submissions) / float64(max(accepts, 1)), ApplyBatch: float64(submissions) / float64(max(applies, 1)),
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
		loop += fmt.Sprintf(" at %.0f a second, %d not sent in time", r.Rate, r.Unsent)
	}
	processes := fmt.Sprint("processes: ", r.Processes)
	if r.Routed {
		processes += ", each account by one"
	}
	row("scenario", "%s, %s, %d connections, accounts: %d, %s", r.Scenario, loop, r.Connections, r.Accounts, processes)
	if w := r.WarmUp; w != nil {
		row("before it", "%d accepted and applied (%.0f a second)", w.Accepted, w.AppliedPerSecond)
	}
	row("accepted", "%d (%.0f a second), %d requests refused", r.Accepted, r.AcceptedPerSecond, r.Refused)
	row("applied", "%d (%.0f a second), %d failed, the last %v after the last was accepted",
		r.Completed, r.AppliedPerSecond, r.Failed, r.Drain)
	row("request to answer", "%v", r.Answer)
	row("  without correction", "%v", r.Service)
	for _, k := range kinds {
		if l, found := r.Kinds[string(k)]; found && len(r.Kinds) > 1 {
			row("  "+string(k), "%v", l)
		}
	}
	if d := r.Depth; d == nil {
		row("accepted to applied", "%v", r.Effect)
	} else {
		row("request to applied", "%v", r.Effect)
		row("  an action's first", "%v", d.First)
		row(fmt.Sprintf("  before its %dth", d.Modifications), "%v", d.Last)
		row("  last to first", "%.2f", d.Ratio)
	}
	process := func(name string, p *Process) {
		if p != nil {
			row(name, "%.1f s of CPU, %.0f µs a submission; %d MiB resident, %d MiB at its peak",
				p.CPUSeconds, p.CPUPerSubmission, p.Resident>>20, p.ResidentPeak>>20)
		}
	}
	process("server", r.Server)
	process("load generator", r.Generator)
	if d := r.Disk; d != nil {
		row("on disk", "%d MiB, and %d MiB before; %.0f bytes a submission", d.After>>20, d.Before>>20, d.PerSubmission)
	}
	if l := r.List; l != nil {
		row("a page of actions", "%d KiB, first byte after %v, whole after %v, memory up %d MiB", l.Bytes>>10, l.FirstByte, l.Whole, l.Growth>>20)
	}
	if f := r.Floor; f != nil {
		row("the engine alone", "%.0f a second, in commits of %.0f accepted and %.0f applied (%d in %v)",
			f.PerSecond, f.AcceptBatch, f.ApplyBatch, f.Submissions, f.Elapsed)
		row("applied to engine", "%.2f", f.Ratio)
	}
	return table.Flush()
}

// String writes the latency as a table has it.
func (l Latency) String() string {
	return fmt.Sprintf("p50 %v, p99 %v, p99.9 %v, max %v (%d)", l.P50, l.P99, l.P999, l.Max, l.Count)
}
