package testclock

import (
	"net/http"
	"time"
)

// Dated returns a handler whose responses have the time of a clock as their Date. Clients take it
// for the time of the server.
func Dated(now func() time.Time, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", now().UTC().Format(http.TimeFormat))
		h.ServeHTTP(w, r)
	})
}
