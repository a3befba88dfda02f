package sftpserver

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/pkg/sftp"

	"github.com/trueup-ledger/trueup/internal/watchfolder"
)

// maxOpen is the maximum number of files that an account has open.
const maxOpen = 16

// account is the state of an account over all of its connections.
type account struct {
	*Server
	mu          sync.Mutex
	connections int
	open        int
	// stored is the size of the files of the account, and receiving that of the uploads.
	stored, receiving int64
}

// account returns the state of an account.
func (s *Server) account(id int64) *account {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.accounts[id] == nil {
		s.accounts[id] = &account{Server: s}
	}
	return s.accounts[id]
}

// connect counts a connection, and reports whether it is allowed.
func (a *account) connect() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.connections >= maxPerAccount {
		return false
	}
	a.connections++
	return true
}

func (a *account) disconnect() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.connections--
}

// acquire counts an open file. Release ends it.
func (a *account) acquire() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.open >= maxOpen {
		return errors.New("too many open files: close one")
	}
	a.open++
	return nil
}

func (a *account) release() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.open--
}

// files serves the files of an account to a connection. It implements the handlers of package sftp.
type files struct {
	*account
	dir *os.Root
	log *slog.Logger

	uploadsMu sync.Mutex
	// uploads holds the uploads of the connection by the path of the file.
	uploads map[string]*upload
}

// visible are the folders that an account sees.
var visible = []string{watchfolder.Done, watchfolder.Failed, watchfolder.In}

// errReadOnly reports a change outside of the folder for uploads.
var errReadOnly = errors.New("files can be written and renamed in the folder in alone")

// split returns the folder and the name in a path. The name is empty for the folder itself, and both
// are for the root.
func split(p string) (folder, name string, err error) {
	folder, name, _ = strings.Cut(strings.Trim(path.Clean("/"+p), "/"), "/")
	if strings.Contains(name, "/") || folder != "" && !slices.Contains(visible, folder) {
		return "", "", fs.ErrNotExist
	}
	return folder, name, nil
}

// splitFile is like split for the path of a file.
func splitFile(p string) (folder, name string, err error) {
	if folder, name, err = split(p); err == nil && name == "" {
		err = errors.New("this is a folder")
	}
	return folder, name, err
}

// stat returns the description of what has a path.
func (f *files) stat(p string) (fs.FileInfo, error) {
	folder, name, err := split(p)
	if err != nil {
		return nil, err
	}
	if u := f.upload(path.Join(folder, name)); u != nil {
		return u.file.Stat()
	}
	info, err := f.dir.Lstat(path.Join(".", folder, name))
	if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		return nil, fs.ErrNotExist
	}
	return info, err
}

// upload returns the upload of the connection with a path, or nil.
func (f *files) upload(p string) *upload {
	f.uploadsMu.Lock()
	defer f.uploadsMu.Unlock()
	return f.uploads[p]
}

// Fileread implements [sftp.FileReader].
func (f *files) Fileread(r *sftp.Request) (io.ReaderAt, error) {
	folder, name, err := splitFile(r.Filepath)
	if err != nil {
		return nil, err
	}
	if err := f.acquire(); err != nil {
		return nil, err
	}
	file, _, err := watchfolder.OpenFile(f.dir, path.Join(folder, name))
	if err != nil {
		f.release()
		return nil, err
	}
	return &download{File: file, account: f.account}, nil
}

// download is a file that is read.
type download struct {
	*os.File
	account *account
}

// Close closes the file.
func (d *download) Close() error {
	d.account.release()
	return d.File.Close()
}

// Filelist implements [sftp.FileLister].
func (f *files) Filelist(r *sftp.Request) (sftp.ListerAt, error) {
	switch r.Method {
	case "List":
		return f.list(r.Filepath)
	case "Stat":
		info, err := f.stat(r.Filepath)
		return listing{info}, err
	default:
		return nil, sftp.ErrSSHFxOpUnsupported
	}
}

// list returns the entries of a folder. It counts as an open file.
func (f *files) list(p string) (sftp.ListerAt, error) {
	folder, name, err := split(p)
	if err != nil {
		return nil, err
	}
	if name != "" {
		return nil, errors.New("this is not a folder")
	}
	if err := f.acquire(); err != nil {
		return nil, err
	}
	names := visible
	if folder != "" {
		if names, err = watchfolder.ReadNames(f.dir, folder); err != nil {
			f.release()
			return nil, err
		}
	}
	return &folderListing{files: f, folder: folder, names: names}, nil
}

// folderListing lists a folder, from the beginning to the end. It implements [sftp.ListerAt].
type folderListing struct {
	files  *files
	folder string

	mu sync.Mutex
	// names are those that have not been listed yet. Descriptions of all files would take megabytes.
	names []string
}

// ListAt implements [sftp.ListerAt]. It continues after the previous call.
func (l *folderListing) ListAt(to []fs.FileInfo, _ int64) (n int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for n < len(to) && len(l.names) > 0 {
		info, err := l.files.dir.Lstat(path.Join(l.folder, l.names[0]))
		if l.names = l.names[1:]; err == nil && (info.Mode().IsRegular() || l.folder == "") {
			to[n] = info
			n++
		}
	}
	if n < len(to) {
		return n, io.EOF
	}
	return n, nil
}

// Close implements [io.Closer].
func (l *folderListing) Close() error {
	l.files.release()
	return nil
}

// listing lists descriptions. It implements [sftp.ListerAt].
type listing []fs.FileInfo

// ListAt implements [sftp.ListerAt].
func (l listing) ListAt(to []fs.FileInfo, offset int64) (int, error) {
	n := copy(to, l[min(offset, int64(len(l))):])
	if n < len(to) {
		return n, io.EOF
	}
	return n, nil
}

// Filecmd implements [sftp.FileCmder].
func (f *files) Filecmd(r *sftp.Request) error {
	switch r.Method {
	case "Setstat": // clients set the time and the mode after an upload
		_, err := f.stat(r.Filepath)
		return err
	case "Rename":
		return f.rename(r.Filepath, r.Target, false)
	case "PosixRename":
		return f.rename(r.Filepath, r.Target, true)
	case "Remove":
		return f.remove(r.Filepath)
	default:
		return sftp.ErrSSHFxOpUnsupported
	}
}

// PosixRename implements [sftp.PosixRenameFileCmder].
func (f *files) PosixRename(r *sftp.Request) error { return f.rename(r.Filepath, r.Target, true) }

// rename renames a file of the folder for uploads.
func (f *files) rename(from, to string, replace bool) error {
	folder, name, err := splitFile(from)
	target, newName, targetErr := splitFile(to)
	if err = cmp.Or(err, targetErr); err != nil {
		return err
	}
	if folder != watchfolder.In || target != watchfolder.In {
		return errReadOnly
	}
	if err := watchfolder.CheckName(newName); err != nil {
		return err
	}
	if _, err := f.stat(to); err == nil && !replace {
		return errors.New("a file has the new name already")
	}
	if err := f.dir.Rename(path.Join(folder, name), path.Join(folder, newName)); err != nil {
		return err
	}
	f.log.Info("SFTP file renamed", "file", path.Join(folder, name), "to", path.Join(folder, newName))
	return watchfolder.Sync(f.dir, folder)
}

// remove removes a file.
func (f *files) remove(p string) error {
	folder, name, err := splitFile(p)
	if err != nil {
		return err
	}
	info, err := f.stat(p)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return errReadOnly
	}
	if err := f.dir.Remove(path.Join(folder, name)); err != nil {
		return err
	}
	f.log.Info("SFTP file removed", "file", path.Join(folder, name))
	return nil
}
