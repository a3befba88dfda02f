package webhook

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
)

// pauses stand between the attempts of a delivery: about a day in all.
var pauses = [...]time.Duration{
	10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute,
	10 * time.Minute, 20 * time.Minute, 30 * time.Minute, time.Hour, time.Hour,
	2 * time.Hour, 3 * time.Hour, 4 * time.Hour, 5 * time.Hour, store.LongestPause,
}

// due answers when a delivery is tried again after so many attempts that failed, the
// last at an instant; zero if it is given up.
func due(attempts int, last time.Time) time.Time {
	if attempts > len(pauses) {
		return time.Time{}
	}
	return last.Add(pauses[attempts-1])
}
