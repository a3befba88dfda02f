package demo

import (
	"context"
	"time"
)

// SeedHistory seeds the first account without the orders of the last step, which are most of the
// work.
func SeedHistory(ctx context.Context, st Store, start time.Time) error {
	if err := record(ctx, st, start); err != nil {
		return err
	}
	steps, err := Steps(Account, start)
	if err != nil {
		return err
	}
	steps[len(steps)-1].Submissions = nil
	for _, step := range steps {
		if err := do(ctx, st, Account, step); err != nil {
			return err
		}
	}
	return nil
}
