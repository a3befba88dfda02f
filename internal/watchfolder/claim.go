package watchfolder

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// claim is a file that is being imported. After a crash, the next process begins with the folder of
// the claim again: the token is the idempotency key, so that the file is accepted once.
type claim struct {
	*account
	token string
	sighting
	// name is the name of the file, or empty if it is not in the folder of the claim anymore, and
	// hasResult reports that its result is written there.
	name      string
	hasResult bool
	// accepted is set once the ledger has the file, and rejection if it has no use for it.
	accepted  *batchfile.Accepted
	rejection string
	// readErrors is the number of errors of reading the file.
	readErrors int
	// retry is the pause after an error of a file that is decided.
	retry backoff
}

// isDecided reports whether the file is accepted, rejected or gone.
func (c *claim) isDecided() bool {
	return c.accepted != nil || c.rejection != "" || c.hasResult || c.name == ""
}

// folder returns the folder of the claim.
func (c *claim) folder() string { return path.Join(working, c.token) }

// advance continues the import. It reports whether the import has ended.
func (c *claim) advance(ctx context.Context, dir *os.Root) (done bool, err error) {
	switch {
	case c.hasResult:
		return true, c.publish(dir)
	case c.name == "":
		return true, c.remove(dir)
	}
	if !c.isDecided() {
		if err := c.Check(); err != nil {
			return false, nil //nolint:nilerr // Check has logged it
		}
		if err := c.accept(ctx, dir); err != nil || !c.isDecided() {
			return false, err
		}
	}
	if c.accepted != nil && c.accepted.Completed.IsZero() {
		if err := c.refresh(ctx); err != nil || c.accepted.Completed.IsZero() {
			return false, err
		}
	}
	if err := c.writeResult(ctx, dir); err != nil {
		return false, err
	}
	return true, c.publish(dir)
}

// find looks for the file and its result in the folder of the claim.
func (c *claim) find(dir *os.Root) error {
	names, err := ReadNames(dir, c.folder())
	c.name, c.hasResult = "", false
	for _, n := range names {
		if n == resultName {
			c.hasResult = true
		}
		if !strings.HasPrefix(n, ".") {
			c.name = n
		}
	}
	return err
}

// accept reads the file and gives it to the inbox. If the file still changes, accept does neither.
func (c *claim) accept(ctx context.Context, dir *os.Root) error {
	content, settled, err := c.read(dir)
	switch {
	case errors.Is(err, errNoFile):
		return c.reject(ctx, err.Error())
	case err != nil:
		if c.isUnreadable(err) {
			return c.reject(ctx, unreadableMessage(err))
		}
		return err
	case !settled:
		return nil
	case len(content) > batchfile.MaxSize:
		return c.reject(ctx, fmt.Sprintf("The file has more than %d MiB: split it", batchfile.MaxSize>>20))
	}
	key, err := c.Store.HashKey(ctx, c.id)
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(content)
	accepted, err := c.Inbox.Accept(ctx, c.id, store.NewFile{
		Name: store.CleanText(c.name), Content: content, Key: c.key(ids.Hash(mac.Sum(nil))),
		Event: store.AuditEvent{
			Actor: store.Actor{Source: store.SourceProgram, ID: "watched folder"}, Operation: store.OperationImport,
		},
	})
	var unusable store.UnusableFileError
	var duplicate *store.DuplicateFileError
	switch {
	case errors.As(err, &unusable):
		return c.reject(ctx, string(unusable))
	case errors.As(err, &duplicate):
		return c.reject(ctx, fmt.Sprintf("The same content was submitted before, see %s: nothing was applied again; to apply it again, send it over HTTP with Again=true", duplicate.First))
	case errors.Is(err, store.ErrKeyReused):
		return c.reject(ctx, changedMessage)
	case err != nil:
		return err
	}
	c.accepted = &accepted
	return nil
}

// key returns the idempotency key of the claim.
func (c *claim) key(request ids.Hash) store.Key {
	return store.Key{Text: "watched folder " + c.token, Request: request}
}

// reject rejects the file. If an earlier process imported it, only its change is rejected.
func (c *claim) reject(ctx context.Context, reason string) error {
	first, err := c.Store.FindKey(ctx, c.id, c.now(), c.key(ids.Hash{})) // whatever the content was
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		c.rejection = reason
		return nil
	case err != nil && !errors.Is(err, store.ErrKeyReused):
		return err
	}
	accepted := new(batchfile.Accepted)
	accepted.ID = store.FileID(strings.TrimPrefix(first.Resource, store.FilePath("")))
	c.accepted, c.rejection = accepted, changedMessage
	if c.readErrors >= maxReadErrors {
		c.rejection = reason
	}
	return nil
}

// maxReadErrors is the number of errors after which a file counts as unreadable. With the pauses
// after them, that takes some minutes.
const maxReadErrors = 10

// isUnreadable counts an error of reading the file, and reports whether it is to be given up.
func (c *claim) isUnreadable(err error) bool {
	c.readErrors++
	return c.readErrors >= maxReadErrors && !errors.Is(err, fs.ErrNotExist)
}

// unreadableMessage returns the message for a file that can't be read.
func unreadableMessage(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return fmt.Sprintf("The file can't be read: %v", err)
}

// changedMessage is the message for a file that a program wrote to after it was imported.
const changedMessage = "The file changed after it was imported, and the change was not applied: " +
	"write files under a name that ends with .part, rename them then, and submit the missing rows as a new file"

// read returns the content of the file, and reports whether the file does not change anymore.
func (c *claim) read(dir *os.Root) (content []byte, settled bool, err error) {
	f, info, err := c.open(dir, path.Join(c.folder(), c.name))
	if err != nil {
		return nil, false, err
	}
	defer f.Close()
	if !c.isSettled(info) {
		return nil, false, nil
	}
	if content, err = io.ReadAll(io.LimitReader(f, batchfile.MaxSize+1)); err == nil {
		info, err = f.Stat()
	}
	return content, err == nil && c.isSettled(info), err
}

// isSettled reports whether a version of the file is the one that has been seen for some time.
func (c *claim) isSettled(info fs.FileInfo) bool {
	if !sameVersion(c.FileInfo, info) {
		c.sighting = sighting{FileInfo: info, since: c.now()}
	}
	return c.now().Sub(c.since) >= c.Settle
}

// errNoFile reports a link, a folder or a device in place of a file.
var errNoFile = errors.New("not a regular file")

// OpenFile opens a file for reading. It follows no link and doesn't wait for writers of a pipe.
func OpenFile(dir *os.Root, name string) (*os.File, fs.FileInfo, error) {
	entry, err := dir.Lstat(name)
	if err != nil {
		return nil, nil, err
	}
	if !entry.Mode().IsRegular() {
		return nil, nil, errNoFile
	}
	f, err := dir.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil && !os.SameFile(entry, info) {
		err = errNoFile
	}
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return f, info, nil
}

// refresh reads the progress of the accepted file.
func (c *claim) refresh(ctx context.Context) error {
	return c.Store.Read(ctx, c.id, func(r store.Reader) (err error) {
		c.accepted.File, err = r.BatchFiles().File(c.accepted.ID)
		return err
	})
}
