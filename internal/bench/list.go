package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// List is how a page of actions was read.
type List struct {
	// Bytes is the size of the answer.
	Bytes int64
	// FirstByte and Whole are from the request on.
	FirstByte, Whole time.Duration
	// Growth is how much the server's peak of resident memory rose by it.
	Growth int64
}

// pageOf is how many actions a listed page asks for, and spread over how many
// days before now [Prepare] put them.
const (
	pageOf     = 20_000
	spreadDays = 60
	longest    = 45
)

// ReadList reads a page of 20,000 actions out of a store of so many.
func ReadList(ctx context.Context, c *Client, actions int, now time.Time) (List, error) {
	days := min(longest, 1+pageOf*5/4*spreadDays/max(actions, 1))
	query := url.Values{
		"PageSize":        {fmt.Sprint(pageOf)},
		"ActionDateStart": {now.AddDate(0, 0, -days).Format(time.RFC3339)},
		"ActionDateEnd":   {now.Format(time.RFC3339)},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL+"/Advertisers/"+c.SID+"/Actions.json?"+query.Encode(), nil)
	if err != nil {
		return List{}, err
	}
	req.SetBasicAuth(c.SID, c.Token)
	_, before := c.memory()
	begin := time.Now()
	resp, err := c.http.Do(req)
	if err != nil {
		return List{}, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return List{}, fmt.Errorf("GET Actions: status %d", resp.StatusCode)
	}
	if _, err := io.CopyN(io.Discard, resp.Body, 1); err != nil {
		return List{}, err
	}
	l := List{FirstByte: time.Since(begin)}
	n, err := io.Copy(io.Discard, resp.Body)
	if err != nil {
		return List{}, err
	}
	_, after := c.memory()
	l.Bytes, l.Whole, l.Growth = 1+n, time.Since(begin), after-before
	return l, nil
}
