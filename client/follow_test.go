package client_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trueup-ledger/trueup/client"
)

// updateLog is a round tripper that lists the updates at the given times.
type updateLog struct {
	t       *testing.T
	updates []time.Time
	// ahead is by how much the clock of the server is ahead, and dated makes it send its time.
	ahead time.Duration
	dated bool
	// delay is the duration of the first request.
	delay time.Duration
	// requests are the times of the requests, starts and ends their ranges.
	requests, starts, ends []time.Time
}

func (l *updateLog) RoundTrip(r *http.Request) (*http.Response, error) {
	parse := func(name string) time.Time {
		at, err := time.Parse(time.RFC3339, r.URL.Query().Get(name))
		if err != nil {
			l.t.Error(err)
		}
		return at
	}
	if len(l.requests) == 0 {
		time.Sleep(l.delay)
	}
	start, end := parse("StartDate"), parse("EndDate")
	l.requests, l.starts, l.ends = append(l.requests, time.Now()), append(l.starts, start), append(l.ends, end)
	var objects []string
	for i, at := range l.updates {
		if !at.Before(start) && !at.After(end) && !at.After(time.Now().Add(l.ahead)) {
			object := fmt.Sprintf(`{"Id":"%d","UpdateDate":%q}`, i, at.Format(time.RFC3339))
			objects = append([]string{object}, objects...) // newest first
		}
	}
	body := `{"ActionUpdates":[` + strings.Join(objects, ",") + `]}`
	header := make(http.Header)
	if l.dated {
		header.Set("Date", time.Now().Add(l.ahead).UTC().Format(http.TimeFormat))
	}
	return &http.Response{StatusCode: http.StatusOK, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func (l *updateLog) client() *client.Client {
	c, err := client.New(client.Options{BaseURL: "http://ledger.example", SID: "A", Token: "B", HTTPClient: &http.Client{Transport: l}})
	if err != nil {
		l.t.Fatal(err)
	}
	return c
}

const day = 24 * time.Hour

func TestFollowContinuesAfterMonthsWithoutAMatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		// One update is in the third range of the past, the others come after long pauses.
		l := &updateLog{t: t, updates: []time.Time{now.Add(-10 * day), now.Add(60 * day), now.Add(200 * day)}}
		ctx, cancel := context.WithTimeout(t.Context(), 300*day)
		defer cancel()
		var got []string
		for update, err := range l.client().Follow(ctx, client.Follow{Since: now.Add(-110 * day), Interval: 6 * time.Hour}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, update.ID)
			late := time.Since(l.updates[len(got)-1])
			if len(got) > 1 && late > 6*time.Hour || len(got) == 1 && !time.Now().Equal(now) {
				t.Errorf("update %s is %s late", update.ID, late)
			}
			if len(got) == len(l.updates) {
				break
			}
		}
		if strings.Join(got, " ") != "0 1 2" {
			t.Errorf("the updates are %q", got)
		}
		if !l.starts[0].Equal(now.Add(-110 * day)) {
			t.Errorf("the first range starts at %s", l.starts[0])
		}
		for i := 1; i < len(l.starts); i++ {
			if l.starts[i].After(l.ends[i-1]) || l.starts[i].After(l.requests[i]) {
				t.Errorf("range %d starts at %s, after the end %s of the previous one, at %s", i, l.starts[i], l.ends[i-1], l.requests[i])
			}
		}
	})
}

func TestFollowStartsNowByDefault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		l := &updateLog{t: t, updates: []time.Time{now.Add(-time.Hour), now.Add(time.Hour)}}
		for update, err := range l.client().Follow(t.Context(), client.Follow{Interval: time.Minute}) {
			if err != nil || update.ID != "1" || !l.starts[0].Equal(now) {
				t.Errorf("the first update is %s (%v) since %s", update.ID, err, l.starts[0])
			}
			break
		}
	})
}

func TestFollowGoesByTheClockOfTheServer(t *testing.T) {
	for name, ahead := range map[string]time.Duration{"years behind": -1000 * day, "an hour behind": -time.Hour, "ahead": 100 * day, "the same": 0} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				now := time.Now().Add(ahead)
				l := &updateLog{t: t, ahead: ahead, dated: true, updates: []time.Time{now.Add(-time.Hour), now.Add(time.Hour), now.Add(60 * day)}}
				ctx, cancel := context.WithTimeout(t.Context(), 100*day)
				defer cancel()
				var got []string
				for update, err := range l.client().Follow(ctx, client.Follow{Interval: time.Hour}) {
					if err != nil {
						t.Fatal(err)
					}
					if got = append(got, update.ID); len(got) == 2 {
						break
					}
				}
				if strings.Join(got, " ") != "1 2" {
					t.Errorf("the updates are %q", got)
				}
			})
		})
	}
}

func TestFollowKeepsUpdatesDuringASlowFirstRequest(t *testing.T) {
	for name, ahead := range map[string]time.Duration{"the same clock": 0, "another clock": -100 * day} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				now := time.Now().Add(ahead)
				l := &updateLog{t: t, ahead: ahead, dated: true, delay: 5 * time.Minute, updates: []time.Time{now.Add(-time.Hour), now.Add(time.Minute), now.Add(time.Hour)}}
				ctx, cancel := context.WithTimeout(t.Context(), day)
				defer cancel()
				for update, err := range l.client().Follow(ctx, client.Follow{}) {
					if err != nil || update.ID != "1" {
						t.Errorf("the first update is %q (%v), want 1", update.ID, err)
					}
					break
				}
			})
		})
	}
}
