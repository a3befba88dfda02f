package scalar_test

import (
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
)

func TestADurationHasDaysOrHours(t *testing.T) {
	const hour = time.Hour
	for text, want := range map[string]time.Duration{
		"45d": 45 * 24 * hour, "0d": 0, "36h": 36 * hour, "1h30m": hour + 30*time.Minute, "36500d": 36_500 * 24 * hour,
		"36501d": -1, "876001h": -1, "-1d": -1, "-1h": -1, "d": -1, "1": -1, "": -1, "1.5d": -1, "01d": -1, "1d12h": -1, "9999999999d": -1, "+1d": -1,
	} {
		got, err := scalar.Duration(text)
		if (err != nil) != (want < 0) || err == nil && got != want {
			t.Errorf("%q is %v (%v), want %v", text, got, err, want)
		}
	}
}
