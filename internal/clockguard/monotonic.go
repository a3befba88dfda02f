package clockguard

import "time"

var started = time.Now()

// monotonic returns the time since the start of the program by the clock of the runtime.
func monotonic() time.Duration { return time.Since(started) }
