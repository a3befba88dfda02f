package main_test

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// TestCommandsLeaveToAServerWhatItIsAtWorkOn has something apply in the account while
// commands do what they do beside a server: none of them fails because of it.
func TestCommandsLeaveToAServerWhatItIsAtWorkOn(t *testing.T) {
	t.Parallel()
	g := newPostgresGround(t)
	server, c := g.serve(t)
	for range 2 { // the second time it is a duplicate
		if err := c.convert("ORDER"); err != nil {
			t.Fatal(err)
		}
	}
	failed := c.queued[1]
	for status := ""; status != "Complete"; {
		var answer struct{ Status string }
		if err := c.do("GET", c.host+failed, nil, &answer); err != nil {
			t.Fatal(err)
		}
		status = answer.Status
	}
	g.stop(t, server)

	release := holdApplier(t, g.store[1])
	g.run(t, "submission", "retry", "--account", "1", "--reason", "a test", path.Base(failed))
	file := filepath.Join(t.TempDir(), "orders.csv")
	if err := os.WriteFile(file, []byte("CampaignId,EventTypeId,EventDate,OrderId,MediaPartnerId,ItemSku,ItemPrice,ItemQuantity,ItemCategory\n"+
		"1000,2240,2026-01-01T00:00:00Z,FILED,10,A,10.00,1,C\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	command := exec.Command(program, append([]string{"import", "--account", "1", file}, g.store...)...)
	command.Stdout, command.Stderr = &said, &said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	release()
	if err := command.Wait(); err != nil || !strings.Contains(said.String(), "1 rows, 0 errors") {
		t.Errorf("%v\n%s", err, said.String())
	}
	g.verify(t)
}
