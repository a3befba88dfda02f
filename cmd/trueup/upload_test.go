package main_test

import (
	"bytes"
	"crypto/ed25519"
	crand "crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"github.com/trueup-ledger/trueup/internal/testenv"
)

// TestKilledServerImportsUploadsOnce kills the server at random moments while it imports files that
// were uploaded over SFTP. Each of them adds one to a quantity.
func TestKilledServerImportsUploadsOnce(t *testing.T) {
	t.Parallel()
	h := newSQLiteHarness(t)
	folder, keys := t.TempDir(), t.TempDir()
	public, private, err := ed25519.GenerateKey(crand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.NewPublicKey(public)
	if err == nil {
		err = os.WriteFile(filepath.Join(keys, "1.pub"), ssh.MarshalAuthorizedKey(key), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	flags := []string{
		"--watch", folder, "--watch-settle", "1ms", "--sftp-listen", "127.0.0.1:0", "--sftp-keys", keys,
		"--sftp-host-key", filepath.Join(t.TempDir(), "host_key"),
	}
	rounds, each, uploaded := testenv.Scale(4, 20), 15, 0
	order := countedOrders[0].Get("OrderId")
	for round := range rounds {
		p, c := h.serve(t, flags...)
		if round == 0 {
			c.convertCounted()
		}
		client := h.sftp(t, private)
		for range each {
			uploaded++
			content := fmt.Sprintf("ActionTrackerId,OrderId,Sku,QuantityDelta,Reason,Number\n2240,%s,COUNTER,1,ORDER_UPDATE,%d\n", order, uploaded)
			if err := uploadFile(client, fmt.Sprintf("in/%d.csv", uploaded), content); err != nil {
				t.Fatal(err)
			}
		}
		<-time.After(time.Duration(rand.IntN(1500)) * time.Millisecond)
		if err := p.command.Process.Signal(syscall.SIGKILL); err != nil {
			t.Error(err)
		}
		_ = p.command.Wait()
		h.verify(t)
	}

	p, c := h.serve(t, flags...)
	client := h.sftp(t, private)
	for i := 1; i <= uploaded; i++ {
		checkResult(t, client, fmt.Sprintf("done/%d.csv.result.json", i))
	}
	if got := c.added(order); got != uploaded {
		t.Errorf("%d files added %d", uploaded, got)
	}
	for name, want := range map[string]int{"in": 0, "done": 2 * uploaded, "failed": 0} {
		if files, err := client.ReadDir(name); err != nil || len(files) != want {
			t.Errorf("%s has %d files, want %d, %v", name, len(files), want, err)
		}
	}
	h.stop(t, p)
}

// sftp returns a client of the server that was started last.
func (h *harness) sftp(t *testing.T, private ed25519.PrivateKey) *sftp.Client {
	t.Helper()
	log, err := os.ReadFile(h.log.Name())
	if err != nil {
		t.Fatal(err)
	}
	address := ""
	for line := range bytes.Lines(log) {
		var entry struct{ Msg, Address string }
		if json.Unmarshal(line, &entry) == nil && entry.Msg == "serving SFTP" {
			address = entry.Address
		}
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := ssh.Dial("tcp", address, &ssh.ClientConfig{
		User: "1", Auth: []ssh.AuthMethod{ssh.PublicKeys(signer)}, HostKeyCallback: ssh.InsecureIgnoreHostKey(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	client, err := sftp.NewClient(conn)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// uploadFile uploads a file over SFTP.
func uploadFile(client *sftp.Client, name, content string) error {
	f, err := client.Create(name)
	if err != nil {
		return err
	}
	_, err = f.Write([]byte(content))
	return errors.Join(err, f.Close())
}

// checkResult waits until a file has a result, and checks it.
func checkResult(t *testing.T, client *sftp.Client, name string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; {
		f, err := client.Open(name)
		if errors.Is(err, fs.ErrNotExist) && time.Now().Before(deadline) {
			<-time.After(10 * time.Millisecond)
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var r struct {
			Status                    string
			TotalRecords, TotalErrors int
		}
		if err := errors.Join(json.NewDecoder(f).Decode(&r), f.Close()); err != nil || r.Status != "Complete" || r.TotalRecords != 1 || r.TotalErrors != 0 {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		return
	}
}
