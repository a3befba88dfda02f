package sqldb

import (
	"context"
	"errors"
	"testing"
)

// TestSlowReadersOfATenantDontBlockOthers starts more reads of a tenant than there are
// sessions, all of which block.
func TestSlowReadersOfATenantDontBlockOthers(t *testing.T) {
	db := open(t, t.TempDir())
	slow, cancel := context.WithCancel(t.Context())
	running, ended := make(chan bool, sqliteReaders), make(chan error, 2*sqliteReaders)
	for range 2 * sqliteReaders {
		go func() {
			ended <- db.Read(slow, 1, func(*Session) error {
				running <- true
				<-slow.Done()
				return nil
			})
		}()
	}
	for range sqliteReaders / 2 {
		<-running
	}
	if err := db.Read(t.Context(), 2, func(*Session) error { return nil }); err != nil {
		t.Error(err)
	}
	cancel()
	for range 2 * sqliteReaders {
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}
