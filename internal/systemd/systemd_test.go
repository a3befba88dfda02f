package systemd_test

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/trueup-ledger/trueup/internal/systemd"
)

func TestVariablesForAnotherProcessAreIgnored(t *testing.T) {
	t.Setenv("LISTEN_PID", strconv.Itoa(os.Getpid()+1))
	t.Setenv("LISTEN_FDS", "2")
	if sockets, err := systemd.Sockets(); err != nil || len(sockets) != 0 {
		t.Errorf("the sockets are %v, %v", sockets, err)
	}
	if os.Getenv("LISTEN_FDS") == "" {
		t.Error("the variables of another process are removed")
	}
}

func TestANumberOfSocketsThatIsNoneIsAnError(t *testing.T) {
	for _, number := range []string{"", "x", "-1", "17"} {
		t.Setenv("LISTEN_PID", strconv.Itoa(os.Getpid()))
		t.Setenv("LISTEN_FDS", number)
		if _, err := systemd.Sockets(); err == nil {
			t.Errorf("LISTEN_FDS=%q is accepted", number)
		}
		if _, set := os.LookupEnv("LISTEN_PID"); set {
			t.Error("a child process would inherit LISTEN_PID")
		}
	}
}

func TestNotifySendsTheStateToTheServiceManager(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	if err := systemd.Notify(systemd.Ready); err != nil {
		t.Errorf("without a service manager: %v", err)
	}
	address := filepath.Join(t.TempDir(), "notify")
	t.Setenv("NOTIFY_SOCKET", address)
	if err := systemd.Notify(systemd.Ready); err == nil {
		t.Error("a service manager that doesn't listen is no error")
	}
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: address, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := systemd.Notify(systemd.Stopping); err != nil {
		t.Fatal(err)
	}
	text := make([]byte, 100)
	n, err := conn.Read(text)
	if err != nil || string(text[:n]) != "STOPPING=1" {
		t.Errorf("the state is %q, %v", text[:n], err)
	}
}
