// Package profile stores the URLs and the credentials of servers in the user's configuration folder.
package profile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/goccy/go-yaml"

	"github.com/trueup-ledger/trueup/internal/output"
)

// Default is the name of the profile that is used if none is named.
const Default = "default"

const (
	fileName = "profiles.yaml"
	// maxFile bounds the file.
	maxFile = 1 << 20
)

// validName matches the names of profiles. They need no quotes in a shell.
var validName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,100}$`)

// Profile is a server with credentials of an account, of the admin API, or of both.
type Profile struct {
	Credentials `yaml:",inline"`
	Admin       Credentials `yaml:"admin,omitempty"`
}

// Credentials are a URL and a token for it.
type Credentials struct {
	URL   string `yaml:"url,omitempty"`
	SID   string `yaml:"sid,omitempty"`
	Token string `yaml:"token,omitempty"`
}

// File holds the profiles of the user by name.
type File struct {
	Profiles map[string]Profile `yaml:"profiles"`
}

// ErrNotFound is the error for a profile that doesn't exist.
var ErrNotFound = errors.New("no such profile")

// Path returns the path of the file: trueup/profiles.yaml in the user's configuration folder.
func Path() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("no folder for profiles: %w", err)
	}
	return filepath.Join(dir, "trueup", fileName), nil
}

// Load reads the file. A file that doesn't exist has no profiles. Load refuses one that other
// users can read.
func Load(path string) (File, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return File{}, nil
	}
	if err != nil {
		return File{}, err
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return File{}, fmt.Errorf("%s has secrets and mode %04o, so others can read it: run chmod 600 %[1]s", path, mode)
	}
	text, err := output.ReadFile(path, maxFile)
	if err != nil {
		return File{}, err
	}
	var f File
	if err := yaml.UnmarshalWithOptions(text, &f, yaml.Strict()); err != nil {
		return File{}, fmt.Errorf("%s: %s", path, yaml.FormatError(err, false, false))
	}
	return f, nil
}

// Get returns the profile with a name.
func (f File) Get(name string) (Profile, error) {
	p, found := f.Profiles[name]
	if !found {
		known := "there are none"
		if names := f.Names(); len(names) > 0 {
			known = "there are " + strings.Join(names, ", ")
		}
		return Profile{}, fmt.Errorf("profile %q: %w: %s; trueup login adds one", name, ErrNotFound, known)
	}
	return p, nil
}

// Names returns the names of the profiles in order.
func (f File) Names() []string { return slices.Sorted(maps.Keys(f.Profiles)) }

// CheckName returns an error if a profile can't have the name.
func CheckName(name string) error {
	if !validName.MatchString(name) {
		return fmt.Errorf("profile %q: a name has 1 to 100 letters, digits, hyphens, underscores and periods", name)
	}
	return nil
}

// Edit changes a profile in the file at path. It adds the profile if it doesn't exist.
func Edit(path, name string, edit func(*Profile)) error {
	if err := CheckName(name); err != nil {
		return err
	}
	return change(path, func(f *File) error {
		if f.Profiles == nil {
			f.Profiles = make(map[string]Profile)
		}
		p := f.Profiles[name]
		edit(&p)
		f.Profiles[name] = p
		return nil
	})
}

// Remove removes a profile from the file at path.
func Remove(path, name string) error {
	return change(path, func(f *File) error {
		if _, err := f.Get(name); err != nil {
			return err
		}
		delete(f.Profiles, name)
		return nil
	})
}

// change replaces the file by one that is changed. It locks the folder, so that of two programs at
// once each keeps the change of the other.
func change(path string, edit func(*File) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer folder.Close() // unlocks it
	if err := syscall.Flock(int(folder.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("lock %s: %w", folder.Name(), err)
	}
	f, err := Load(path)
	if err != nil {
		return err
	}
	if err := edit(&f); err != nil {
		return err
	}
	text, err := yaml.Marshal(f)
	if err != nil {
		return err
	}
	return output.File(path, func(w io.Writer) error { // with mode 0600
		_, err := w.Write(text)
		return err
	})
}
