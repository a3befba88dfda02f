package httpapi_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
)

// queued is the response to a write with a preference to wait.
type queued struct {
	Status, QueuedUri string
	Submission        *struct{ Status, Uri, ActionId, ErrorReason string }
}

// wait sends the request modify with a preference.
func (s *service) wait(t *testing.T, prefer, key string) (*httptest.ResponseRecorder, queued) {
	t.Helper()
	r := s.request("PUT", "/Actions", form, modify)
	r.Header.Set("Prefer", prefer)
	if key != "" {
		r.Header.Set(keyHeader, key)
	}
	w := s.do(r)
	var a queued
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != 200 || a.Status != "QUEUED" {
		t.Fatalf("%d %s %v", w.Code, w.Body, err)
	}
	return w, a
}

func TestPreferWaitReturnsTheCompleteSubmission(t *testing.T) {
	t.Parallel()
	s := serve(t)
	w, a := s.wait(t, "wait=45", "k")
	if a.Submission == nil || a.Submission.Status != "Complete" || a.Submission.ActionId == "" || a.Submission.Uri != a.QueuedUri {
		t.Errorf("response %s", w.Body)
	}
	if got := w.Header().Get("Preference-Applied"); got != "wait=30" {
		t.Errorf("applied %q", got)
	}
	again, b := s.wait(t, "wait=10", "k")
	if again.Header().Get(replayed) != "true" || b.QueuedUri != a.QueuedUri || b.Submission == nil || b.Submission.Status != "Complete" {
		t.Errorf("response to the retry: %s", again.Body)
	}
	r := s.request("PUT", "/Actions.xml", form, modify)
	r.Header.Set("Prefer", "wait=10")
	if w := s.do(r); !strings.Contains(w.Body.String(), "</QueuedUri><Submission><BatchId>A-") || !strings.Contains(w.Body.String(), "<Status>Complete</Status>") {
		t.Errorf("as XML: %s", w.Body)
	}
	for _, malformed := range []string{"wait=soon", "respond-async"} {
		if w, a := s.wait(t, malformed, ""); a.Submission != nil || w.Header().Get("Preference-Applied") != "" {
			t.Errorf("%s: %s", malformed, w.Body)
		}
	}
}

func TestWaitingEndsAfterItsTimeAndOnShutdown(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for range 12 { // the applier backs off
		s.store.Fail(storetest.CallApply, storetest.Before, errors.New("a disk error"))
	}
	if w, a := s.wait(t, "wait=0", ""); a.Submission == nil || a.Submission.Status != "Queued" || w.Header().Get("Preference-Applied") != "wait=0" {
		t.Errorf("response %s", w.Body)
	}
	s.waiters.Stop()
	if w, a := s.wait(t, "wait=30", ""); a.Submission == nil || a.Submission.Status != "Queued" || w.Header().Get("Preference-Applied") != "" {
		t.Errorf("after shutdown: %s", w.Body)
	}
}

func TestAnAcceptedWriteIsQueuedEvenIfItCannotBeRead(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.store.Fail(storetest.CallApply, storetest.Before, errors.New("a disk error")) // applied, it isn't read
	s.store.Fail(storetest.CallRead, storetest.Before, errors.New("a disk error"))
	if w, a := s.wait(t, "wait=1", ""); a.QueuedUri == "" || a.Submission != nil {
		t.Errorf("response %s", w.Body)
	}
	if !strings.Contains(s.log.String(), "a disk error") {
		t.Errorf("logged %s", s.log)
	}
}

// TestWaitingIsLongerThanTheServersTimeouts waits for longer than the server's read and
// write timeouts.
func TestWaitingIsLongerThanTheServersTimeouts(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for range 9 {
		s.store.Fail(storetest.CallApply, storetest.Before, errors.New("a disk error"))
	}
	srv := httptest.NewUnstartedServer(s.api) // the checker has no connection with deadlines
	srv.Config.ReadTimeout, srv.Config.WriteTimeout = 200*time.Millisecond, 300*time.Millisecond
	srv.Start()
	defer srv.Close()
	for range 2 { // reuses the connection
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, srv.URL+"/Advertisers/"+demo.SID+"/Actions.json", strings.NewReader(modify))
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth(demo.SID, s.secret)
		r.Header.Set("Content-Type", form)
		r.Header.Set("Prefer", "wait=1")
		resp, err := srv.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var a queued
		if err := json.NewDecoder(resp.Body).Decode(&a); err != nil || a.Submission == nil {
			t.Errorf("response %+v, %v", a, err)
		}
		resp.Body.Close()
	}
}
