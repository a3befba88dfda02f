package watchfolder

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/store"
)

// crashingInbox accepts a file and fails then, as a process that is killed after the commit.
type crashingInbox struct{ Inbox }

func (in crashingInbox) Accept(ctx context.Context, account int64, f store.NewFile) (batchfile.Accepted, error) {
	_, err := in.Inbox.Accept(ctx, account, f)
	return batchfile.Accepted{}, errors.Join(err, errors.New("killed"))
}

func TestACrashAfterTheCommitImportsAFileOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	inbox := f.Inbox
	f.Inbox = crashingInbox{inbox}
	f.put("in/a.csv", order("K-1")+"1000,2240,NOW,K-2,10001,a,x,1\n")
	f.until(func() bool { return len(f.files()) == 1 })
	f.Inbox = inbox
	f.restart()
	if r := f.result("failed/a.csv.result.json"); r.Records != 2 || r.Errors != 1 || r.Format == "" {
		t.Errorf("result is %+v", r)
	}
	if got := f.files(); len(got) != 1 {
		t.Errorf("accepted files are %q", got)
	}
}

func TestACrashWhileAResultIsPublished(t *testing.T) {
	t.Parallel()
	published := []string{"failed/a.csv", "failed/a.csv.failed.csv", "failed/a.csv.result.json"}
	private := []string{"working/token/a.csv", "working/token/.failed.csv", "working/token/.result.json"}
	f := newFixture(t)
	f.put("in/a.csv", order("P-1")+"1000,2240,NOW,P-2,10001,a,x,1\n")
	want := f.result(published[2])
	for moved := range published {
		f.until(func() bool { return f.list(working) == "" })
		f.restart()
		if err := os.Mkdir(filepath.Join(f.folder, "working/token"), 0o700); err != nil {
			t.Fatal(err)
		}
		for i := moved; i < len(published); i++ {
			if err := os.Rename(filepath.Join(f.folder, published[i]), filepath.Join(f.folder, private[i])); err != nil {
				t.Fatal(err)
			}
		}
		f.until(func() bool { return f.list(working) == "" })
		if got := f.result(published[2]); got.BatchID != want.BatchID || f.list(Failed) != "a.csv a.csv.failed.csv a.csv.result.json" {
			t.Errorf("after %d moves, failed has %s, result %+v", moved, f.list(Failed), got)
		}
	}
}

func TestACrashBeforeTheFileIsMovedLeavesNothing(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	if err := os.Mkdir(filepath.Join(f.folder, "working/token"), 0o700); err != nil {
		t.Fatal(err)
	}
	f.put("working/token/.result.json.tmp", "{")
	f.until(func() bool { return f.list(working) == "" })
}

// failingInbox fails a number of times.
type failingInbox struct {
	Inbox
	failures *int
}

func (in failingInbox) Accept(ctx context.Context, account int64, f store.NewFile) (batchfile.Accepted, error) {
	if *in.failures > 0 {
		*in.failures--
		return batchfile.Accepted{}, errors.New("no space left on device")
	}
	return in.Inbox.Accept(ctx, account, f)
}

func TestErrorsAreLoggedAndRetriedLessOften(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	failures := 8
	f.Inbox = failingInbox{f.Inbox, &failures}
	now := time.Now()
	f.now = func() time.Time { return now }
	f.put("in/a.csv", order("E-1"))
	looks := 0
	f.until(func() bool {
		now = now.Add(time.Second)
		looks++
		return failures == 0
	})
	if looks < 100 || strings.Count(f.log.String(), "no space left on device") != 8 || !strings.Contains(f.log.String(), "retry_in=1m0s") {
		t.Errorf("%d looks, the log is\n%s", looks, f.log)
	}
	f.until(func() bool {
		now = now.Add(time.Second)
		return strings.Contains(f.list(Failed), "a.csv.result.json")
	})
}

func TestNothingIsAcceptedWhileTheClockIsNotTrusted(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	jumped := errors.New("the clock has jumped")
	f.Check = func() error { return jumped }
	f.put("in/a.csv", order("J-1"))
	for range 3 {
		if f.look(t.Context()) {
			t.Error("a look has more to do")
		}
	}
	if f.list(In) != "a.csv" {
		t.Errorf("in has %q", f.list(In))
	}
	jumped = nil
	f.result("failed/a.csv.result.json")
}

func TestAFileWhoseNameIsNotUTF8IsKept(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"a\xff.csv": "failed/a_.csv", "\xfe": "failed/_"} {
		f := newFolder(t)
		f.put("in/"+name, "content")
		if r := f.result(want + ".result.json"); r.File != want || f.read(want) != "content" {
			t.Errorf("%q: result is %+v", name, r)
		}
	}
}

// brokenFolder is an inbox that removes a folder and rejects the file.
type brokenFolder struct {
	Inbox
	folder string
}

func (in brokenFolder) Accept(ctx context.Context, account int64, f store.NewFile) (batchfile.Accepted, error) {
	_ = os.Remove(in.folder)
	return in.Inbox.Accept(ctx, account, f)
}

func TestAFileIsKeptWhenItsFolderIsRemoved(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.Inbox = brokenFolder{f.Inbox, filepath.Join(f.folder, Failed)}
	f.put("in/a.csv", "content")
	if f.result("failed/a.csv.result.json"); f.read("failed/a.csv") != "content" {
		t.Error("the file has another content")
	}
}

func TestAFileThatIsNotOfTheClaimIsKept(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	if err := os.MkdirAll(filepath.Join(f.folder, "working/token"), 0o700); err != nil {
		t.Fatal(err)
	}
	f.put("working/token/.other", "content")
	f.put("in/a.csv", "content")
	f.result("failed/a.csv.result.json") // it doesn't stop the account
	if f.list("working/token") != ".other" || !strings.Contains(f.log.String(), "directory not empty") {
		t.Errorf("working has %q, the log is\n%s", f.list("working/token"), f.log)
	}
}

func TestAResultThatWasNotPublishedKeepsItsName(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	for _, token := range []string{"1", "2"} {
		if err := os.MkdirAll(filepath.Join(f.folder, "working", token), 0o700); err != nil {
			t.Fatal(err)
		}
		f.put("working/"+token+"/a.csv", token)
	}
	f.put("working/2/.result.json", `{"FileName":"a.csv","File":"failed/a.csv","Status":"Rejected"}`)
	f.until(func() bool { return f.list(working) == "" })
	if got := f.read("failed/a.csv") + f.read("failed/a-1.csv"); got != "21" {
		t.Errorf("the files are %q", got)
	}
}

func TestAFileThatIsStuckDoesNotStopItsAccount(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	now := time.Now()
	f.now = func() time.Time { return now }
	if err := os.MkdirAll(filepath.Join(f.folder, "working/1"), 0o700); err != nil {
		t.Fatal(err)
	}
	f.put("working/1/a.csv", "stuck")
	f.put("working/1/.result.json", "broken")
	f.put("in/b.csv", "content")
	for range 100 {
		now = now.Add(time.Second)
		f.look(t.Context())
	}
	if f.list(Failed) != "b.csv b.csv.result.json" || f.list("working/1") != ".result.json a.csv" {
		t.Errorf("failed has %s, working/1 %s", f.list(Failed), f.list("working/1"))
	}
	if n := strings.Count(f.log.String(), "file=a.csv"); n < 5 || n > 9 {
		t.Errorf("the log is\n%s", f.log)
	}
	f.put("working/1/.result.json", `{"FileName":"a.csv","File":"failed/b.csv","Status":"Rejected"}`)
	now = now.Add(maxRetry)
	f.until(func() bool { return f.list(working) == "" })
	if r := f.result("failed/b-1.csv.result.json"); f.read("failed/b.csv") != "content" || f.read("failed/b-1.csv") != "stuck" || r.File != "failed/b-1.csv" {
		t.Errorf("failed has %s", f.list(Failed))
	}
}

func TestAFileThatChangesAfterACrashWasAccepted(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"another row": order("X-1") + "1000,2240,NOW,X-2,10001,a,9,9.00\n", "no columns": "a,b\n1,2\n"} {
		f := newFixture(t)
		inbox := f.Inbox
		f.Inbox = crashingInbox{inbox}
		f.put("in/a.csv", order("X-1"))
		f.until(func() bool { return len(f.files()) == 1 })
		f.put("working/"+f.list(working)+"/a.csv", content)
		f.Inbox = inbox
		f.restart()
		r := f.result("failed/a.csv.result.json")
		if r.Status != StatusComplete || r.Message != changedMessage || r.Records != 1 || r.Completed.IsZero() || !strings.HasPrefix(r.BatchID, "F-") || len(f.files()) != 1 {
			t.Errorf("%s: result is %+v", name, r)
		}
	}
}

// unreadable fails to read the file in a folder, as a broken disk.
func unreadable(dir *os.Root, name string) (*os.File, os.FileInfo, error) {
	if strings.HasPrefix(name, working) && strings.HasSuffix(name, "/a.csv") {
		return nil, nil, &os.PathError{Op: "read", Path: name, Err: syscall.EIO}
	}
	return OpenFile(dir, name)
}

func TestAFileThatCannotBeReadIsGivenUp(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	now, looks := time.Now(), 0
	f.now = func() time.Time { return now }
	f.open = unreadable
	f.put("in/a.csv", "content")
	f.put("in/b.csv", "content")
	f.until(func() bool {
		now = now.Add(time.Second)
		looks++
		return strings.Count(f.list(Failed), ".csv.result.json") == 2
	})
	r := f.result("failed/a.csv.result.json")
	if r.Status != StatusRejected || r.Message != "The file can't be read: input/output error" || f.read("failed/a.csv") != "content" || looks < 200 {
		t.Errorf("after %d looks, result is %+v", looks, r)
	}
}

func TestAnAcceptedFileThatCannotBeReadIsFinished(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	now := time.Now()
	f.now = func() time.Time { return now }
	f.put("in/a.csv", order("U-1")+"1000,2240,NOW,U-2,10001,a,x,1\n")
	f.until(func() bool { return len(f.files()) == 1 })
	f.open = unreadable
	f.until(func() bool {
		now = now.Add(time.Second)
		return strings.Contains(f.list(Failed), "a.csv.result.json")
	})
	r := f.result("failed/a.csv.result.json")
	if r.Status != StatusComplete || r.Message != "The file can't be read: input/output error" || r.Errors != 1 || len(r.Failed) != 1 || r.ErrorsFile != "" {
		t.Errorf("result is %+v", r)
	}
}

func TestAbandonedUploadsAreRemoved(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.put("uploads/old", "content")
	f.put("uploads/new", "content")
	old := time.Now().Add(-abandoned - time.Minute)
	if err := os.Chtimes(filepath.Join(f.folder, "uploads/old"), old, old); err != nil {
		t.Fatal(err)
	}
	if f.look(t.Context()); f.list(Uploads) != "new" {
		t.Errorf("uploads has %s", f.list(Uploads))
	}
}
