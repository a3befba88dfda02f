package harness

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/trueup-ledger/trueup/internal/bench"
)

// backupReport compares loads with and without a backup.
type backupReport struct {
	// Rate is the number of requests per second.
	Rate  float64      `json:"rate"`
	Pairs []backupPair `json:"pairs"`
}

// backupPair is a load without a backup and one that lasted as long as a backup.
type backupPair struct {
	Before bench.Latency `json:"before"`
	During bench.Latency `json:"during"`
	// Took is the time of the backup, and Bytes its size.
	Took  bench.Millis `json:"took_ms"`
	Bytes int64        `json:"bytes"`
	// Acknowledged is the number of submissions before the backup began, and Saved that of
	// the backup, which was verified.
	Acknowledged int64 `json:"acknowledged"`
	Saved        int64 `json:"saved"`
}

// ratio returns the p99 during the backup as a multiple of that before.
func (p backupPair) ratio() float64 { return float64(p.During.P99) / float64(max(p.Before.P99, 1)) }

// print prints the report as a table.
func (r backupReport) print(w io.Writer) error {
	fmt.Fprintf(w, "writes at %.0f per second, from the time at which each was due until QUEUED\n\n", r.Rate)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\tcount\tp50\tp99\tp99.9\tmax\tp99 against before\tMB\t")
	for _, p := range r.Pairs {
		fmt.Fprintf(table, "before\t%d\t%v\t%v\t%v\t%v\t\t\t\n", p.Before.Count, p.Before.P50, p.Before.P99, p.Before.P999, p.Before.Max)
		fmt.Fprintf(table, "during %v of backup\t%d\t%v\t%v\t%v\t%v\t%.2f ×\t%d\t\n", p.Took,
			p.During.Count, p.During.P50, p.During.P99, p.During.P999, p.During.Max, p.ratio(), p.Bytes/1e6)
	}
	return table.Flush()
}

// maxRatio bounds the p99 of writes during a backup as a multiple of that before.
const maxRatio = 2

// check returns an error if backups slow writes too much, or lack any.
func (r backupReport) check() error {
	for _, p := range r.Pairs {
		if p.Saved < p.Acknowledged {
			return fmt.Errorf("the backup has %d submissions; %d were acknowledged before it began", p.Saved, p.Acknowledged)
		}
	}
	pairs := slices.SortedFunc(slices.Values(r.Pairs), func(a, b backupPair) int { return cmp.Compare(a.ratio(), b.ratio()) })
	if median := pairs[len(pairs)/2].ratio(); median > maxRatio {
		return fmt.Errorf("the p99 of writes during a backup is %.2f times that before: more than %d", median, maxRatio)
	}
	return nil
}
