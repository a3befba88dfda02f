package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// look asks what writes nothing: a page, an entry of the admin API and a preview.
func (l *failoverLoad) look(at, i int) {
	c := l.callers[at]
	switch i % 3 {
	case 0:
		l.ask("GET", c.root+"/Actions?CampaignId=1000&PageSize=1", nil, "", c.credentials)
	case 1:
		l.ask("GET", l.admins[at]+"/accounts", nil, "", l.admin)
	default:
		form := countForm(firstOrder)
		form.Set("DryRun", "true")
		l.ask("PUT", c.root+"/Actions", form, "", c.credentials)
	}
}

// ask answers the body of an answer that is 200, and nil for any other.
func (l *failoverLoad) ask(method, uri string, form url.Values, key string, by credentials) []byte {
	req, err := by.request(method, uri, form)
	if err != nil {
		l.fault("%v", err)
		return nil
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	begin := time.Now()
	resp, err := l.client.Do(req)
	if err != nil {
		l.fault("%s %s: no answer: %v", method, uri, err)
		return nil
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		l.fault("%s %s: half an answer: %v", method, uri, err)
		return nil
	}
	l.mu.Lock()
	l.statuses[resp.StatusCode]++
	l.slowest = max(l.slowest, time.Since(begin))
	l.mu.Unlock()
	if resp.StatusCode == http.StatusOK {
		return body
	}
	l.holdAgainstProtocol(method+" "+uri, resp, body)
	return nil
}

// holdAgainstProtocol asserts that a failure is told as docs/protocol.md has it.
func (l *failoverLoad) holdAgainstProtocol(asked string, resp *http.Response, body []byte) {
	var told struct{ Status, Message string }
	err := json.Unmarshal(body, &told)
	id := resp.Header.Get("X-Request-Id")
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" || err != nil ||
		told.Status != "ERROR" || id == "" || !strings.Contains(told.Message, id) {
		l.fault("%s: %d, Retry-After %q, %s", asked, resp.StatusCode, resp.Header.Get("Retry-After"), body)
	}
}

func (l *failoverLoad) fault(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.faults) < 20 {
		l.faults[fmt.Sprintf(format, args...)] = true
	}
}

// faulty answers the faults so far, while more may come.
func (l *failoverLoad) faulty() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Sorted(maps.Keys(l.faults))
}
