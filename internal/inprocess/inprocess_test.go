package inprocess_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/trueup-ledger/trueup/internal/inprocess"
)

// do sends a request to a handler.
func do(ctx context.Context, t *testing.T, handler http.HandlerFunc, body string) (*http.Response, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodPut, "http://server/path?query=1", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return (&http.Client{Transport: inprocess.Transport{Handler: handler}}).Do(r)
}

func TestAHandlerSeesTheRequestOfAServer(t *testing.T) {
	defer goleak.VerifyNone(t)
	type key struct{}
	ctx := context.WithValue(t.Context(), key{}, "value")
	got, err := do(ctx, t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		w.Header().Set("X-Before", "1")
		w.WriteHeader(http.StatusTeapot)
		w.Header().Set("X-After", "1")
		fmt.Fprintf(w, "%s %s %s %s %v %v", r.Method, r.RequestURI, r.Host, body, err, r.Context().Value(key{}))
	}, "text")
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if want := "PUT /path?query=1 server text <nil> value"; string(body) != want || err != nil {
		t.Errorf("the response is %q, %v", body, err)
	}
	if got.StatusCode != http.StatusTeapot || got.Header.Get("X-Before") != "1" || got.Header.Get("X-After") != "" {
		t.Errorf("the response is %d with %v", got.StatusCode, got.Header)
	}
}

func TestAHandlerWithoutAResponseReturnsStatus200(t *testing.T) {
	defer goleak.VerifyNone(t)
	got, err := do(t.Context(), t, func(http.ResponseWriter, *http.Request) {}, "")
	if err != nil || got.StatusCode != http.StatusOK {
		t.Fatalf("the response is %v, %v", got, err)
	}
	if body, err := io.ReadAll(got.Body); len(body) > 0 || err != nil {
		t.Errorf("the body is %q, %v", body, err)
	}
	got.Body.Close()
}

func TestABodyIsStreamed(t *testing.T) {
	defer goleak.VerifyNone(t)
	more := make(chan struct{})
	got, err := do(t.Context(), t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "first")
		<-more
		_, _ = io.WriteString(w, "second")
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	first := make([]byte, 5)
	if _, err := io.ReadFull(got.Body, first); err != nil || string(first) != "first" {
		t.Fatalf("the body begins with %q, %v", first, err)
	}
	close(more)
	if rest, err := io.ReadAll(got.Body); string(rest) != "second" || err != nil {
		t.Errorf("the rest is %q, %v", rest, err)
	}
}

func TestAnAbortedResponseIsAnError(t *testing.T) {
	defer goleak.VerifyNone(t)
	for _, panicked := range []any{http.ErrAbortHandler, "a bug"} {
		got, err := do(t.Context(), t, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "part")
			panic(panicked)
		}, "")
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(got.Body); string(body) != "part" || err == nil {
			t.Errorf("after the panic %v the body is %q, %v", panicked, body, err)
		}
		got.Body.Close()
	}
}

func TestAHandlerEndsWithTheContext(t *testing.T) {
	defer goleak.VerifyNone(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	got, err := do(ctx, t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
		ended <- r.Context().Err()
	}, "")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	if err == nil {
		got.Body.Close()
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the handler ended with %v", err)
	}
}

func TestClosingTheBodyEndsTheHandler(t *testing.T) {
	defer goleak.VerifyNone(t)
	ended := make(chan error, 1)
	got, err := do(t.Context(), t, func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := io.WriteString(w, "more"); err != nil {
				ended <- err
				return
			}
		}
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := got.Body.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("writing to a closed body: %v", err)
	}
}
