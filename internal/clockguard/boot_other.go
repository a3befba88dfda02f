//go:build !linux

package clockguard

import "time"

// sinceBoot returns the time since the start of the program. On some systems it doesn't count
// while the machine is suspended; a long suspend then looks like a jump.
func sinceBoot() time.Duration { return monotonic() }
