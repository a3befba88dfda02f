package webhook_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// received is a request as the receiver saw it.
type received struct {
	method, uri, body string
	header            http.Header
}

// tracked is the URI of the request for the first order.
const tracked = "/1000.2240.1?event=tracked&amount=20.00"

func (h *harness) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		h.Error(err)
	}
	request := received{r.Method, r.RequestURI, string(body), r.Header}
	h.mu.Lock()
	h.requests = append(h.requests, request)
	status := h.status
	h.mu.Unlock()
	if status != nil {
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status(request))
	}
}

// respond sets the status of the responses.
func (h *harness) respond(status func(r received) int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.status = status
}

// always returns the same status for every request.
func always(status int) func(received) int { return func(received) int { return status } }

// deliver delivers everything that is due and returns the requests.
func (h *harness) deliver() []received {
	h.Helper()
	for more := true; more; {
		var err error
		if more, err = h.Deliver(h.Context(), first); err != nil {
			h.Fatal(err)
		}
	}
	return h.takeRequests()
}

// takeRequests returns the requests since the last call.
func (h *harness) takeRequests() []received {
	h.mu.Lock()
	defer h.mu.Unlock()
	requests := h.requests
	h.requests = nil
	return requests
}

// deliverURIs delivers everything that is due and returns the URIs of the requests.
func (h *harness) deliverURIs() string {
	h.Helper()
	var uris []string
	for _, r := range h.deliver() {
		uris = append(uris, r.uri)
	}
	return strings.Join(uris, " ")
}

// pending returns the deliveries that wait or were given up, each as
// "NUMBER STATE after ATTEMPTS: STATUS ERROR".
func (h *harness) pending() string {
	h.Helper()
	deliveries, err := h.store.Deliveries(h.Context(), account, 1, 0, 100)
	if err != nil {
		h.Fatal(err)
	}
	var lines []string
	for _, d := range deliveries {
		lines = append(lines, fmt.Sprintf("%d %s after %d: %d %s", d.Event.Number, d.State(), d.Attempts, d.Status, d.Error))
	}
	return strings.Join(lines, ", ")
}

func (h *harness) want(got, want, subject string) {
	h.Helper()
	if got != want {
		h.Errorf("%s: %q, want %q", subject, got, want)
	}
}
