package webhook

import "time"

// Attempts is the number of attempts of a delivery.
const Attempts = 1 + len(backoff)

// Backoff returns the pause after the given number of attempts.
func Backoff(attempts int) time.Duration { return backoff[attempts-1] }

// SetTimeout sets the time limit of a request.
func (n *Notifier) SetTimeout(timeout time.Duration) { n.timeout = timeout }
