package certificate_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/certificate"
	"github.com/trueup-ledger/trueup/internal/certificate/certtest"
)

// fixture is a certificate in a folder, with a clock and a log.
type fixture struct {
	*certificate.File
	dir string
	now time.Time
	log bytes.Buffer
}

func newFixture(t *testing.T, valid time.Duration) *fixture {
	t.Helper()
	f := &fixture{dir: t.TempDir(), now: time.Now()}
	certtest.Write(t, f.dir, 1, f.now.Add(valid))
	var err error
	f.File, err = certificate.Open(f.file(certtest.CertFile), f.file(certtest.KeyFile), func() time.Time { return f.now }, slog.New(slog.NewTextHandler(&f.log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *fixture) file(name string) string { return filepath.Join(f.dir, name) }

// serial returns the serial number of the certificate that the next handshake uses.
func (f *fixture) serial(t *testing.T) string {
	t.Helper()
	pair, err := f.Config().GetCertificate(&tls.ClientHelloInfo{})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(pair.Leaf.SerialNumber)
}

const year = 365 * 24 * time.Hour

func TestAHandshakeUsesAChangedCertificate(t *testing.T) {
	f := newFixture(t, year)
	certtest.Write(t, f.dir, 2, f.now.Add(year))
	if serial := f.serial(t); serial != "1" {
		t.Errorf("within a second the certificate is %s, want 1", serial)
	}
	f.now = f.now.Add(time.Second)
	if serial := f.serial(t); serial != "2" {
		t.Errorf("after a second the certificate is %s, want 2", serial)
	}
	if !strings.Contains(f.log.String(), "using a new TLS certificate") {
		t.Errorf("the log is %s", &f.log)
	}
}

func TestAnInvalidCertificateLeavesTheOneBeforeInUse(t *testing.T) {
	for name, breakPair := range map[string]func(t *testing.T, f *fixture){
		"another key": func(t *testing.T, f *fixture) {
			t.Helper()
			other := t.TempDir()
			certtest.Write(t, other, 3, f.now.Add(year))
			if err := os.Rename(filepath.Join(other, certtest.KeyFile), f.file(certtest.KeyFile)); err != nil {
				t.Fatal(err)
			}
		},
		"no PEM": func(t *testing.T, f *fixture) {
			t.Helper()
			if err := os.WriteFile(f.file(certtest.CertFile), []byte("none"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"no file": func(t *testing.T, f *fixture) {
			t.Helper()
			if err := os.Remove(f.file(certtest.CertFile)); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, year)
			breakPair(t, f)
			for range 3 {
				f.now = f.now.Add(time.Minute)
				if serial := f.serial(t); serial != "1" {
					t.Fatalf("the certificate is %s, want 1", serial)
				}
			}
			if n := strings.Count(f.log.String(), "the new TLS certificate is not used"); n != 1 {
				t.Errorf("the error is logged %d times, want once: %s", n, &f.log)
			}
			certtest.Write(t, f.dir, 2, f.now.Add(year))
			f.now = f.now.Add(time.Minute)
			if serial := f.serial(t); serial != "2" {
				t.Errorf("once it is corrected, the certificate is %s, want 2", serial)
			}
		})
	}
}

func TestAnExpiryIsLoggedOnceADay(t *testing.T) {
	for name, c := range map[string]struct {
		valid time.Duration
		want  string // at the start
		later string // two days later
	}{
		"valid for a year":     {year, "", ""},
		"expires in 15 days":   {15*24*time.Hour + time.Minute, "", "level=WARN"},
		"expires in 14 days":   {14 * 24 * time.Hour, "level=WARN", "level=WARN"},
		"expires in a day":     {24 * time.Hour, "level=WARN", "level=ERROR"},
		"expired an hour ago":  {-time.Hour, "level=ERROR", "level=ERROR"},
		"expires now, exactly": {0, "level=ERROR", "level=ERROR"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, c.valid)
			check := func(want string) {
				t.Helper()
				for range 2 {
					f.now = f.now.Add(time.Hour)
					f.Refresh()
				}
				log := f.log.String()
				if n := strings.Count(log, "level="); (want != "") != (n == 1) || !strings.Contains(log, want) {
					t.Errorf("the log is %q, want one line with %q", log, want)
				}
				f.log.Reset()
			}
			if c.want == "" && f.log.Len() > 0 {
				t.Errorf("the log is %s", &f.log)
			}
			if c.want == "" {
				f.now = f.now.Add(-2 * time.Hour)
			}
			check(c.want)
			f.now = f.now.Add(48 * time.Hour)
			check(c.later)
		})
	}
}

func TestTLSBelow12IsRefused(t *testing.T) {
	f := newFixture(t, year)
	if version := f.Config().MinVersion; version != tls.VersionTLS12 {
		t.Errorf("the least version is %x", version)
	}
}

func TestOpenReportsFilesThatAreNoPair(t *testing.T) {
	f := newFixture(t, year)
	other := t.TempDir()
	certtest.Write(t, other, 2, f.now.Add(year))
	for name, c := range map[string]struct{ cert, key, want string }{
		"no certificate": {f.file("none.pem"), f.file(certtest.KeyFile), "none.pem"},
		"no key":         {f.file(certtest.CertFile), f.file("none.pem"), "none.pem"},
		"another key":    {f.file(certtest.CertFile), filepath.Join(other, certtest.KeyFile), "private key does not match"},
		"swapped":        {f.file(certtest.KeyFile), f.file(certtest.CertFile), certtest.KeyFile},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := certificate.Open(c.cert, c.key, time.Now, slog.New(slog.DiscardHandler))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v, want one about %q", err, c.want)
			}
		})
	}
}
