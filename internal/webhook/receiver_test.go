package webhook_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// received is a request as a receiver saw it.
type received struct {
	method, uri, body string
	header            http.Header
}

// tracked is the request that tells of the first order.
const tracked = "/1000.2240.1?event=tracked&amount=20.00"

func (o *office) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		o.Error(err)
	}
	is := received{r.Method, r.RequestURI, string(body), r.Header}
	o.mu.Lock()
	o.requests = append(o.requests, is)
	answer := o.answer
	o.mu.Unlock()
	if answer != nil {
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(answer(is))
	}
}

func (o *office) answers(answer func(r received) int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.answer = answer
}

// always answers an answer to every request.
func always(status int) func(received) int { return func(received) int { return status } }

// tell tells all that there is to be told now, and answers the requests it took.
func (o *office) tell() []received {
	o.Helper()
	for more := true; more; {
		var err error
		if more, err = o.Tell(o.Context(), first); err != nil {
			o.Fatal(err)
		}
	}
	return o.taken()
}

func (o *office) taken() []received {
	o.mu.Lock()
	defer o.mu.Unlock()
	taken := o.requests
	o.requests = nil
	return taken
}

// uris tells and answers the paths and queries.
func (o *office) uris() string {
	o.Helper()
	var uris []string
	for _, r := range o.tell() {
		uris = append(uris, r.uri)
	}
	return strings.Join(uris, " ")
}

// kept answers the deliveries that wait or were given up, each as "number state after attempts: status error".
func (o *office) kept() string {
	o.Helper()
	deliveries, err := o.store.Deliveries(o.Context(), account, 1, 0, 100)
	if err != nil {
		o.Fatal(err)
	}
	var lines []string
	for _, d := range deliveries {
		lines = append(lines, fmt.Sprintf("%d %s after %d: %d %s", d.Update.Number, d.State(), d.Attempts, d.Status, d.Error))
	}
	return strings.Join(lines, ", ")
}

func (o *office) want(got, want, what string) {
	o.Helper()
	if got != want {
		o.Errorf("%s: %q, want %q", what, got, want)
	}
}
