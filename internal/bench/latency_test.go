package bench

import (
	"encoding/json"
	"testing"
	"time"
)

func TestAClosedLoopIsCorrectedForWhatItDidNotSend(t *testing.T) {
	h := newHistogram()
	for range 99 {
		h.record(time.Millisecond)
	}
	h.record(100 * time.Millisecond) // it would have sent 99 more meanwhile
	served, corrected := h.latency(), h.corrected(time.Millisecond).latency()
	if served.Count != 100 || served.P99 != millis(1) || !near(served.P999, millis(100), millis(1)) {
		t.Errorf("served: %v", served)
	}
	if corrected.Count < 198 || corrected.Count > 200 || !near(corrected.P50, millis(1), millis(1)) || !near(corrected.P99, millis(99), millis(2)) {
		t.Errorf("corrected: %v", corrected)
	}
	if again := h.corrected(time.Second).latency(); again != served {
		t.Errorf("nothing is to be corrected, and it is %v", again)
	}
}

func TestAHistogramHoldsAnyDuration(t *testing.T) {
	h := newHistogram()
	for _, d := range []time.Duration{-time.Second, 0, time.Nanosecond, 1000 * time.Hour} {
		h.record(d)
	}
	if l := h.latency(); l.Count != 4 || l.P50 != Millis(time.Microsecond) || time.Duration(l.Max) < time.Hour {
		t.Errorf("got %v", l)
	}
}

func TestMillisecondsAreReadAsTheyAreWritten(t *testing.T) {
	const is = Millis(1234567 * time.Microsecond)
	text, err := json.Marshal(is)
	if err != nil || string(text) != "1234.567" {
		t.Fatalf("%s, %v", text, err)
	}
	var got Millis
	if err := json.Unmarshal(text, &got); err != nil || got != is {
		t.Errorf("got %v, %v", got, err)
	}
}
