// Package inprocess calls a handler as a server does, without a connection.
package inprocess

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// Transport is an [http.RoundTripper] whose server is a handler. Bodies are streamed. The handler
// has the request's context, so that it can identify the caller by it.
type Transport struct{ Handler http.Handler }

// RoundTrip implements [http.RoundTripper]. It calls the handler in a goroutine, which ends once the
// body of the response is read or closed, or the request's context is done.
func (t Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	in := r.Clone(ctx)
	in.RequestURI, in.RemoteAddr = r.URL.RequestURI(), "in process"
	in.Host = r.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	body, sent := io.Pipe()
	w := &writer{ctx: ctx, header: make(http.Header), body: sent, started: make(chan struct{})}
	stop := context.AfterFunc(ctx, func() { _ = sent.CloseWithError(context.Cause(ctx)) })
	go func() {
		defer cancel()
		defer stop()
		defer in.Body.Close()
		err := serve(t.Handler, w, in)
		if ctx.Err() == nil {
			w.WriteHeader(http.StatusOK)
		}
		_ = sent.CloseWithError(err) // io.EOF for nil
	}()
	select {
	case <-w.started:
	case <-ctx.Done():
		// Both may be ready: a handler that has written its header ends with the context.
		select {
		case <-w.started:
		default:
			return nil, context.Cause(ctx)
		}
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: responseBody{body, cancel}, ContentLength: -1, Request: r,
	}, nil
}

// errAborted is the error of a response that the handler aborted.
var errAborted = errors.New("the response was aborted")

// serve calls the handler. A panic aborts the response, as in a server.
func serve(h http.Handler, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			err = errAborted
		default:
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	h.ServeHTTP(w, r)
	return nil
}

// responseBody cancels the request when it is closed.
type responseBody struct {
	*io.PipeReader
	cancel context.CancelFunc
}

// Close implements [io.Closer]. The handler sees a caller that has gone, not a pipe that failed.
func (b responseBody) Close() error {
	b.cancel()
	return b.PipeReader.Close()
}

// writer is the ResponseWriter of a handler. It has no deadlines: the caller is the program, which
// bounds the time of a reader of its own.
type writer struct {
	ctx    context.Context
	header http.Header
	body   *io.PipeWriter

	once    sync.Once
	started chan struct{}
	// sent is the header at the time of WriteHeader, with status.
	sent   http.Header
	status int
}

// Header implements [http.ResponseWriter].
func (w *writer) Header() http.Header { return w.header }

// WriteHeader implements [http.ResponseWriter].
func (w *writer) WriteHeader(status int) {
	w.once.Do(func() {
		w.status, w.sent = status, w.header.Clone()
		close(w.started)
	})
}

// Write implements [http.ResponseWriter]. Its error for a request that has ended is that of the context,
// whichever end of the pipe was closed first.
func (w *writer) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	n, err := w.body.Write(b)
	if err != nil && w.ctx.Err() != nil {
		err = context.Cause(w.ctx)
	}
	return n, err
}

// Flush implements [http.Flusher]. Nothing is buffered.
func (w *writer) Flush() { w.WriteHeader(http.StatusOK) }

// SetReadDeadline is that of [http.ResponseController].
func (w *writer) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline is that of [http.ResponseController].
func (w *writer) SetWriteDeadline(time.Time) error { return nil }
