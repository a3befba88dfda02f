package watchfolder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
	"github.com/trueup-ledger/trueup/ledger"
)

// fixture is a watched folder with the account of the demo.
type fixture struct {
	*testing.T
	*Watcher
	st store.Store
	// folder is the folder of the account.
	folder string
	log    *strings.Builder
	// rejected holds the accounts of the files that the inbox of newFolder rejected.
	rejected []int64
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	st, err := sqlstore.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(storetest.Verify(context.Background(), st), st.Close()); err != nil {
			t.Error(err)
		}
	})
	event := store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "test"}, Operation: "test"}
	reference, err := refdata.Parse(demo.ReferenceName, []byte(demo.Reference))
	if err == nil {
		_, err = reference.Record(t.Context(), st, time.Now(), event)
	}
	if err != nil {
		t.Fatal(err)
	}
	roles := st.Roles()
	inbox := batchfile.New(roles, time.Now, slog.New(slog.DiscardHandler), func(account int64) {
		for n := 1; n > 0 && err == nil; {
			n, err = roles.Apply(context.Background(), account, time.Now(), store.MaxBatch, ledger.Decide)
		}
	})
	t.Cleanup(func() { inbox.Stop(context.Background()) })
	f := newFolder(t)
	f.st, f.Store, f.Inbox = roles, roles, inbox
	return f
}

// newFolder returns a fixture without a store. Its inbox rejects all files.
func newFolder(t *testing.T) *fixture {
	t.Helper()
	var log strings.Builder
	f := &fixture{T: t, folder: filepath.Join(t.TempDir(), fmt.Sprint(demo.Account)), log: &log}
	f.Watcher = New(Config{
		Dir: filepath.Dir(f.folder), Inbox: recordingInbox{&f.rejected}, Store: twoAccounts{}, Check: func() error { return nil },
		Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	for _, name := range folders {
		if err := os.MkdirAll(filepath.Join(f.folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// twoAccounts is a store with the account of the demo and another one.
type twoAccounts struct{ Store }

const otherAccount = 2

func (twoAccounts) Accounts(context.Context) ([]int64, error) {
	return []int64{demo.Account, otherAccount}, nil
}

func (twoAccounts) HashKey(context.Context, int64) ([]byte, error) { return nil, nil }

func (twoAccounts) FindKey(context.Context, int64, time.Time, store.Key) (store.KeyUse, error) {
	return store.KeyUse{}, ledger.ErrNotFound
}

// recordingInbox rejects each file and records its account.
type recordingInbox struct{ accounts *[]int64 }

func (in recordingInbox) Accept(_ context.Context, account int64, _ store.NewFile) (batchfile.Accepted, error) {
	*in.accounts = append(*in.accounts, account)
	return batchfile.Accepted{}, store.UnusableFileError("unusable")
}

// restart replaces the watcher with a new one, as after a crash.
func (f *fixture) restart() { f.Watcher = New(f.Config) }

// put writes a file below the folder of the account.
func (f *fixture) put(name, content string) {
	f.Helper()
	if err := os.WriteFile(filepath.Join(f.folder, name), []byte(content), 0o600); err != nil {
		f.Fatal(err)
	}
}

// list returns the names of the files in a folder of the account.
func (f *fixture) list(folder string) string {
	f.Helper()
	entries, err := os.ReadDir(filepath.Join(f.folder, folder))
	if err != nil {
		f.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

// read returns the content of a file below the folder of the account.
func (f *fixture) read(name string) string {
	f.Helper()
	content, err := os.ReadFile(filepath.Join(f.folder, name))
	if err != nil {
		f.Fatal(err)
	}
	return string(content)
}

// until looks into the folder until the condition is true.
func (f *fixture) until(is func() bool) {
	f.Helper()
	for deadline := time.Now().Add(time.Minute); !is(); {
		if !f.look(f.Context()) {
			<-time.After(time.Millisecond)
		}
		if time.Now().After(deadline) {
			f.Fatalf("in: %s; working: %s; done: %s; failed: %s\n%s", f.list(In), f.list(working), f.list(Done), f.list(Failed), f.log)
		}
	}
}

// result returns the result in a file, once it is there.
func (f *fixture) result(name string) (r Result) {
	f.Helper()
	f.until(func() bool {
		_, err := os.Stat(filepath.Join(f.folder, name))
		return err == nil
	})
	if err := json.Unmarshal([]byte(f.read(name)), &r); err != nil {
		f.Fatal(err)
	}
	return r
}

// files returns the names of the files that the ledger accepted, in their order.
func (f *fixture) files() (names []string) {
	f.Helper()
	err := f.st.Read(f.Context(), demo.Account, func(r store.Reader) error {
		_, files, err := r.BatchFiles().Files(search.FileFilter{}, search.Page{Number: 1, Size: 100})
		if err != nil {
			return err
		}
		for file, err := range files {
			if err != nil {
				return err
			}
			names = append(names, file.Name)
		}
		return nil
	})
	if err != nil {
		f.Fatal(err)
	}
	slices.Reverse(names)
	return names
}

// order returns a file with an order.
func order(id string) string {
	return "CampaignId,EventTypeId,EventDate,OrderId,MediaPartnerId,ItemSku,ItemQuantity,ItemSubTotal\n1000,2240,NOW," + id + ",10001,a,9,9.00\n"
}

const changes = "ActionTrackerId,OrderId,Sku,Quantity,Shelf,Reason\n"
