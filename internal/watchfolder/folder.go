package watchfolder

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"
)

// Folders of an account.
const (
	// In has the files to import.
	In = "in"
	// Done has the files of which each row was applied, with their results.
	Done = "done"
	// Failed has the other files, with their results.
	Failed = "failed"
	// Uploads has files that are being received, under names of their own.
	Uploads = "uploads"
	// working has a folder for each file that is being imported.
	working = "working"
)

// folders are all folders of an account.
var folders = []string{In, Done, Failed, Uploads, working}

// folderMode is the mode of new folders.
const folderMode = 0o700

// OpenAccount opens the folder of an account below root, and creates it if it doesn't exist.
// Nothing outside of it can be opened with the returned root. The caller closes it.
func OpenAccount(root *os.Root, account int64) (*os.Root, error) {
	name := strconv.FormatInt(account, 10)
	if err := makeFolder(root, name); err != nil {
		return nil, err
	}
	dir, err := root.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	for _, folder := range folders {
		if err := makeFolder(dir, folder); err != nil {
			return nil, errors.Join(err, dir.Close())
		}
	}
	return dir, nil
}

// makeFolder creates a folder that survives a crash, unless it exists. A link to a folder is an
// error.
func makeFolder(root *os.Root, name string) error {
	err := root.Mkdir(name, folderMode)
	if err == nil {
		return Sync(root, ".")
	}
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := root.Lstat(name)
	if err == nil && !info.IsDir() {
		return &fs.PathError{Op: "open", Path: name, Err: syscall.ENOTDIR}
	}
	return err
}

// MaxFiles is the maximum number of entries of a folder that are read, and of files of an account
// that are counted.
const MaxFiles = 10_000

// ReadNames returns the sorted names of the entries of a folder, at most MaxFiles of them.
func ReadNames(root *os.Root, folder string) ([]string, error) {
	f, err := root.Open(folder)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	entries, err := f.ReadDir(MaxFiles)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	slices.Sort(names)
	return names, nil
}

// Usage returns the number and the size of the files of an account, without those that are being
// received. It counts at most MaxFiles.
func Usage(dir *os.Root) (files int, size int64, err error) {
	for _, folder := range []string{In, Done, Failed, working} {
		if files == MaxFiles {
			break
		}
		err := fs.WalkDir(dir.FS(), folder, func(_ string, d fs.DirEntry, err error) error {
			var info fs.FileInfo
			if err == nil && d.Type().IsRegular() {
				info, err = d.Info()
			}
			if errors.Is(err, fs.ErrNotExist) { // it was moved or removed meanwhile
				return nil
			}
			if err != nil || info == nil {
				return err
			}
			if files, size = files+1, size+info.Size(); files == MaxFiles {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			return 0, 0, err
		}
	}
	return files, size, nil
}

// maxName is the maximum length in bytes of the name of an uploaded file. The name of its result is
// longer, and a file system has at most 255.
const maxName = 180

// CheckName returns an error if a file can't have the name. The error is a sentence.
func CheckName(name string) error {
	switch {
	case len(name) > maxName:
		return errors.New("the name of the file is too long: use at most 180 bytes")
	case name == "" || name == "." || name == ".." || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return errors.New("the name of the file must be printable UTF-8")
	}
	return nil
}

// shorten returns a name of at most maxName bytes with the same extension, in UTF-8.
func shorten(name string) string {
	name = strings.ToValidUTF8(name, "_")
	if len(name) <= maxName {
		return name
	}
	extension := path.Ext(name)
	if len(extension) > 16 {
		extension = ""
	}
	return strings.ToValidUTF8(name[:maxName-len(extension)], "") + extension
}

// withSuffix returns the name with a suffix before its extension.
func withSuffix(name, suffix string) string {
	extension := path.Ext(name)
	return strings.TrimSuffix(name, extension) + "-" + suffix + extension
}

// partial are the endings of the names of files that are being written.
var partial = []string{".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".swp", "~"}

// isPartial reports whether a file is still written, according to its name.
func isPartial(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, ".") || slices.ContainsFunc(partial, func(ending string) bool { return strings.HasSuffix(name, ending) })
}

// sameVersion reports whether two descriptions are of the same file with the same size and time of
// its last change.
func sameVersion(a, b fs.FileInfo) bool {
	return a != nil && b != nil && os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// tempSuffix is the ending of a file that write has not completed.
const tempSuffix = ".tmp"

// write writes a file that appears complete and survives a crash.
func write(dir *os.Root, name string, to func(f *os.File) error) error {
	temp := name + tempSuffix
	f, err := dir.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if err = to(f); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, dir.Remove(temp))
	}
	if err := dir.Rename(temp, name); err != nil {
		return err
	}
	return Sync(dir, path.Dir(name))
}

// Sync writes the entries of a folder to disk.
func Sync(dir *os.Root, folder string) error {
	f, err := dir.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
