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

// read sends a read-only request: a page, the accounts of the admin API or a dry run.
func (l *failoverLoad) read(process, i int) {
	c := l.callers[process]
	switch i % 3 {
	case 0:
		l.request("GET", c.root+"/Actions?CampaignId=1000&PageSize=1", nil, "", c.credentials)
	case 1:
		l.request("GET", l.admins[process]+"/accounts", nil, "", l.admin)
	default:
		form := countForm(firstOrder)
		form.Set("DryRun", "true")
		l.request("PUT", c.root+"/Actions", form, "", c.credentials)
	}
}

// request returns the body of a response with status 200, and nil for any other.
func (l *failoverLoad) request(method, uri string, form url.Values, key string, token credentials) []byte {
	req, err := token.request(method, uri, form)
	if err != nil {
		l.fail("%v", err)
		return nil
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	begin := time.Now()
	resp, err := l.client.Do(req)
	if err != nil {
		l.fail("%s %s: no response: %v", method, uri, err)
		return nil
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		l.fail("%s %s: incomplete response: %v", method, uri, err)
		return nil
	}
	l.mu.Lock()
	l.statuses[resp.StatusCode]++
	l.slowest = max(l.slowest, time.Since(begin))
	l.mu.Unlock()
	if resp.StatusCode == http.StatusOK {
		return body
	}
	l.checkErrorResponse(method+" "+uri, resp, body)
	return nil
}

// checkErrorResponse checks that an error response is as documented in docs/protocol.md.
func (l *failoverLoad) checkErrorResponse(request string, resp *http.Response, body []byte) {
	var envelope struct{ Status, Message string }
	err := json.Unmarshal(body, &envelope)
	id := resp.Header.Get("X-Request-Id")
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" || err != nil ||
		envelope.Status != "ERROR" || id == "" || !strings.Contains(envelope.Message, id) {
		l.fail("%s: %d, Retry-After %q, %s", request, resp.StatusCode, resp.Header.Get("Retry-After"), body)
	}
}

func (l *failoverLoad) fail(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.failed) < 20 {
		l.failed[fmt.Sprintf(format, args...)] = true
	}
}

// failures returns the failures so far.
func (l *failoverLoad) failures() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Sorted(maps.Keys(l.failed))
}
