// Package transport sends requests and repeats those that fail.
package transport

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
	"sync/atomic"
	"time"
)

// maxBody is the maximum size of a response in memory: a page of 20,000 objects has less.
const maxBody = 64 << 20

// maxRedirects is the maximum number of redirects of a request, as in package http.
const maxRedirects = 10

// Transport sends requests to a server.
type Transport struct {
	// Base is the URL of the server, without a slash at its end.
	Base string
	// User and Password are the credentials.
	User, Password string
	// Version is the version of the protocol.
	Version int
	HTTP    *http.Client
	Log     *slog.Logger
	// MaxAttempts is the maximum number of attempts. MinDelay and MaxDelay are the longest pause
	// before the second attempt and before any.
	MaxAttempts        int
	MinDelay, MaxDelay time.Duration

	// date is the time that the last response had, or nil.
	date atomic.Pointer[time.Time]
}

// Client returns a copy of a client, or of an empty one for nil, that follows redirects of GET only.
// The redirect of a write would become a GET, whose success says nothing of the write.
func Client(original *http.Client) *http.Client {
	var h http.Client
	if original != nil {
		h = *original
	}
	check := h.CheckRedirect
	h.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		switch {
		case via[0].Method != http.MethodGet:
			return http.ErrUseLastResponse
		case check != nil:
			return check(r, via)
		case len(via) >= maxRedirects:
			return fmt.Errorf("stopped after %d redirects", maxRedirects)
		}
		return nil
	}
	return &h
}

// Request is a request that can be sent several times.
type Request struct {
	Method string
	// Path is escaped. It may have a query.
	Path   string
	Query  url.Values
	Header http.Header
	// Body returns a new reader of the body for each attempt, or is nil.
	Body        func() io.Reader
	Size        int64
	ContentType string
	// Safe reports whether to send the request twice has the effect of sending it once.
	Safe bool
	// Stream leaves the body of a successful response to the caller.
	Stream bool
}

// Get returns a request for an object.
func Get(path string, query url.Values) Request {
	return Request{Method: http.MethodGet, Path: path, Query: query, Safe: true}
}

// Path joins the segments of a path and escapes them.
func Path(segments ...string) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(s))
	}
	return b.String()
}

// SetBody sets the body.
func (r *Request) SetBody(text, contentType string) {
	r.Body = func() io.Reader { return strings.NewReader(text) }
	r.Size, r.ContentType = int64(len(text)), contentType
}

// Response is a successful response with its body.
type Response struct {
	Header http.Header
	Body   []byte
	// Stream is the body of a request with Stream.
	Stream io.ReadCloser
}

// StatusError is the error of a response that is not successful.
type StatusError struct {
	Status int
	Header http.Header
	Body   []byte
	// RetryAfter is the pause that the server asks for, or 0.
	RetryAfter time.Duration
}

// Error returns the status.
func (e *StatusError) Error() string { return "status " + strconv.Itoa(e.Status) }

// ErrInvalid is the error of a request that can't be sent.
var ErrInvalid = errors.New("invalid request")

// ErrTooLarge is the error of a response that is too large.
var ErrTooLarge = fmt.Errorf("the response has more than %d MiB: use a smaller PageSize", maxBody>>20)

// Do sends the request until it succeeds, fails for good or has had its attempts.
func (t *Transport) Do(ctx context.Context, r Request) (Response, error) {
	path, _, _ := strings.Cut(r.Path, "?") // a query can have personal data
	for attempt := 1; ; attempt++ {
		start := time.Now()
		result, err := t.Send(ctx, r)
		t.Log.LogAttrs(ctx, slog.LevelDebug, "request", slog.String("method", r.Method), slog.String("path", path),
			slog.Int("attempt", attempt), slog.Duration("duration", time.Since(start)), slog.Any("error", err))
		if err == nil || ctx.Err() != nil || attempt >= t.MaxAttempts || !retryable(err, r.Safe) {
			return result, err
		}
		delay, short := t.delay(attempt, err)
		if deadline, bounded := ctx.Deadline(); !short || bounded && time.Until(deadline) < delay {
			return result, err
		}
		t.Log.LogAttrs(ctx, slog.LevelInfo, "retrying", slog.String("method", r.Method), slog.String("path", path),
			slog.Int("attempt", attempt), slog.Duration("delay", delay), slog.Any("error", err))
		if err := Sleep(ctx, delay); err != nil {
			return Response{}, err
		}
	}
}

// Send sends the request once. It checks the path, which with another beginning could be a part of
// the host, and send the credentials to another server.
func (t *Transport) Send(ctx context.Context, r Request) (Response, error) {
	if !strings.HasPrefix(r.Path, "/") || strings.HasPrefix(r.Path, "//") {
		return Response{}, fmt.Errorf("%w: the path must begin with one slash", ErrInvalid)
	}
	target := t.Base + r.Path
	if len(r.Query) > 0 {
		target += "?" + r.Query.Encode()
	}
	var body io.Reader
	if r.Body != nil {
		body = r.Body()
	}
	h, err := http.NewRequestWithContext(ctx, r.Method, target, body)
	if err != nil {
		return Response{}, fmt.Errorf("%w: %w", ErrInvalid, withoutURL(err))
	}
	if r.Body != nil {
		h.ContentLength = r.Size
		h.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(r.Body()), nil }
		h.Header.Set("Content-Type", r.ContentType)
	}
	for name, values := range r.Header {
		h.Header[name] = values
	}
	h.Header.Set("Accept", "application/json")
	h.Header.Set("Ir-Version", strconv.Itoa(t.Version))
	h.SetBasicAuth(t.User, t.Password)
	result, err := t.HTTP.Do(h)
	if err != nil {
		return Response{}, withoutURL(err)
	}
	t.noteDate(result.Header)
	return receive(result, r.Stream)
}

// withoutURL returns the cause of an error of package http, whose text has the URL with its query.
func withoutURL(err error) error {
	var e *url.Error
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

// receive reads the body of a response and closes it. It leaves that of a successful one to the
// caller if stream is set.
func receive(r *http.Response, stream bool) (Response, error) {
	successful := r.StatusCode >= 200 && r.StatusCode < 300
	if successful && stream {
		return Response{Header: r.Header, Stream: r.Body}, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	err = errors.Join(err, r.Body.Close())
	switch {
	case !successful:
		return Response{}, &StatusError{r.StatusCode, r.Header, body, retryAfter(r.Header, time.Now())}
	case err != nil:
		return Response{}, fmt.Errorf("read the response: %w", err)
	case len(body) > maxBody:
		return Response{}, ErrTooLarge
	}
	return Response{Header: r.Header, Body: body}, nil
}

// unreadRequest is the body of package http for a request line that it can't read, before any handler.
// A server with HTTP/2 without TLS sends it for a valid request if the deadline of a new
// connection passes within the line: [bufio.Reader.ReadLine] returns the part without an error.
const unreadRequest = "400 Bad Request"

// retryable reports whether a request that failed may be sent again.
func retryable(err error, safe bool) bool {
	var status *StatusError
	var dial *net.OpError
	switch {
	case errors.Is(err, ErrTooLarge), errors.Is(err, ErrInvalid):
		return false
	case errors.As(err, &dial) && dial.Op == "dial": // nothing was sent
		return true
	case !errors.As(err, &status):
		return safe
	}
	switch status.Status {
	case http.StatusTooManyRequests:
		return true
	case http.StatusBadRequest:
		return string(status.Body) == unreadRequest
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return safe
	}
	return false
}

// delay returns the pause after a failed attempt: half to all of a time that doubles with each
// attempt, or up to MinDelay more than the time that the server asks for, so that its clients do
// not return at once. It reports whether the server asks for MaxDelay at most.
func (t *Transport) delay(attempt int, err error) (delay time.Duration, short bool) {
	first := min(t.MinDelay, t.MaxDelay)
	var status *StatusError
	if errors.As(err, &status) && status.RetryAfter > 0 {
		return status.RetryAfter + rand.N(first+1), status.RetryAfter <= t.MaxDelay
	}
	longest := first
	for range attempt - 1 {
		if longest *= 2; longest >= t.MaxDelay {
			longest = t.MaxDelay
			break
		}
	}
	return longest - rand.N(longest/2+1), true
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

// Sleep waits for a time or until ctx is done.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
