// Package certificate serves a TLS certificate from two files and reads them again when they
// change.
package certificate

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// checkInterval is the least time between two looks at the files.
	checkInterval = time.Second
	// expiryWarning is the time before the expiry from which on it is logged.
	expiryWarning = 14 * 24 * time.Hour
	// warnInterval is the time between two warnings of an expiry.
	warnInterval = 24 * time.Hour
)

// File is a certificate and its key in PEM files. Its methods may be called concurrently.
type File struct {
	certFile, keyFile string
	now               func() time.Time
	log               *slog.Logger
	current           atomic.Pointer[tls.Certificate]

	mu sync.Mutex
	// checked is the time of the last look at the files, and seen their state then, whether or
	// not they were a valid pair.
	checked time.Time
	seen    [2]os.FileInfo
	// warned is the time of the last warning of an expiry.
	warned time.Time
}

// Open reads a certificate and its key. An expired certificate is logged and not an error.
func Open(certFile, keyFile string, now func() time.Time, log *slog.Logger) (*File, error) {
	f := &File{certFile: certFile, keyFile: keyFile, now: now, log: log, checked: now()}
	seen, err := f.stat()
	if err != nil {
		return nil, err
	}
	f.seen = seen
	if err := f.load(); err != nil {
		return nil, err
	}
	f.warn(f.checked)
	return f, nil
}

// Config returns a configuration for servers that use the certificate. New handshakes use a
// changed certificate; connections keep theirs.
func (f *File) Config() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			f.Refresh()
			return f.current.Load(), nil
		},
	}
}

// Leaf returns the subject and the expiry of the certificate in use.
func (f *File) Leaf() (subject string, expires time.Time) {
	leaf := f.current.Load().Leaf
	return leaf.Subject.String(), leaf.NotAfter
}

// Refresh reads the files if they changed, and warns of an expiry once a day. If the new files
// are no valid pair, it logs that, and the certificate in use stays. It looks at the files at
// most once a second.
func (f *File) Refresh() {
	if !f.mu.TryLock() {
		return // another caller is at it
	}
	defer f.mu.Unlock()
	now := f.now()
	if d := now.Sub(f.checked); d >= 0 && d < checkInterval {
		return
	}
	f.checked = now
	if err := f.reload(); err != nil {
		f.log.Error("the new TLS certificate is not used: the one before stays", "error", err)
	}
	f.warn(now)
}

// reload reads the files if they are not those that were seen last.
func (f *File) reload() error {
	seen, err := f.stat()
	if err != nil {
		if f.seen == seen { // logged before
			return nil
		}
		f.seen = seen
		return err
	}
	if same(f.seen[0], seen[0]) && same(f.seen[1], seen[1]) {
		return nil
	}
	f.seen = seen
	if err := f.load(); err != nil {
		return err
	}
	f.warned = time.Time{}
	subject, expires := f.Leaf()
	f.log.Info("using a new TLS certificate", "file", f.certFile, "subject", subject, "expires", expires)
	return nil
}

// load reads the pair.
func (f *File) load() error {
	pair, err := tls.LoadX509KeyPair(f.certFile, f.keyFile)
	if err != nil {
		return fmt.Errorf("read the TLS certificate %s with the key %s: %w", f.certFile, f.keyFile, err)
	}
	f.current.Store(&pair)
	return nil
}

// stat returns the state of both files, without files if it fails.
func (f *File) stat() (seen [2]os.FileInfo, err error) {
	for i, name := range []string{f.certFile, f.keyFile} {
		if seen[i], err = os.Stat(name); err != nil {
			return [2]os.FileInfo{}, fmt.Errorf("read the TLS certificate: %w", err)
		}
	}
	return seen, nil
}

// same reports whether a file has not changed.
func same(before, after os.FileInfo) bool {
	return before != nil && os.SameFile(before, after) && before.Size() == after.Size() && before.ModTime().Equal(after.ModTime())
}

// warn logs an expiry that is near or past.
func (f *File) warn(now time.Time) {
	subject, expires := f.Leaf()
	left := expires.Sub(now)
	if left > expiryWarning || now.Sub(f.warned) < warnInterval {
		return
	}
	f.warned = now
	if left <= 0 {
		f.log.Error("the TLS certificate has expired: replace its files", "file", f.certFile, "subject", subject, "expired", expires)
		return
	}
	f.log.Warn("the TLS certificate expires soon: replace its files", "file", f.certFile, "subject", subject, "expires", expires)
}
