package watchfolder

import (
	"context"
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
	"github.com/trueup-ledger/trueup/ledger"
)

func TestFilesAreImportedAndMovedBesideTheirResults(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.put("in/a.csv", order("A-1"))
	r := f.result("done/a.csv.result.json")
	if r.FileName != "a.csv" || r.File != "done/a.csv" || r.Status != StatusComplete || r.Type != ledger.KindConversion ||
		r.Records != 1 || r.Errors != 0 || r.Format != "commas, UTF-8, 8 columns" || r.ErrorsFile != "" || r.Completed.IsZero() || !strings.HasPrefix(r.BatchID, "F-") {
		t.Errorf("result is %+v", r)
	}
	if f.read("done/a.csv") != order("A-1") {
		t.Error("the file has changed")
	}
	f.put("in/b.csv", changes+"2240,A-1,a,1,X,ORDER_UPDATE\n2240,A-1,a,x,,ORDER_UPDATE\n2240,A-2,a,1,,ORDER_UPDATE\n")
	r = f.result("failed/b.csv.result.json")
	if r.Status != StatusComplete || r.Records != 3 || r.Errors != 2 || r.ErrorsFile != "failed/b.csv.failed.csv" ||
		len(r.Failed) != 2 || r.Failed[0].Line != 3 || r.Failed[0].Code != "MALFORMED" || !slices.Equal(r.Ignored, []string{"Shelf"}) {
		t.Errorf("result is %+v", r)
	}
	if got := f.read(r.ErrorsFile); !strings.HasPrefix(got, strings.TrimSpace(changes)+",ImportError\n2240,A-1,a,x,,ORDER_UPDATE,MALFORMED: ") || strings.Count(got, "\n") != 3 {
		t.Errorf("failed rows are\n%s", got)
	}
	if in, left := f.list(In), f.list(working); in != "" || left != "" {
		t.Errorf("files are left: %s %s", in, left)
	}
}

func TestRejectedFilesSayWhy(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.put("in/first.csv", order("R-1"))
	f.result("done/first.csv.result.json")
	for name, test := range map[string]struct{ content, want string }{
		"columns.csv":                       {"a,b\n1,2\n", "The columns don't identify the actions"},
		"again.csv":                         {order("R-1"), "The same content was submitted before, see F-"},
		"empty.csv":                         {"", "The first line must name the columns"},
		"large.csv":                         {strings.Repeat("x", batchfile.MaxSize+1), "The file has more than 32 MiB"},
		strings.Repeat("long", 50) + ".csv": {"a\n1\n", "The columns"},
	} {
		f.put("in/"+name, test.content)
		r := f.result("failed/" + shorten(name) + ".result.json")
		if r.FileName != name || r.File != "failed/"+shorten(name) || r.Status != StatusRejected || !strings.Contains(r.Message, test.want) {
			t.Errorf("%s: result is %+v", name, r)
		}
		if f.read(r.File) != test.content {
			t.Errorf("%s has changed", name)
		}
	}
	if got := f.files(); !slices.Equal(got, []string{"first.csv"}) {
		t.Errorf("accepted files are %q", got)
	}
}

func TestANameCanBeUsedAgain(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.put("in/a.csv", order("N-1"))
	f.result("done/a.csv.result.json")
	f.put("in/a.csv", order("N-2"))
	f.until(func() bool { return strings.Count(f.list(Done), ".result.json") == 2 })
	names := strings.Fields(f.list(Done))
	if r := f.result("done/" + names[1]); len(names) != 4 || r.FileName != "a.csv" || r.File != "done/"+names[0] || f.read(r.File) != order("N-2") {
		t.Errorf("done has %q, result %+v", names, r)
	}
}

func TestFilesThatAreBeingWrittenWait(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.Settle = 5 * time.Second
	now := time.Now()
	f.now = func() time.Time { return now }
	look := func(after time.Duration) { now = now.Add(after); f.look(t.Context()) }
	for _, name := range []string{".hidden.csv", "a.csv.part", "a.TMP", "a.csv.filepart", "a.csv~"} {
		f.put("in/"+name, order("W-0"))
	}
	f.put("in/a.csv", order("W-1"))
	look(0)
	look(4 * time.Second)
	f.put("in/a.csv", order("W-1")+"more")
	look(4 * time.Second)
	look(4 * time.Second)
	if f.list(working) != "" || !strings.Contains(f.list(In), " a.csv ") {
		t.Fatalf("in has %s", f.list(In))
	}
	look(time.Second)
	look(0)
	if got := f.list(In); got != ".hidden.csv a.TMP a.csv.filepart a.csv.part a.csv~" {
		t.Errorf("in has %s", got)
	}
	f.until(func() bool { return strings.Contains(f.list(Failed), "a.csv.result.json") })
}

func TestAFileThatChangesAfterItsImportIsReported(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	writer, err := os.Create(filepath.Join(f.folder, "in/a.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	if _, err := writer.WriteString(order("C-1")); err != nil {
		t.Fatal(err)
	}
	f.until(func() bool { return len(f.files()) == 1 })
	if _, err := writer.WriteString("1000,2240,NOW,C-2,10001,a,9,9.00\n"); err != nil {
		t.Fatal(err)
	}
	r := f.result("failed/a.csv.result.json")
	if r.Status != StatusComplete || r.Records != 1 || r.Message != changedMessage {
		t.Errorf("result is %+v", r)
	}
}

func TestFilesAreImportedInTheOrderOfTheirTimes(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	var want []string
	begin := time.Now()
	for i := range 2*maxClaims + 3 {
		name := fmt.Sprintf("%c.csv", 'z'-i)
		want = append(want, name)
		f.put("in/"+name, order(fmt.Sprint("O-", i)))
		at := begin.Add(time.Duration(i/2-100) * time.Second)
		if err := os.Chtimes(filepath.Join(f.folder, "in", name), at, at); err != nil {
			t.Fatal(err)
		}
		if i%2 == 1 { // equal times
			want[i-1], want[i] = want[i], want[i-1]
		}
	}
	f.until(func() bool { return strings.Count(f.list(Done), ".result.json") == len(want) })
	if got := f.files(); !slices.Equal(got, want) {
		t.Errorf("the order is %q, want %q", got, want)
	}
}

func TestOnlyFilesOfAccountsAreRead(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	outside := filepath.Join(t.TempDir(), "outside.csv")
	if err := os.WriteFile(outside, []byte(order("S-1")), 0o600); err != nil {
		t.Fatal(err)
	}
	f.put("secret.csv", order("S-2"))
	link := func(target, name string) {
		if err := os.Symlink(target, filepath.Join(f.folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	link(outside, "in/absolute.csv")
	link("../secret.csv", "in/relative.csv")
	link("/", "in/folder")
	for _, name := range []string{"in/sub", "../99999/in", "../notes"} {
		if err := os.MkdirAll(filepath.Join(f.folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	f.put("in/sub/a.csv", order("S-3"))
	f.put("../99999/in/a.csv", order("S-4"))
	link(f.folder, "../8") // a link in place of an account
	f.put("in/real.csv", order("S-5"))
	f.result("done/real.csv.result.json")
	if got := f.files(); !slices.Equal(got, []string{"real.csv"}) {
		t.Errorf("accepted files are %q", got)
	}
	if got := f.list(In); got != "absolute.csv folder relative.csv sub" {
		t.Errorf("in has %s", got)
	}
	for _, want := range []string{"name=99999", "name=notes", "in/absolute.csv"} {
		if strings.Count(f.log.String(), want) != 1 {
			t.Errorf("the log does not have %s once:\n%s", want, f.log)
		}
	}
}

func TestALinkInPlaceOfAFolderIsNotFollowed(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "a.csv"), []byte(order("L-1")), 0o600); err != nil {
		t.Fatal(err)
	}
	in := filepath.Join(f.folder, In)
	if err := errors.Join(os.Remove(in), os.Symlink(other, in)); err != nil {
		t.Fatal(err)
	}
	f.look(t.Context())
	if !strings.Contains(f.log.String(), "not a directory") || len(f.rejected) != 0 {
		t.Errorf("the log is\n%s", f.log)
	}
}

func TestManyFilesOfAnAccountDontDelayOthers(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	for i := range maxClaims + 1 {
		f.put(fmt.Sprintf("in/%d.csv", i), "a")
	}
	if err := os.MkdirAll(filepath.Join(f.Dir, fmt.Sprint(otherAccount), In), 0o700); err != nil {
		t.Fatal(err)
	}
	f.put(fmt.Sprintf("../%d/in/a.csv", otherAccount), "a")
	f.until(func() bool { return len(f.rejected) > maxClaims+1 })
	if i := slices.Index(f.rejected, otherAccount); i < 0 || i > 1 {
		t.Errorf("the files are those of the accounts %d", f.rejected)
	}
}

func TestOneProcessAtATimeImports(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	run := func() (stop func()) {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		w := New(f.Config)
		go func() {
			defer close(ended)
			_ = w.Run(ctx)
		}()
		return func() { cancel(); <-ended }
	}
	f.Watcher.Log = slog.New(slog.DiscardHandler)
	stopFirst, stopSecond := run(), run()
	wait := func(name string) {
		for deadline := time.Now().Add(time.Minute); ; {
			if _, err := os.Stat(filepath.Join(f.folder, name)); err == nil {
				return
			}
			if <-time.After(10 * time.Millisecond); time.Now().After(deadline) {
				t.Fatalf("no %s", name)
			}
		}
	}
	f.put("in/a.csv", order("T-1"))
	wait("done/a.csv.result.json")
	stopFirst()
	f.put("in/b.csv", order("T-2"))
	wait("done/b.csv.result.json")
	stopSecond()
	if got := f.files(); !slices.Equal(got, []string{"a.csv", "b.csv"}) {
		t.Errorf("accepted files are %q", got)
	}
}
