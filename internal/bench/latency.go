package bench

import (
	"strconv"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Millis is a duration that is marshaled as a number of milliseconds.
type Millis time.Duration

// MarshalJSON writes milliseconds with three decimals.
func (m Millis) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, time.Duration(m).Seconds()*1000, 'f', 3, 64), nil
}

// UnmarshalJSON reads a number of milliseconds.
func (m *Millis) UnmarshalJSON(text []byte) error {
	n, err := strconv.ParseFloat(string(text), 64)
	*m = Millis(n * float64(time.Millisecond))
	return err
}

// String formats the duration for tables.
func (m Millis) String() string { return time.Duration(m).Round(10 * time.Microsecond).String() }

// Latency summarizes a distribution of durations.
type Latency struct {
	Count int64  `json:"count"`
	P50   Millis `json:"p50_ms"`
	P99   Millis `json:"p99_ms"`
	P999  Millis `json:"p999_ms"`
	Max   Millis `json:"max_ms"`
}

// Range of a histogram, in microseconds, and its resolution in significant digits.
const (
	shortest = 1
	longest  = int64(time.Hour / time.Microsecond)
	digits   = 3
)

// histogram counts durations. It is safe for concurrent use.
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
	// It fails only for values out of range.
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

// corrected returns a copy of the histogram that is corrected for coordinated omission. It
// adds the requests, one per interval, that a connection of a closed loop would have sent
// while it waited for a response. Each of them would have waited for the rest of that time.
func (h *histogram) corrected(interval time.Duration) *histogram {
	c := newHistogram()
	h.mu.Lock()
	defer h.mu.Unlock()
	step := max(interval.Microseconds(), 1)
	for _, bar := range h.counts.Distribution() {
		if bar.Count == 0 {
			continue
		}
		for wait := bar.To; wait == bar.To || wait >= step; wait -= step {
			c.recordMany(wait, bar.Count)
		}
	}
	return c
}
