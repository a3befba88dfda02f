package sftpserver_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pkg/sftp"
)

func TestAFileIsUploadedAndItsResultRead(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.login("1")
	content := strings.Repeat("0123456789", 50_000)
	if err := upload(c, "in/a.csv.part", []byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := c.Chmod("in/a.csv.part", 0o644); err != nil {
		t.Error(err)
	}
	if err := c.Rename("in/a.csv.part", "/in/a.csv"); err != nil {
		t.Fatal(err)
	}
	if info, err := c.Stat("in/a.csv"); err != nil || info.Size() != int64(len(content)) {
		t.Errorf("stat: %v, %v", info, err)
	}
	if f.stored("1/in/a.csv") != content {
		t.Error("the file has another content")
	}
	f.put("1/done/b.csv.result.json", "{}")
	if got, err := download(c, "/done/b.csv.result.json"); got != "{}" || err != nil {
		t.Errorf("the result is %q, %v", got, err)
	}
	for folder, want := range map[string]string{"/": "done failed in", "in": "a.csv", "/done": "b.csv.result.json", "/failed": ""} {
		if got := f.names(c, folder); got != want {
			t.Errorf("%s has %q, want %q", folder, got, want)
		}
	}
	if err := errors.Join(c.Remove("in/a.csv"), c.Remove("done/b.csv.result.json")); err != nil || f.names(c, "in")+f.names(c, "done") != "" {
		t.Errorf("removing: %v", err)
	}
	for _, want := range []string{"SFTP file renamed", "SFTP file removed"} {
		if !strings.Contains(f.log.String(), want) {
			t.Errorf("the log has no %q", want)
		}
	}
	if !strings.Contains(f.log.String(), "SFTP login") || !strings.Contains(f.log.String(), "key=SHA256:") {
		t.Errorf("the log is\n%s", f.log)
	}
}

func TestAnAccountSeesItsOwnFilesOnly(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	f.put("secret", "secret")
	f.put("2/done/a.csv", "secret")
	f.put("1/working/token/a.csv", "secret")
	f.put("1/in/sub/a.csv", "secret")
	c := f.login("1")
	for name, target := range map[string]string{"link": outside, "up": "../../2/done/a.csv", "own": "../working/token/a.csv", "folder": filepath.Dir(outside)} {
		if err := os.Symlink(target, filepath.Join(f.config.Folder, "1/in", name)); err != nil {
			t.Fatal(err)
		}
	}
	links := []string{"in/link", "in/up", "in/own"} // they can be replaced and removed themselves
	for _, name := range []string{
		outside, "../secret", "/../secret", "in/../../secret", "in/../../2/done/a.csv", "/2/done/a.csv", "../2/done/a.csv",
		"working/token/a.csv", "uploads/a", "in/link", "in/up", "in/own", "in/folder/secret", "in/sub/a.csv", "in/", "/", ".", "in/\x00", "in//sub/a.csv", "\\..\\secret",
	} {
		if got, err := download(c, name); err == nil || strings.Contains(err.Error(), f.config.Folder) {
			t.Errorf("%q is readable: %q, %v", name, got, err)
		}
		if err := upload(c, name, []byte("x")); err == nil && !slices.Contains(links, name) {
			t.Errorf("%q is writable", name)
		}
		if err := c.Remove(name); err == nil && !slices.Contains(links, name) {
			t.Errorf("%q is removable", name)
		}
	}
	if got, _ := os.ReadFile(outside); string(got) != "secret" || f.stored("2/done/a.csv") != "secret" || f.stored("1/working/token/a.csv") != "secret" || f.stored("secret") != "secret" {
		t.Error("a file outside has changed")
	}
}

func TestWhatAnAccountMayNotDo(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.put("1/done/a.csv", "a")
	f.put("1/in/a.csv", "a")
	c := f.login("1")
	for name, err := range map[string]error{
		"write to done":         upload(c, "done/b.csv", nil),
		"write to failed":       upload(c, "failed/b.csv", nil),
		"replace a folder":      upload(c, "in", nil),
		"rename to done":        c.Rename("in/a.csv", "done/b.csv"),
		"rename from done":      c.Rename("done/a.csv", "in/b.csv"),
		"rename to another one": c.Rename("in/a.csv", "in/a.csv"),
		"rename to a folder":    c.Rename("in/a.csv", "in/b/a.csv"),
		"rename out of it":      c.Rename("in/a.csv", "../b.csv"),
		"make a folder":         c.Mkdir("in/b"),
		"remove a folder":       c.RemoveDirectory("in"),
		"remove it as a file":   c.Remove("in"),
		"link":                  c.Symlink("in/a.csv", "in/b.csv"),
		"hard link":             c.Link("done/a.csv", "in/b.csv"),
		"use a long name":       upload(c, "in/"+strings.Repeat("x", 181), nil),
		"use a line break":      upload(c, "in/a\nb", nil),
		"use invalid UTF-8":     upload(c, "in/\xff", nil),
		"rename to a long name": c.Rename("in/a.csv", "in/"+strings.Repeat("x", 181)),
		"remove nothing":        c.Remove("in/missing"),
	} {
		if err == nil {
			t.Errorf("an account may %s", name)
		}
	}
	if _, err := c.ReadLink("in/a.csv"); err == nil {
		t.Error("an account may read a link")
	}
	if _, err := c.StatVFS("/"); err == nil {
		t.Error("an account may read the state of the disk")
	}
	if got := f.names(c, "in"); got != "a.csv" {
		t.Errorf("in has %q", got)
	}
}

func TestAnUploadThatIsNotCompleteIsRemoved(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	uploads := filepath.Join(f.config.Folder, "1/uploads")
	isEmpty := func() bool {
		entries, err := os.ReadDir(uploads)
		return err == nil && len(entries) == 0
	}
	conn, err := f.dial("1", f.keys["1"])
	if err != nil {
		t.Fatal(err)
	}
	c, err := sftp.NewClient(conn)
	if err != nil {
		t.Fatal(err)
	}
	w, err := c.Create("in/half.csv")
	if err == nil {
		_, err = w.Write([]byte("half"))
	}
	if err != nil || isEmpty() {
		t.Fatal("nothing is being uploaded", err)
	}
	if info, err := c.Stat("in/half.csv"); err != nil || info.Size() != 4 {
		t.Errorf("stat: %v, %v", info, err)
	}
	_ = conn.Close()
	f.until(isEmpty)
	c = f.login("1")
	if got := f.names(c, "in"); got != "" {
		t.Errorf("in has %q", got)
	}
	for name, parts := range map[string][]int64{
		"a gap at the beginning": {5},
		"a gap":                  {0, 10},
		"a part sent twice":      {0, 5, 0},
	} {
		w, err := c.Create("in/gap.csv")
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range parts {
			_, err = w.WriteAt([]byte("12345"), at)
		}
		if closed := w.Close(); err == nil && closed == nil {
			t.Errorf("%s: the upload is complete", name)
		}
	}
	f.put("1/in/old.csv", "old")
	if w, err := c.OpenFile("in/old.csv", os.O_WRONLY|os.O_CREATE); err == nil {
		t.Error("an upload can be continued", w.Close())
	}
	if w, err := c.OpenFile("in/new.csv", os.O_WRONLY|os.O_CREATE|os.O_APPEND); err == nil {
		t.Error("a file can be appended to", w.Close())
	}
	if w, err := c.OpenFile("in/old.csv", os.O_WRONLY|os.O_CREATE|os.O_EXCL); err == nil {
		t.Error("a file exists and can be created", w.Close())
	}
	if _, err := c.OpenFile("in/new.csv", os.O_WRONLY); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a missing file:", err)
	}
	if got := f.names(c, "in"); got != "old.csv" || !isEmpty() {
		t.Errorf("in has %q", got)
	}
}

func TestPartsMayArriveInAnyOrder(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.login("1")
	w, err := c.Create("in/a.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []int64{10, 5, 15, 0} {
		if _, err := w.WriteAt([]byte("12345"), at); err != nil {
			t.Error(err)
		}
	}
	if err := w.Close(); err != nil || f.stored("1/in/a.csv") != strings.Repeat("12345", 4) {
		t.Errorf("the file is %q, %v", f.stored("1/in/a.csv"), err)
	}
}

func TestFilesHaveAMaximumSizeAndAccountsAQuota(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.login("1")
	mib := make([]byte, f.config.MaxFile)
	if err := upload(c, "in/large.csv", make([]byte, f.config.MaxFile+1)); err == nil || !strings.Contains(err.Error(), "more than 1 MiB: split it") {
		t.Errorf("a large file: %v", err)
	}
	f.put("1/done/a.csv", string(mib))
	if err := upload(c, "in/a.csv", mib); err != nil {
		t.Errorf("files of the quota: %v", err)
	}
	if err := upload(c, "in/b.csv", mib[:1]); err == nil || !strings.Contains(err.Error(), "more than 2 MiB: remove those of done and failed") {
		t.Errorf("files above the quota: %v", err)
	}
	if err := upload(f.login("2"), "in/a.csv", mib); err != nil {
		t.Errorf("another account: %v", err)
	}
	if err := errors.Join(c.Remove("done/a.csv"), upload(c, "in/b.csv", mib)); err != nil {
		t.Errorf("after removing a file: %v", err)
	}
	if got := f.names(c, "in"); got != "a.csv b.csv" {
		t.Errorf("in has %q", got)
	}
}

func TestTwoUploadsAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	first, second := f.login("1"), f.login("1")
	contents := []string{strings.Repeat("a", 300_000), strings.Repeat("b", 200_000)}
	var group sync.WaitGroup
	for i, c := range []*sftp.Client{first, second} {
		group.Go(func() {
			if err := errors.Join(upload(c, "in/same.csv", []byte(contents[i])), upload(c, "in/"+contents[i][:1], []byte(contents[i]))); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := f.stored("1/in/same.csv"); got != contents[0] && got != contents[1] {
		t.Error("the uploads are mixed")
	}
	if f.stored("1/in/a") != contents[0] || f.stored("1/in/b") != contents[1] {
		t.Error("a file has another content")
	}
}

func TestOpenFilesAreBounded(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.put("1/done/a.csv", "a")
	c := f.login("1")
	var open []io.Closer
	for {
		file, err := c.Open("done/a.csv")
		if err != nil {
			if len(open) != 16 || !strings.Contains(err.Error(), "too many open files") {
				t.Errorf("%d files are open: %v", len(open), err)
			}
			break
		}
		open = append(open, file)
	}
	if err := upload(c, "in/a.csv", nil); err == nil {
		t.Error("another file can be uploaded")
	}
	if err := errors.Join(open[0].Close(), upload(c, "in/a.csv", nil)); err != nil {
		t.Error(err)
	}
}
