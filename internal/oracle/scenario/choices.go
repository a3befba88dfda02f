package scenario

import "time"

// Chooser returns a number from 0 to n-1: a random number, bytes of a fuzzer, or a
// draw of package rapid. A chooser that always returns 0 must lead to small values.
type Chooser interface{ Choose(n int) int }

// Choices draws values by a [Chooser].
type Choices struct{ Chooser }

// oneIn reports true once in n times.
func (c Choices) oneIn(n int) bool { return c.Choose(n) == n-1 }

func (c Choices) between(low, high int) int { return low + c.Choose(high-low+1) }

func (c Choices) days(low, high int) time.Duration {
	return time.Duration(c.between(low, high)) * 24 * time.Hour
}

// minutes returns a duration below so many days.
func (c Choices) minutes(days int) time.Duration {
	return time.Duration(c.Choose(days*24*60)) * time.Minute
}

func pick[T any](c Choices, values ...T) T { return values[c.Choose(len(values))] }
