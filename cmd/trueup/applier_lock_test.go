package main_test

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// TestCommandsTolerateAnotherApplier runs commands while another process holds the applier
// lock of the account. None of them fails.
func TestCommandsTolerateAnotherApplier(t *testing.T) {
	t.Parallel()
	h := newPostgresHarness(t)
	server, c := h.serve(t)
	for range 2 { // the second one is a duplicate
		if err := c.convert("ORDER"); err != nil {
			t.Fatal(err)
		}
	}
	failed := c.queued[1]
	for status := ""; status != "Complete"; {
		var response struct{ Status string }
		if err := c.do("GET", c.host+failed, nil, &response); err != nil {
			t.Fatal(err)
		}
		status = response.Status
	}
	h.stop(t, server)

	release := holdApplier(t, h.store[1])
	h.run(t, "submission", "retry", "--account", "1", "--reason", "a test", path.Base(failed))
	file := filepath.Join(t.TempDir(), "orders.csv")
	if err := os.WriteFile(file, []byte("CampaignId,EventTypeId,EventDate,OrderId,MediaPartnerId,ItemSku,ItemPrice,ItemQuantity,ItemCategory\n"+
		"1000,2240,2026-01-01T00:00:00Z,FILED,10,A,10.00,1,C\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var output strings.Builder
	command := exec.Command(program, append([]string{"import", "--account", "1", file}, h.store...)...)
	command.Stdout, command.Stderr = &output, &output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	release()
	if err := command.Wait(); err != nil || !strings.Contains(output.String(), "1 rows, 0 errors") {
		t.Errorf("%v\n%s", err, output.String())
	}
	h.verify(t)
}
