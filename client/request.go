package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxBody is the maximum size of a response in memory: a page of 20,000 objects has less.
const maxBody = 64 << 20

// request is a request that can be sent several times.
type request struct {
	method string
	// path is below the account or, if it is absolute, below the server. It is escaped.
	path     string
	absolute bool
	query    url.Values
	header   http.Header
	// body returns a new reader of the body for each attempt, or is nil.
	body        func() io.Reader
	size        int64
	contentType string
	// safe reports whether to send the request twice has the effect of sending it once.
	safe bool
	// stream leaves the body of a successful response to the caller.
	stream bool
}

// form sets the body to a form.
func (r *request) form(values url.Values) {
	text := values.Encode()
	r.body = func() io.Reader { return strings.NewReader(text) }
	r.size, r.contentType = int64(len(text)), "application/x-www-form-urlencoded"
}

// get returns a request for an object or a page.
func get(path string, query url.Values) request {
	return request{method: http.MethodGet, path: path, query: query, safe: true}
}

// response is a successful response with its body.
type response struct {
	header http.Header
	body   []byte
	// stream is the body of a request with stream.
	stream io.ReadCloser
}

// do sends the request until it succeeds, fails for good or has had its attempts.
func (c *Client) do(ctx context.Context, r request) (response, error) {
	for attempt := 1; ; attempt++ {
		start := time.Now()
		result, err := c.send(ctx, r)
		c.log.LogAttrs(ctx, slog.LevelDebug, "request", slog.String("method", r.method), slog.String("path", r.path),
			slog.Int("attempt", attempt), slog.Duration("duration", time.Since(start)), slog.Any("error", err))
		if err == nil || ctx.Err() != nil || attempt >= c.retry.MaxAttempts || !retryable(err, r.safe) {
			return result, err
		}
		delay := c.delay(attempt, err)
		if deadline, bounded := ctx.Deadline(); delay > c.retry.MaxDelay || bounded && time.Until(deadline) < delay {
			return result, err
		}
		c.log.LogAttrs(ctx, slog.LevelInfo, "retrying", slog.String("method", r.method), slog.String("path", r.path),
			slog.Int("attempt", attempt), slog.Duration("delay", delay), slog.Any("error", err))
		if err := sleep(ctx, delay); err != nil {
			return response{}, err
		}
	}
}

// send sends the request once.
func (c *Client) send(ctx context.Context, r request) (response, error) {
	target := c.base + c.root + r.path
	if r.absolute {
		target = c.base + r.path
	}
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	var body io.Reader
	if r.body != nil {
		body = r.body()
	}
	h, err := http.NewRequestWithContext(ctx, r.method, target, body)
	if err != nil {
		return response{}, fmt.Errorf("client: %w", err)
	}
	if r.body != nil {
		h.ContentLength = r.size
		h.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(r.body()), nil }
		h.Header.Set("Content-Type", r.contentType)
	}
	for name, values := range r.header {
		h.Header[name] = values
	}
	h.Header.Set("Accept", "application/json")
	h.Header.Set("Ir-Version", strconv.Itoa(c.version))
	h.SetBasicAuth(c.sid, c.token)
	result, err := c.http.Do(h)
	if err != nil {
		return response{}, err
	}
	return receive(result, r.stream)
}

// receive reads the body of a response and closes it. It leaves that of a successful one to the
// caller if stream is set.
func receive(r *http.Response, stream bool) (response, error) {
	successful := r.StatusCode >= 200 && r.StatusCode < 300
	if successful && stream {
		return response{header: r.Header, stream: r.Body}, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	err = errors.Join(err, r.Body.Close())
	switch {
	case !successful:
		return response{}, newError(r, body)
	case err != nil:
		return response{}, fmt.Errorf("%s %s: read the response: %w", r.Request.Method, r.Request.URL.Path, err)
	case len(body) > maxBody:
		return response{}, &tooLargeError{r.Request.URL.Path}
	}
	return response{header: r.Header, body: body}, nil
}

// tooLargeError is the error of a response beyond maxBody.
type tooLargeError struct{ path string }

func (e *tooLargeError) Error() string {
	return fmt.Sprintf("GET %s: the response has more than %d MiB: use a smaller PageSize", e.path, maxBody>>20)
}

// retryable reports whether a request that failed may be sent again.
func retryable(err error, safe bool) bool {
	var status *Error
	var dial *net.OpError
	var large *tooLargeError
	switch {
	case errors.As(err, &large):
		return false
	case errors.As(err, &dial) && dial.Op == "dial": // nothing was sent
		return true
	case !errors.As(err, &status):
		return safe
	}
	switch status.Status {
	case http.StatusTooManyRequests:
		return true
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return safe
	}
	return false
}

// delay returns the pause after a failed attempt: half to all of a time that doubles with each
// attempt, and at least the time that the server asks for.
func (c *Client) delay(attempt int, err error) time.Duration {
	longest := c.retry.MinDelay
	for range attempt - 1 {
		if longest *= 2; longest >= c.retry.MaxDelay {
			longest = c.retry.MaxDelay
			break
		}
	}
	delay := longest - rand.N(longest/2+1)
	var status *Error
	if errors.As(err, &status) && status.RetryAfter > 0 {
		return status.RetryAfter + rand.N(c.retry.MinDelay+1)
	}
	return delay
}

// retryAfter returns the pause that the headers ask for: Retry-After, which is a number of
// seconds or a time, or else the end of an exhausted rate limit.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if text == "" && h.Get("X-Ratelimit-Remaining") == "0" {
		text = h.Get("X-Ratelimit-Reset")
	}
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(min(max(seconds, 0), 1e6)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}

// sleep waits for a time or until ctx is done.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
