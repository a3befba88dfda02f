package server

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/certificate"
	"github.com/trueup-ledger/trueup/internal/certificate/certtest"
	"github.com/trueup-ledger/trueup/internal/forwarded"
)

// startServer serves the handler on a free port until the end of the test, and returns the URL.
func startServer(t *testing.T, c Config, handler http.Handler) string {
	t.Helper()
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv, served := c.newServer(handler, c.TLS), make(chan error, 1)
	go func() { served <- serve(srv, l) }()
	t.Cleanup(func() {
		shutdown(context.WithoutCancel(t.Context()), []*http.Server{srv}, c.Log)
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return c.urlOf(listeners{l}, 0)
}

// newClient returns a client that speaks the protocols and trusts the certificates.
func newClient(t *testing.T, protocols func(*http.Protocols), trusted ...*x509.Certificate) *http.Client {
	t.Helper()
	transport := &http.Transport{Protocols: new(http.Protocols), TLSClientConfig: &tls.Config{RootCAs: x509.NewCertPool()}}
	protocols(transport.Protocols)
	for _, cert := range trusted {
		transport.TLSClientConfig.RootCAs.AddCert(cert)
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func http1(p *http.Protocols) { p.SetHTTP1(true) }
func http2(p *http.Protocols) { p.SetHTTP2(true) }
func h2c(p *http.Protocols)   { p.SetUnencryptedHTTP2(true) }

// get returns the body of a response, and the serial number of the certificate.
func get(t *testing.T, client *http.Client, url string) (body, serial string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.TLS != nil {
		serial = fmt.Sprint(resp.TLS.PeerCertificates[0].SerialNumber)
	}
	return string(text), serial
}

// echo responds with the protocol of the request and the address of the caller.
var echo = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto, " ", r.RemoteAddr) })

func TestListenersSpeakHTTP1AndHTTP2(t *testing.T) {
	dir := t.TempDir()
	cert := certtest.Write(t, dir, 1, time.Now().AddDate(1, 0, 0))
	file, err := certificate.Open(filepath.Join(dir, certtest.CertFile), filepath.Join(dir, certtest.KeyFile), time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		tls       *certificate.File
		protocols func(*http.Protocols)
		want      string
	}{
		"HTTP/1.1":          {nil, http1, "HTTP/1.1"},
		"HTTP/2":            {nil, h2c, "HTTP/2.0"},
		"HTTP/1.1 over TLS": {file, http1, "HTTP/1.1"},
		"HTTP/2 over TLS":   {file, http2, "HTTP/2.0"},
	} {
		t.Run(name, func(t *testing.T) {
			url := startServer(t, Config{TLS: c.tls}, echo)
			if body, _ := get(t, newClient(t, c.protocols, cert), url); !strings.HasPrefix(body, c.want+" ") {
				t.Errorf("the server received %q, want %s", body, c.want)
			}
		})
	}
}

func TestTLSBelow12AndPlainHTTPAreRefused(t *testing.T) {
	dir := t.TempDir()
	cert := certtest.Write(t, dir, 1, time.Now().AddDate(1, 0, 0))
	file, err := certificate.Open(filepath.Join(dir, certtest.CertFile), filepath.Join(dir, certtest.KeyFile), time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	url := startServer(t, Config{TLS: file}, echo)
	client := newClient(t, http1, cert)
	client.Transport.(*http.Transport).TLSClientConfig.MaxVersion = tls.VersionTLS11
	for url, client := range map[string]*http.Client{url: client, strings.Replace(url, "https:", "http:", 1): newClient(t, http1)} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			continue
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d", url, resp.StatusCode)
		}
	}
}

func TestNewConnectionsUseANewCertificateAndOldOnesGoOn(t *testing.T) {
	dir, expires := t.TempDir(), time.Now().AddDate(1, 0, 0)
	var skipped atomic.Int64 // time that has passed for the certificate
	now := func() time.Time { return time.Now().Add(time.Duration(skipped.Load())) }
	cert1 := certtest.Write(t, dir, 1, expires)
	file, err := certificate.Open(filepath.Join(dir, certtest.CertFile), filepath.Join(dir, certtest.KeyFile), now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	started, release := make(chan struct{}), make(chan struct{})
	url := startServer(t, Config{TLS: file}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			close(started)
			<-release
		}
		echo(w, r)
	}))
	for name, protocols := range map[string]func(*http.Protocols){"HTTP/1.1": http1, "HTTP/2": http2} {
		before := newClient(t, protocols, cert1)
		if _, serial := get(t, before, url); serial != "1" {
			t.Fatalf("%s: the certificate is %s", name, serial)
		}
		if name == "HTTP/2" {
			defer func() {
				if _, serial := get(t, before, url); serial != "1" {
					t.Errorf("the open connection has certificate %s", serial)
				}
			}()
		}
	}
	slow := make(chan string, 1)
	go func() {
		resp, err := newClient(t, http1, cert1).Get(url + "/slow")
		if err != nil {
			slow <- err.Error()
			return
		}
		_ = resp.Body.Close()
		slow <- resp.Status
	}()
	<-started
	cert2 := certtest.Write(t, dir, 2, expires)
	skipped.Store(int64(time.Minute))
	for name, protocols := range map[string]func(*http.Protocols){"HTTP/1.1": http1, "HTTP/2": http2} {
		if _, serial := get(t, newClient(t, protocols, cert2), url); serial != "2" {
			t.Errorf("%s: a new connection has certificate %s, want 2", name, serial)
		}
	}
	close(release)
	if status := <-slow; status != "200 OK" {
		t.Errorf("the request in flight ended with %s", status)
	}
}

func TestTheAccessLogNamesTheCallerAndNoSecrets(t *testing.T) {
	var log bytes.Buffer
	c := Config{
		AccessLog: true, Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Proxies: forwarded.Proxies{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Header: forwarded.XForwardedFor},
	}
	srv := c.newServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Request-Id", "the-request")
		w.WriteHeader(http.StatusTeapot)
		fmt.Fprint(w, "short")
	}), nil)
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- serve(srv, l) }()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.Addr().String()+"/Advertisers/SID/Actions?AuthToken=secret1", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth("SID", "secret2")
	req.Header.Set("X-Api-Key", "secret3")
	req.Header.Set("X-Forwarded-For", "198.51.100.7")
	resp, err := newClient(t, http1).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	shutdown(context.WithoutCancel(t.Context()), []*http.Server{srv}, c.Log)
	<-served
	for _, want := range []string{"method=GET", "path=/Advertisers/SID/Actions", "protocol=HTTP/1.1", "caller=198.51.100.7:0", "status=418", "bytes=5", "request=the-request", "aborted=false"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log has no %s: %s", want, &log)
		}
	}
	for _, secret := range []string{"secret", "Authorization", "U0lEOnNlY3JldDI=", "AuthToken"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log has %s: %s", secret, &log)
		}
	}
}
