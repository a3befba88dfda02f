package sftpserver

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"sync"

	"github.com/pkg/sftp"

	"github.com/trueup-ledger/trueup/internal/watchfolder"
)

// maxPending is the maximum number of parts of an upload that arrived before those that precede
// them.
const maxPending = 1_000

// upload is a file that is being received. It gets its name when it is closed and complete.
type upload struct {
	files *files
	file  *os.File
	// temp is its present path, and target the path that it gets.
	temp, target string
	exclusive    bool

	mu sync.Mutex
	// received is the number of bytes up to the first gap, and pending holds the ends of the parts
	// behind it by their beginnings.
	received int64
	pending  map[int64]int64
	size     int64
	err      error
}

// errResume reports an upload that continues an earlier one.
var errResume = errors.New("uploads can't be continued: send the whole file")

// Filewrite implements [sftp.FileWriter].
func (f *files) Filewrite(r *sftp.Request) (io.WriterAt, error) {
	folder, name, err := splitFile(r.Filepath)
	if err != nil {
		return nil, err
	}
	if folder != watchfolder.In {
		return nil, errReadOnly
	}
	if err := watchfolder.CheckName(name); err != nil {
		return nil, err
	}
	flags := r.Pflags()
	_, err = f.stat(r.Filepath)
	exists := err == nil
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist), !exists && !flags.Creat:
		return nil, err
	case exists && flags.Excl:
		return nil, fs.ErrExist
	case exists && !flags.Trunc, flags.Append:
		return nil, errResume
	}
	if err := f.measure(); err != nil {
		return nil, err
	}
	if err := f.acquire(); err != nil {
		return nil, err
	}
	u := &upload{
		files: f, temp: path.Join(watchfolder.Uploads, rand.Text()), target: path.Join(folder, name),
		exclusive: flags.Excl, pending: make(map[int64]int64),
	}
	if u.file, err = f.dir.OpenFile(u.temp, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
		f.release()
		return nil, err
	}
	f.uploadsMu.Lock()
	defer f.uploadsMu.Unlock()
	if f.uploads == nil {
		f.uploads = make(map[string]*upload)
	}
	f.uploads[u.target] = u
	return u, nil
}

// measure updates the size of the account's files.
func (f *files) measure() error {
	count, size, err := watchfolder.Usage(f.dir)
	if err != nil {
		return err
	}
	if count >= watchfolder.MaxFiles {
		return fmt.Errorf("the account has %d files: remove those of done and failed", count)
	}
	f.mu.Lock()
	f.stored = size
	f.mu.Unlock()
	return nil
}

// reserve counts bytes of an upload.
func (a *account) reserve(n int64) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.stored+a.receiving+n > a.Quota {
		return fmt.Errorf("the files of the account would have more than %d MiB: remove those of done and failed", a.Quota>>20)
	}
	a.receiving += n
	return nil
}

// WriteAt implements [io.WriterAt].
func (u *upload) WriteAt(b []byte, offset int64) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.err == nil {
		u.err = u.add(offset, offset+int64(len(b)))
	}
	if u.err != nil {
		return 0, u.err
	}
	n, err := u.file.WriteAt(b, offset)
	u.err = err
	return n, err
}

// add records a part of the file.
func (u *upload) add(begin, end int64) error {
	switch {
	case begin < u.received || u.pending[begin] > 0:
		return errors.New("a part of the file was sent twice: send the whole file again")
	case end > u.files.MaxFile || end < begin:
		return fmt.Errorf("the file has more than %d MiB: split it", u.files.MaxFile>>20)
	case len(u.pending) >= maxPending:
		return errors.New("parts of the file are missing: send the whole file again")
	}
	if end > u.size {
		if err := u.files.reserve(end - u.size); err != nil {
			return err
		}
		u.size = end
	}
	if begin == end {
		return nil
	}
	u.pending[begin] = end
	for end, next := u.pending[u.received]; next; end, next = u.pending[u.received] {
		delete(u.pending, u.received)
		u.received = end
	}
	return nil
}

// TransferError implements [sftp.TransferError]: the connection has ended.
func (u *upload) TransferError(err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.err == nil {
		u.err = err
	}
}

// Close gives the file its name if it is complete. Otherwise it removes the file and returns an
// error.
func (u *upload) Close() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	defer u.end()
	if u.err == nil && len(u.pending) > 0 {
		u.err = errResume
	}
	if u.err == nil {
		u.err = u.file.Sync()
	}
	u.err = errors.Join(u.err, u.file.Close())
	if u.err == nil {
		u.err = u.publish()
	}
	if u.err != nil {
		u.files.log.Warn("SFTP upload failed", "file", u.target, "bytes", u.size, "error", u.err)
		_ = u.files.dir.Remove(u.temp)
		return u.err
	}
	u.files.log.Info("SFTP upload", "file", u.target, "bytes", u.size)
	return nil
}

// publish gives the file its name.
func (u *upload) publish() error {
	if _, err := u.files.dir.Lstat(u.target); err == nil && u.exclusive {
		return fs.ErrExist
	}
	if err := u.files.dir.Rename(u.temp, u.target); err != nil {
		return err
	}
	return watchfolder.Sync(u.files.dir, watchfolder.In)
}

// end ends the upload for the account.
func (u *upload) end() {
	f := u.files
	f.uploadsMu.Lock()
	if f.uploads[u.target] == u {
		delete(f.uploads, u.target)
	}
	f.uploadsMu.Unlock()
	f.release()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.receiving -= u.size
	if u.err == nil {
		f.stored += u.size
	}
}
