// Package accesslog logs the requests that a server responded to.
package accesslog

import (
	"log/slog"
	"net/http"
	"time"
)

// Handler returns a handler that calls next and logs each request at level info once it was
// responded to. It logs neither headers nor the query, because they can contain credentials
// and personal data.
func Handler(next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, response := time.Now(), &recorder{ResponseWriter: w}
		completed := false
		defer func() { // a handler aborts a response by a panic
			log.Info("request", "method", r.Method, "path", r.URL.Path, "protocol", r.Proto, "caller", r.RemoteAddr,
				"status", response.status, "bytes", response.bytes, "duration", time.Since(start).Seconds(),
				"request", w.Header().Get("X-Request-Id"), "aborted", !completed)
		}()
		next.ServeHTTP(response, r)
		completed = true
		response.status = max(response.status, http.StatusOK) // net/http writes it if the handler wrote none
	})
}

// recorder records the status and the size of a response.
type recorder struct {
	http.ResponseWriter

	status int
	bytes  int64
}

// WriteHeader implements [http.ResponseWriter].
func (r *recorder) WriteHeader(status int) {
	if r.status < http.StatusOK { // the last of informational responses is the final one
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter].
func (r *recorder) Write(b []byte) (int, error) {
	if r.status < http.StatusOK {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap returns the underlying ResponseWriter, for [http.ResponseController].
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
