package command

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/cli"
)

// maxDays bounds a number of days ago.
const maxDays = 36500

// zone returns the time zone of the account.
func zone(ctx context.Context, s *cli.Session) (*time.Location, error) {
	company, err := s.Client.Company(ctx)
	if err != nil {
		return nil, err
	}
	z, err := time.LoadLocation(company.Timezone)
	if err != nil {
		return nil, fmt.Errorf("the time zone of the account: %w", err)
	}
	return z, nil
}

// parseTime returns the time of a flag: a number of days ago such as 90d, a date, which is the
// midnight that begins it in the account's time zone, or a timestamp. It is zero for "".
func parseTime(ctx context.Context, s *cli.Session, flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if number, is := strings.CutSuffix(text, "d"); is {
		if days, err := strconv.Atoi(number); err == nil && days >= 0 && days <= maxDays {
			return s.Now().AddDate(0, 0, -days), nil
		}
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return time.Time{}, cli.Usage("--%s %q: must be a number of days ago such as 30d, a date such as 2026-11-30, or a timestamp such as 2026-11-30T10:00:00-08:00", flag, text)
	}
	z, err := zone(ctx, s)
	if err != nil {
		return time.Time{}, err
	}
	return time.ParseInLocation(time.DateOnly, text, z)
}

// period are the flags that select a period of time.
type period struct {
	Since string `placeholder:"TIME" help:"Select from TIME on: a number of days ago such as 30d, a date in the account's time zone, or a timestamp."`
	Until string `placeholder:"TIME" help:"Select until TIME."`
}

// maxPeriod is the number of days that lists of actions and of submissions cover at most.
const maxPeriod = 45

// set sets the parameters of the first and the last instant, for a list that covers a bounded period.
func (f period) set(ctx context.Context, s *cli.Session, p cli.Parameters, first, last string) error {
	since, until, err := f.parse(ctx, s)
	switch {
	case err != nil:
		return err
	case since.IsZero() && !until.IsZero():
		return cli.Usage("--until needs --since")
	case !since.IsZero() && until.IsZero():
		until = s.Now() // they need each other
	}
	if until.Before(since) {
		return cli.Usage("--since is after --until")
	}
	if until.After(since.AddDate(0, 0, maxPeriod)) {
		return cli.Usage("--since and --until: a list covers at most %d days; trueup export has longer periods", maxPeriod)
	}
	p.Set(first, since)
	p.Set(last, until)
	return nil
}

// setOpen sets the parameters of the first and the last instant, for a list without such a bound.
func (f period) setOpen(ctx context.Context, s *cli.Session, p cli.Parameters, first, last string) error {
	since, until, err := f.parse(ctx, s)
	if err != nil {
		return err
	}
	if !until.IsZero() && until.Before(since) {
		return cli.Usage("--since is after --until")
	}
	p.Set(first, since)
	p.Set(last, until)
	return nil
}

// parse returns the times of the flags, which are zero if they are not set.
func (f period) parse(ctx context.Context, s *cli.Session) (since, until time.Time, err error) {
	if since, err = parseTime(ctx, s, "since", f.Since); err == nil {
		until, err = parseTime(ctx, s, "until", f.Until)
	}
	return since, until, err
}
