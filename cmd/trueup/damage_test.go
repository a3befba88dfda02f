package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAServerRefusesADamagedLog kills a server, flips a bit in the middle of its log, and
// recovers with the loss of some submissions.
func TestAServerRefusesADamagedLog(t *testing.T) {
	t.Parallel()
	h := newSQLiteHarness(t)
	p, c := h.serve(t)
	for i := range 20 {
		if err := c.convert(fmt.Sprintf("ORDER-%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.command.Wait() // it was killed
	dir := h.store[1]
	log, err := os.ReadFile(filepath.Join(dir, "trueup.db-wal"))
	if err != nil {
		t.Fatal(err)
	}
	log[len(log)/2] ^= 1
	if err := os.WriteFile(filepath.Join(dir, "trueup.db-wal"), log, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"serve", "--listen", "127.0.0.1:0"}, {"token", "create", "--account", "1"}, {"verify"}, {"recover"}} {
		out, err := exec.Command(program, append(args, h.store...)...).CombinedOutput()
		for _, want := range []string{"the write-ahead log is damaged", "acknowledged submissions", "may be missing", "recover --accept-loss", "send again"} {
			if err == nil || !strings.Contains(string(out), want) {
				t.Errorf("trueup %s: %v\n%s\nlacks %q", args[0], err, out, want)
			}
		}
	}
	if out := h.run(t, "recover", "--accept-loss"); !strings.Contains(out, "no violations") {
		t.Errorf("recover printed %s", out)
	}
	kept, err := filepath.Glob(filepath.Join(dir, "damaged-*", "trueup.db-wal"))
	if len(kept) != 1 || err != nil {
		t.Errorf("the kept logs are %q (%v)", kept, err)
	}
	if out := h.run(t, "recover"); !strings.Contains(out, "nothing to recover") {
		t.Errorf("recover printed %s", out)
	}
	p, c = h.serve(t)
	if err := c.convert("ORDER-AFTER"); err != nil {
		t.Error(err)
	}
	h.stop(t, p)
}
