package profile_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/trueup-ledger/trueup/internal/cli/profile"
)

var shop = profile.Profile{Credentials: profile.Credentials{URL: "https://ledger.example.com", SID: "IR1", Token: `a: "b" #c \ 'd'`}}

// set replaces a profile.
func set(path, name string, p profile.Profile) error {
	return profile.Edit(path, name, func(old *profile.Profile) { *old = p })
}

func TestProfilesRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trueup", "profiles.yaml")
	for _, name := range []string{"default", "1e3", "null", "012", "-", "a.b_c-d", strings.Repeat("x", 100)} {
		if err := set(path, name, shop); err != nil {
			t.Fatal(err)
		}
		f, err := profile.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := f.Get(name); err != nil || got != shop {
			t.Errorf("profile %q is %+v, %v", name, got, err)
		}
	}
	if err := profile.Remove(path, "null"); err != nil {
		t.Error(err)
	}
	f, err := profile.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Get("null"); !errors.Is(err, profile.ErrNotFound) || !strings.Contains(err.Error(), "there are -, 012, 1e3, a.b_c-d, default") {
		t.Errorf("the error for a removed profile is %v", err)
	}
	for file, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v", file, info.Mode(), want)
		}
	}
}

func TestNamesNeedNoQuotes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profiles.yaml")
	for _, name := range []string{"", "a b", "a\nb", "a/b", "\x1b[31m", "ü", "a: b", strings.Repeat("x", 101)} {
		if err := set(path, name, shop); err == nil || !strings.Contains(err.Error(), "a name has 1 to 100 letters") {
			t.Errorf("the error for the name %q is %v", name, err)
		}
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file exists: %v", err)
	}
}

func TestBrokenFilesAreRefused(t *testing.T) {
	for _, test := range []struct {
		name, content string
		mode          os.FileMode
		want          string
	}{
		{"others can read it", "profiles: {}\n", 0o644, "so others can read it: run chmod 600"},
		{"the group can read it", "profiles: {}\n", 0o640, "chmod 600"},
		{"it isn't YAML", "profiles: [", 0o600, "profiles.yaml: "},
		{"it has an unknown field", "profiles: {a: {uri: x}}\n", 0o600, "uri"},
		{"it is too large", strings.Repeat("#", 1<<20+1), 0o600, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "profiles.yaml")
			if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, test.mode); err != nil {
				t.Fatal(err)
			}
			if _, err := profile.Load(path); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error of Load is %v, want %q", err, test.want)
			}
			if err := set(path, "a", shop); err == nil {
				t.Error("Edit replaced the file")
			}
			if text, err := os.ReadFile(path); err != nil || string(text) != test.content {
				t.Errorf("the file changed: %v", err)
			}
		})
	}
}

func TestFileThatDoesNotExistHasNoProfiles(t *testing.T) {
	f, err := profile.Load(filepath.Join(t.TempDir(), "profiles.yaml"))
	if err != nil || len(f.Names()) != 0 {
		t.Errorf("the profiles are %v, %v", f.Names(), err)
	}
	if _, err := f.Get("default"); err == nil || !strings.Contains(err.Error(), "there are none; trueup login adds one") {
		t.Errorf("the error is %v", err)
	}
}

func TestConcurrentChangesLoseNoProfile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trueup", "profiles.yaml")
	const n = 20
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			if err := set(path, fmt.Sprintf("p%d", i), shop); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	f, err := profile.Load(path)
	if err != nil || len(f.Names()) != n {
		t.Errorf("the profiles are %v, %v", f.Names(), err)
	}
}
