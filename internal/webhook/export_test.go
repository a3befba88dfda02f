package webhook

import "time"

// Attempts is how often a delivery is tried.
const Attempts = 1 + len(pauses)

// Pause answers what is between so many attempts and the next one.
func Pause(attempts int) time.Duration { return pauses[attempts-1] }

// Hurry gives receivers less time to answer.
func (n *Notifier) Hurry(timeout time.Duration) { n.timeout = timeout }
