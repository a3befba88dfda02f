package backup

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestACopyHasTheStampOfItsBeginning(t *testing.T) {
	path, _ := openWriter(t)
	to := filepath.Join(t.TempDir(), "copy")
	before := time.Now().Truncate(time.Second)
	if _, err := Copy(t.Context(), path, to, Options{}); err != nil {
		t.Fatal(err)
	}
	s, err := ReadStamp(to)
	if info, _ := os.Stat(to); err != nil || s.Made.Before(before) || s.Made.After(time.Now()) || s.Size != info.Size() {
		t.Errorf("the stamp is %+v (%v)", s, err)
	}
	if s, err := ReadStamp(path); err != nil || !s.Made.IsZero() {
		t.Errorf("the stamp of the original is %+v (%v)", s, err)
	}
	if err := RemoveStamp(to); err != nil {
		t.Fatal(err)
	}
	if s, err := ReadStamp(to); err != nil || !s.Made.IsZero() {
		t.Errorf("the removed stamp is %+v (%v)", s, err)
	}
	if err := Check(t.Context(), to, true); err != nil {
		t.Error(err)
	}
}

func TestAFileThatIsNoDatabaseHasNoStamp(t *testing.T) {
	for name, content := range map[string]string{"empty": "", "short": headerMagic, "text": string(make([]byte, 2*headerSize))} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := ReadStamp(path); !errors.Is(err, ErrNoBackup) {
			t.Errorf("%s: the stamp is %+v (%v), want %v", name, s, err, ErrNoBackup)
		}
	}
}

func TestACopyThatWouldFillTheDiskIsRefused(t *testing.T) {
	if err := checkSpace(t.TempDir(), 1<<60); !errors.Is(err, ErrNoSpace) {
		t.Errorf("error is %v, want %v", err, ErrNoSpace)
	}
	if err := checkSpace(t.TempDir(), 1); err != nil {
		t.Error(err)
	}
}

// TestACheckCreatesNoFile checks a copy in a folder that may not be written.
func TestACheckCreatesNoFile(t *testing.T) {
	path, _ := openWriter(t)
	dir := t.TempDir()
	to := filepath.Join(dir, "copy")
	if _, err := Copy(t.Context(), path, to, Options{}); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	for _, paced := range []bool{false, true} {
		if err := Check(t.Context(), to, paced); err != nil {
			t.Error(err)
		}
	}
	if left, err := os.ReadDir(dir); len(left) != 1 || err != nil {
		t.Errorf("the folder has %v (%v)", left, err)
	}
	content[len(content)/2] ^= 1
	content[8200] ^= 0xff
	if err := os.WriteFile(to, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Check(t.Context(), to, true); err == nil {
		t.Error("a damaged copy passes the check")
	}
}
