package bench

import (
	"strconv"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Millis is a duration that a report writes as milliseconds.
type Millis time.Duration

// MarshalJSON writes milliseconds, to the microsecond.
func (m Millis) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, time.Duration(m).Seconds()*1000, 'f', 3, 64), nil
}

// UnmarshalJSON reads what [Millis.MarshalJSON] writes.
func (m *Millis) UnmarshalJSON(text []byte) error {
	n, err := strconv.ParseFloat(string(text), 64)
	*m = Millis(n * float64(time.Millisecond))
	return err
}

// String writes the duration as people read it.
func (m Millis) String() string { return time.Duration(m).Round(10 * time.Microsecond).String() }

// Latency is what a histogram has of durations.
type Latency struct {
	Count int64  `json:"count"`
	P50   Millis `json:"p50_ms"`
	P99   Millis `json:"p99_ms"`
	P999  Millis `json:"p999_ms"`
	Max   Millis `json:"max_ms"`
}

// Bounds of what a histogram tells apart, in microseconds and significant digits.
const (
	shortest = 1
	longest  = int64(time.Hour / time.Microsecond)
	digits   = 3
)

// histogram counts durations; it is safe for concurrent use.
type histogram struct {
	mu     sync.Mutex
	counts *hdrhistogram.Histogram
}

func newHistogram() *histogram {
	return &histogram{counts: hdrhistogram.New(shortest, longest, digits)}
}

func (h *histogram) record(d time.Duration) { h.recordMany(d.Microseconds(), 1) }

func (h *histogram) recordMany(micros, count int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	// It fails for what is out of bounds alone.
	_ = h.counts.RecordValues(min(max(micros, shortest), longest), count)
}

func (h *histogram) latency() Latency {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := func(percent float64) Millis {
		return Millis(time.Duration(h.counts.ValueAtPercentile(percent)) * time.Microsecond)
	}
	return Latency{Count: h.counts.TotalCount(), P50: at(50), P99: at(99), P999: at(99.9), Max: at(100)}
}

// corrected answers the histogram with the requests that a connection of a closed
// loop did not send while it waited for an answer, as if it had meant to send one
// every interval: each would have waited for what was left of that time.
func (h *histogram) corrected(interval time.Duration) *histogram {
	c := newHistogram()
	h.mu.Lock()
	defer h.mu.Unlock()
	step := max(interval.Microseconds(), 1)
	for _, bar := range h.counts.Distribution() {
		if bar.Count == 0 {
			continue
		}
		for left := bar.To; left == bar.To || left >= step; left -= step {
			c.recordMany(left, bar.Count)
		}
	}
	return c
}
