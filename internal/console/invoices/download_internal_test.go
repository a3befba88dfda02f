package invoices

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/trueup-ledger/trueup/internal/console/page"
)

// slow is a browser that takes 20 seconds for each part of a response.
type slow struct {
	*httptest.ResponseRecorder

	deadline time.Time
}

// SetWriteDeadline is that of [http.ResponseController].
func (s *slow) SetWriteDeadline(at time.Time) error {
	s.deadline = at
	return nil
}

func (s *slow) Write(b []byte) (int, error) {
	time.Sleep(20 * time.Second)
	if time.Now().After(s.deadline) {
		return 0, io.ErrShortWrite
	}
	return s.ResponseRecorder.Write(b)
}

func TestADownloadOutlastsTheTimeOfAPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &slow{ResponseRecorder: httptest.NewRecorder(), deadline: time.Now().Add(time.Minute)}
		r := &page.Request{W: w, R: httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)}
		body := iotest.OneByteReader(strings.NewReader("0123456789"))
		if err := download(r, io.NopCloser(body), nil, "text/csv", "a.csv"); err != nil || w.Body.String() != "0123456789" {
			t.Errorf("the file is %q (%v)", w.Body, err)
		}
	})
}

func TestADownloadEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &slow{ResponseRecorder: httptest.NewRecorder()}
		p := &paced{w: w, end: time.Now().Add(maxDownload)}
		n, err := io.Copy(p, iotest.OneByteReader(strings.NewReader(strings.Repeat("x", 1000))))
		if want := int64(maxDownload / (20 * time.Second)); n != want || err == nil {
			t.Errorf("the browser had %d parts, want %d (%v)", n, want, err)
		}
	})
}
