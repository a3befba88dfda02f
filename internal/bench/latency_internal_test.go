package bench

import (
	"encoding/json"
	"testing"
	"time"
)

func TestCorrectedAddsOmittedRequests(t *testing.T) {
	h := newHistogram()
	for range 99 {
		h.record(time.Millisecond)
	}
	h.record(100 * time.Millisecond) // during which 99 more would have been sent
	measured, corrected := h.latency(), h.corrected(time.Millisecond).latency()
	if measured.Count != 100 || measured.P99 != millis(1) || !near(measured.P999, millis(100), millis(1)) {
		t.Errorf("measured: %v", measured)
	}
	if corrected.Count < 198 || corrected.Count > 200 || !near(corrected.P50, millis(1), millis(1)) || !near(corrected.P99, millis(99), millis(2)) {
		t.Errorf("corrected: %v", corrected)
	}
	if again := h.corrected(time.Second).latency(); again != measured {
		t.Errorf("with nothing to correct: %v", again)
	}
}

func TestHistogramAcceptsAnyDuration(t *testing.T) {
	h := newHistogram()
	for _, d := range []time.Duration{-time.Second, 0, time.Nanosecond, 1000 * time.Hour} {
		h.record(d)
	}
	if l := h.latency(); l.Count != 4 || l.P50 != Millis(time.Microsecond) || time.Duration(l.Max) < time.Hour {
		t.Errorf("got %v", l)
	}
}

func TestMillisRoundTripAsJSON(t *testing.T) {
	const want = Millis(1234567 * time.Microsecond)
	text, err := json.Marshal(want)
	if err != nil || string(text) != "1234.567" {
		t.Fatalf("%s, %v", text, err)
	}
	var got Millis
	if err := json.Unmarshal(text, &got); err != nil || got != want {
		t.Errorf("got %v, %v", got, err)
	}
}
