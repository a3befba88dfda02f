package client_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/money"
)

// recorder is a server that records requests and fails each of them with a 500.
type recorder struct{ requests []*http.Request }

func (r *recorder) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.requests = append(r.requests, request)
	w.WriteHeader(http.StatusInternalServerError)
}

func TestWritesAreRepeatedOnlyWithAKey(t *testing.T) {
	for name, c := range map[string]struct {
		original bool
		attempts int
	}{"a Trueup server": {false, 3}, "the original": {true, 1}} {
		t.Run(name, func(t *testing.T) {
			r := &recorder{}
			s := httptest.NewServer(r)
			defer s.Close()
			var log bytes.Buffer
			tc, err := client.New(client.Options{
				BaseURL: s.URL + "/", SID: "A", Token: "B", Original: c.original, Version: 13,
				Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
				Retry:  client.Retry{MaxAttempts: 3, MinDelay: time.Millisecond},
			})
			if err != nil {
				t.Fatal(err)
			}
			_, err = tc.Reverse(t.Context(), client.Reversal{ActionID: "1.2.3", Reason: "OTHER"})
			var e *client.Error
			if !errors.As(err, &e) || e.Status != 500 || len(r.requests) != c.attempts {
				t.Errorf("%v after %d attempts", err, len(r.requests))
			}
			first := r.requests[0]
			for _, request := range r.requests {
				key := request.Header.Get("Idempotency-Key")
				if key != first.Header.Get("Idempotency-Key") || (key == "") != c.original || request.Header.Get("IR-Version") != "13" || request.URL.Path != "/Advertisers/A/Actions" {
					t.Errorf("the request is %s with %v", request.URL, request.Header)
				}
			}
			if n := strings.Count(log.String(), "msg=request"); n != c.attempts || strings.Count(log.String(), "msg=retrying") != c.attempts-1 {
				t.Errorf("the log is\n%s", log.String())
			}
			if _, err := tc.DryRun(t.Context(), client.Reversal{ActionID: "1.2.3", Reason: "OTHER"}); (len(r.requests) == c.attempts) != c.original {
				t.Errorf("a dry run of the original is sent (%v)", err)
			}
		})
	}
}

func TestAModificationOfItemsNeverAffectsTheWholeAction(t *testing.T) {
	r := &recorder{}
	s := httptest.NewServer(r)
	defer s.Close()
	c, err := client.New(client.Options{BaseURL: s.URL, SID: "A", Token: "B"})
	if err != nil {
		t.Fatal(err)
	}
	for field, m := range map[string]client.Modification{
		"Items[0].SKU": {ActionID: "1.2.3", Items: []client.ItemChange{{Quantity: new(0)}}},
		"Items[1].SKU": {ActionID: "1.2.3", Items: []client.ItemChange{{SKU: "LANTERN", Quantity: new(0)}, {SKU: " ", Quantity: new(0)}}},
		"Amount":       {ActionID: "1.2.3", Currency: "USD", Amount: new(money.Amount(0)), Items: []client.ItemChange{{SKU: "LANTERN"}}},
	} {
		if _, err := c.Modify(t.Context(), m); err == nil || !strings.Contains(err.Error(), field) || len(r.requests) != 0 {
			t.Errorf("%s: %v after %d requests", field, err, len(r.requests))
		}
		if _, err := c.DryRun(t.Context(), m); err == nil || !strings.Contains(err.Error(), field) || len(r.requests) != 0 {
			t.Errorf("%s: a dry run: %v after %d requests", field, err, len(r.requests))
		}
	}
}

func TestOnlyGETFollowsRedirects(t *testing.T) {
	for _, status := range []int{http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		followed := 0
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/elsewhere" {
				http.Redirect(w, r, "/elsewhere", status)
				return
			}
			followed++
			fmt.Fprint(w, `{"QueuedUri":"/APISubmissions/1"}`)
		}))
		c, err := client.New(client.Options{BaseURL: s.URL, SID: "A", Token: "B"})
		if err != nil {
			t.Fatal(err)
		}
		var e *client.Error
		if _, err := c.Reverse(t.Context(), client.Reversal{ActionID: "1.2.3", Reason: "OTHER"}); !errors.As(err, &e) || e.Status != status || followed != 0 {
			t.Errorf("%d: %v", status, err)
		}
		if _, err := c.Document(t.Context()); err != nil || followed != 1 {
			t.Errorf("%d: a GET is redirected %d times (%v)", status, followed, err)
		}
		s.Close()
	}
}

func TestAWriteWithoutASubmissionIsAnError(t *testing.T) {
	for _, body := range []string{"", "{}", `{"Status":"OK"}`, `{"QueuedUri":""}`} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }))
		c, err := client.New(client.Options{BaseURL: s.URL, SID: "A", Token: "B"})
		if err != nil {
			t.Fatal(err)
		}
		if write, err := c.Reverse(t.Context(), client.Reversal{ActionID: "1.2.3", Reason: "OTHER"}); err == nil {
			t.Errorf("the response %q is the write %+v", body, write)
		}
		s.Close()
	}
}

func TestAPageOfAnotherServerIsNotRead(t *testing.T) {
	for _, uri := range []string{"https://evil.example/Actions", "//evil.example/Actions"} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"Actions":[],"@nextpageuri":%q}`, uri)
		}))
		c, err := client.New(client.Options{BaseURL: s.URL, SID: "A", Token: "B"})
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range c.Actions(t.Context(), client.ActionFilter{}) {
			if err == nil || !strings.Contains(err.Error(), "must begin with one slash") {
				t.Errorf("%s: %v", uri, err)
			}
		}
		s.Close()
	}
}

func TestACallReachesNoOtherServer(t *testing.T) {
	r := &recorder{}
	s := httptest.NewServer(r)
	defer s.Close()
	c, err := client.New(client.Options{BaseURL: s.URL, SID: "A", Token: "B", Retry: client.Retry{MaxAttempts: 1}})
	if err != nil {
		t.Fatal(err)
	}
	host := strings.TrimPrefix(s.URL, "http://")
	for _, path := range []string{"", "tokens", "@" + host + "/tokens", ".evil.example/tokens", "//" + host + "/tokens"} {
		if _, err := c.Call(t.Context(), client.Request{Path: path}); err == nil || !strings.Contains(err.Error(), "must begin with one slash") || len(r.requests) != 0 {
			t.Errorf("%q: %v after %d requests", path, err, len(r.requests))
		}
	}
}

func TestARepeatableCallNeedsNoKey(t *testing.T) {
	for name, c := range map[string]struct {
		request client.Request
		key     string
	}{
		"a chosen key":         {client.Request{Method: http.MethodPost, Path: "/a", WriteOptions: client.WriteOptions{IdempotencyKey: "chosen"}}, "chosen"},
		"a repeatable request": {client.Request{Method: http.MethodPost, Path: "/a", Repeatable: true}, ""},
		"a read":               {client.Request{Path: "/a"}, ""},
	} {
		r := &recorder{}
		s := httptest.NewServer(r)
		tc, err := client.New(client.Options{BaseURL: s.URL, SID: "A", Token: "B", Retry: client.Retry{MaxAttempts: 2, MinDelay: time.Millisecond}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tc.Call(t.Context(), c.request); err == nil || len(r.requests) != 2 || r.requests[1].Header.Get("Idempotency-Key") != c.key {
			t.Errorf("%s: %v after %d requests with the headers %v", name, err, len(r.requests), r.requests[0].Header)
		}
		s.Close()
	}
}
