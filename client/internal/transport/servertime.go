package transport

import (
	"net/http"
	"time"
)

// noteDate stores the time that a response has, or that it has none.
func (t *Transport) noteDate(h http.Header) {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		t.date.Store(nil)
		return
	}
	t.date.Store(&date)
}

// ServerTime returns the time of the last response by the clock of the server, which a test can have
// stopped. It returns the present time of this machine if the server didn't send one.
func (t *Transport) ServerTime() time.Time {
	if date := t.date.Load(); date != nil {
		return *date
	}
	return time.Now()
}
