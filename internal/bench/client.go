package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// Client speaks to the server that is measured.
type Client struct {
	// URL, SID and Token are where and who; PID is the server's process, 0 if unknown.
	URL, SID, Token string
	PID             int

	http http.Client
}

// NewClient answers a client with room for so many connections.
func NewClient(url, sid, token string, pid, connections int) *Client {
	transport := &http.Transport{MaxIdleConns: connections + 1, MaxIdleConnsPerHost: connections + 1}
	return &Client{URL: url, SID: sid, Token: token, PID: pid, http: http.Client{Transport: transport}}
}

// modify sends a new quantity for the item and answers the submission's Uri, or
// "" if the server did not accept it.
func (c *Client) modify(ctx context.Context, t Target, quantity int) (string, error) {
	form := url.Values{
		"ActionId": {t.Action}, "Sku": {t.SKU}, "Quantity": {strconv.Itoa(quantity)}, "Reason": {"ORDER_UPDATE"},
	}
	var queued struct {
		URI string `json:"QueuedUri"`
	}
	status, err := c.do(ctx, http.MethodPut, "/Advertisers/"+c.SID+"/Actions", form.Encode(), &queued)
	if err != nil || status != http.StatusOK {
		return "", err
	}
	return queued.URI, nil
}

// await asks for the submission until it is complete.
func (c *Client) await(ctx context.Context, uri string) error {
	if uri == "" {
		return nil
	}
	pause := time.NewTicker(pollEvery)
	defer pause.Stop()
	for {
		var s struct{ Status string }
		status, err := c.do(ctx, http.MethodGet, uri, "", &s)
		if err != nil {
			return err
		}
		if status != http.StatusOK {
			return fmt.Errorf("GET %s: status %d", uri, status)
		}
		if s.Status == "Complete" {
			return nil
		}
		select {
		case <-pause.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// do sends a request and reads a JSON answer, whatever its status.
func (c *Client) do(ctx context.Context, method, path, form string, answer any) (int, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.URL+path, strings.NewReader(form))
	if err != nil {
		return 0, err
	}
	req.SetBasicAuth(c.SID, c.Token)
	req.Header.Set("Accept", "application/json")
	if form != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, json.Unmarshal(body, answer)
}

// memory answers the server's resident memory, now and at its peak, where the
// system tells.
func (c *Client) memory() (now, peak int64) {
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", c.PID))
	if err != nil {
		return 0, 0
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		key, value, _ := strings.Cut(lines.Text(), ":")
		kib, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		switch key {
		case "VmRSS":
			now = kib << 10
		case "VmHWM":
			peak = kib << 10
		}
	}
	return now, peak
}
