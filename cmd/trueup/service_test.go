package main_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/certificate/certtest"
)

// inheritable returns a listening socket on a free port for another process, and its address.
func inheritable(t *testing.T) (*os.File, string) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	file, err := l.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil { // the file keeps the socket open
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file, l.Addr().String()
}

// service is a server that is started as systemd does.
type service struct {
	*exec.Cmd
	protocol, admin string
	log             strings.Builder
	states          *net.UnixConn
}

// startService starts serve with inherited sockets for both listeners.
func startService(t *testing.T, env ...string) *service {
	t.Helper()
	address := filepath.Join(t.TempDir(), "notify")
	states, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: address, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = states.Close() })
	s := &service{states: states}
	var protocol, admin *os.File
	protocol, s.protocol = inheritable(t)
	admin, s.admin = inheritable(t)
	// The shell keeps its process id for the program.
	s.Cmd = exec.Command("sh", "-c", `LISTEN_PID=$$ exec "$0" serve`, program)
	s.ExtraFiles, s.Stderr = []*os.File{admin, protocol}, &s.log
	s.Env = append(os.Environ(), "LISTEN_FDS=2", "LISTEN_FDNAMES=admin:trueup", "NOTIFY_SOCKET="+address)
	s.Env = append(s.Env, env...)
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	return s
}

// state returns the next state of which the service notified systemd.
func (s *service) state(t *testing.T) string {
	t.Helper()
	if err := s.states.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	text := make([]byte, 100)
	n, err := s.states.Read(text)
	if err != nil {
		t.Fatalf("no state: %v\n%s", err, s.log.String())
	}
	return string(text[:n])
}

func TestServeRunsUnderSystemd(t *testing.T) {
	dir := t.TempDir()
	cert := certtest.Write(t, dir, 1, time.Now().AddDate(0, 0, 7))
	config := filepath.Join(dir, "trueup.yaml")
	text := fmt.Sprintf("data: ledger\ntls_cert: %s\ntls_key: %s\naccess_log: true\nlog_format: text\n", certtest.CertFile, certtest.KeyFile)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startService(t, "TRUEUP_CONFIG="+config)
	if state := s.state(t); state != "READY=1" {
		t.Fatalf("the first state is %q", state)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true}
	transport.TLSClientConfig.RootCAs.AddCert(cert)
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	for url, status := range map[string]int{
		"https://" + s.protocol + "/readyz":          http.StatusOK,
		"https://" + s.admin + "/admin/v1/accounts":  http.StatusUnauthorized,
		"https://" + s.protocol + "/admin/v1/tokens": http.StatusNotFound,
	} {
		resp, err := client.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != status || resp.ProtoMajor != 2 {
			t.Errorf("%s: status %d with %s, want %d with HTTP/2", url, resp.StatusCode, resp.Proto, status)
		}
	}
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if state := s.state(t); state != "STOPPING=1" {
		t.Errorf("the second state is %q", state)
	}
	if err := s.Wait(); err != nil {
		t.Errorf("the service failed: %v", err)
	}
	for _, want := range []string{"the TLS certificate expires soon", "msg=request", "path=/readyz protocol=HTTP/2.0", "msg=stopped"} {
		if !strings.Contains(s.log.String(), want) {
			t.Errorf("the log has no %q:\n%s", want, s.log.String())
		}
	}
}

func TestTheLogHoldsNoSecrets(t *testing.T) {
	h := newSQLiteHarness(t)
	p, err := start(program, "", nil, h.log, "TRUEUP_URL",
		append([]string{"serve", "--listen", "127.0.0.1:0", "--access-log", "--log-level", "debug"}, h.store...)...)
	if err != nil {
		t.Fatal(err)
	}
	url := p.env["TRUEUP_URL"] + "/Advertisers/" + h.sid + "/Actions?AuthToken=" + h.secret
	for _, c := range []credentials{h.credentials, {h.sid, "wrong-" + h.secret}, {h.secret, h.sid}} {
		req, err := c.request(http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
	}
	h.stop(t, p)
	log, err := os.ReadFile(h.log.Name())
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(log), `"msg":"request"`); n != 3 {
		t.Errorf("%d requests are logged, want 3: %s", n, log)
	}
	for _, secret := range []string{h.secret, "AuthToken", "Basic", "Authorization"} {
		if strings.Contains(string(log), secret) {
			t.Errorf("the log holds %s: %s", secret, log)
		}
	}
}
