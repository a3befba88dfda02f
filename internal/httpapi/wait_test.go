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

// awaited is the answer to a write that was waited for.
type awaited struct {
	Status, QueuedUri string
	Submission        *struct{ Status, Uri, ActionId, ErrorReason string }
}

// wait makes the request of all tests of keys with a preference.
func (s *service) wait(t *testing.T, prefer, key string) (*httptest.ResponseRecorder, awaited) {
	t.Helper()
	r := s.request("PUT", "/Actions", form, modify)
	r.Header.Set("Prefer", prefer)
	if key != "" {
		r.Header.Set(keyHeader, key)
	}
	w := s.do(r)
	var a awaited
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != 200 || a.Status != "QUEUED" {
		t.Fatalf("%d %s %v", w.Code, w.Body, err)
	}
	return w, a
}

func TestWhoPrefersToWaitGetsTheCompleteRecord(t *testing.T) {
	t.Parallel()
	s := serve(t)
	w, a := s.wait(t, "wait=45", "k")
	if a.Submission == nil || a.Submission.Status != "Complete" || a.Submission.ActionId == "" || a.Submission.Uri != a.QueuedUri {
		t.Errorf("answered %s", w.Body)
	}
	if got := w.Header().Get("Preference-Applied"); got != "wait=30" {
		t.Errorf("applied %q", got)
	}
	again, b := s.wait(t, "wait=10", "k")
	if again.Header().Get(replayed) != "true" || b.QueuedUri != a.QueuedUri || b.Submission == nil || b.Submission.Status != "Complete" {
		t.Errorf("the retry was answered %s", again.Body)
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

func TestWaitingEndsWithItsTimeAndWithTheServer(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for range 9 { // the applier rests longer and longer
		s.store.Fail(storetest.CallApply, storetest.Before, errors.New("a disk fault"))
	}
	if w, a := s.wait(t, "wait=0", ""); a.Submission == nil || a.Submission.Status != "Queued" || w.Header().Get("Preference-Applied") != "wait=0" {
		t.Errorf("answered %s", w.Body)
	}
	s.room.Stop()
	if w, a := s.wait(t, "wait=30", ""); a.Submission == nil || a.Submission.Status != "Queued" || w.Header().Get("Preference-Applied") != "" {
		t.Errorf("without room: %s", w.Body)
	}
}

func TestAnAcceptedWriteIsAnsweredThoughItsRecordCannotBeRead(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.store.Fail(storetest.CallRead, storetest.Before, errors.New("a disk fault"))
	if w, a := s.wait(t, "wait=1", ""); a.QueuedUri == "" || a.Submission != nil {
		t.Errorf("answered %s", w.Body)
	}
	if !strings.Contains(s.log.String(), "a disk fault") {
		t.Errorf("logged %s", s.log)
	}
}

// TestWaitingOutlastsTheServersLimits waits for longer than the server gives a
// request to be read and its answer to be written.
func TestWaitingOutlastsTheServersLimits(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for range 9 {
		s.store.Fail(storetest.CallApply, storetest.Before, errors.New("a disk fault"))
	}
	srv := httptest.NewUnstartedServer(s.api) // what checks answers has no connection
	srv.Config.ReadTimeout, srv.Config.WriteTimeout = 200*time.Millisecond, 300*time.Millisecond
	srv.Start()
	defer srv.Close()
	for range 2 { // on one connection
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
		var a awaited
		if err := json.NewDecoder(resp.Body).Decode(&a); err != nil || a.Submission == nil {
			t.Errorf("answered %+v, %v", a, err)
		}
		resp.Body.Close()
	}
}
