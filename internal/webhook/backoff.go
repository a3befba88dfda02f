package webhook

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
)

// backoff holds the pauses between the attempts of a delivery, about a day in all.
var backoff = [...]time.Duration{
	10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute,
	10 * time.Minute, 20 * time.Minute, 30 * time.Minute, time.Hour, time.Hour,
	2 * time.Hour, 3 * time.Hour, 4 * time.Hour, 5 * time.Hour, store.MaxRetryDelay,
}

// nextAttempt returns the time of the next attempt after the given number of failed
// attempts, the last of them at last. It returns the zero time if the delivery is given up.
func nextAttempt(attempts int, last time.Time) time.Time {
	if attempts > len(backoff) {
		return time.Time{}
	}
	return last.Add(backoff[attempts-1])
}
