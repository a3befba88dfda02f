package watchfolder

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"slices"
	"time"
)

// maxClaims is the maximum number of files of an account that are imported at the same time. More
// files wait in the folder.
const maxClaims = 10

// account is the state of an account. All of it but the pause is a cache of its folder.
type account struct {
	*Watcher
	id  int64
	log *slog.Logger
	// waiting holds the files in the folder In by name, and claims those that are being imported
	// by token.
	waiting map[string]sighting
	claims  map[string]*claim
	wait    backoff
}

// sighting is a file that was seen in a folder.
type sighting struct {
	fs.FileInfo
	// since is the time at which this version of the file was first seen.
	since time.Time
	// isLogged reports that the log says why the file can't be imported.
	isLogged bool
}

// look continues the imports of the account and begins new ones. It accepts at most one file, and
// reports whether there is another one.
func (a *account) look(ctx context.Context, root *os.Root) (more bool, err error) {
	dir, err := OpenAccount(root, a.id)
	if err != nil {
		return false, err
	}
	defer func() { _ = dir.Close() }()
	if err := a.removeAbandoned(dir); err != nil {
		return false, err
	}
	if more, err = a.advance(ctx, dir); err != nil || more || a.Check() != nil {
		return more, err
	}
	claimed, err := a.claimReady(dir)
	return claimed > 0, err
}

// abandoned is the age after which an upload that nobody continues is removed. A connection without
// a byte ends much earlier.
const abandoned = time.Hour

// removeAbandoned removes the uploads that a crash has interrupted.
func (a *account) removeAbandoned(dir *os.Root) error {
	names, err := ReadNames(dir, Uploads)
	for _, name := range names {
		name = path.Join(Uploads, name)
		if info, err := dir.Lstat(name); err == nil && a.now().Sub(info.ModTime()) > abandoned {
			_ = dir.Remove(name)
		}
	}
	return err
}

// advance continues the imports in their order. It reports whether there are files to accept yet.
func (a *account) advance(ctx context.Context, dir *os.Root) (more bool, err error) {
	claims, err := a.findClaims(dir)
	if err != nil {
		return false, err
	}
	accepted := false
	for _, c := range claims {
		decided := c.isDecided()
		if !decided && accepted {
			return true, nil
		}
		if !c.retry.isOver(a.now()) {
			continue
		}
		done, err := c.advance(ctx, dir)
		if err != nil && (!c.isDecided() || ctx.Err() != nil) {
			return false, err
		}
		if delay := c.retry.set(a.now(), err); err != nil { // later files needn't wait for it
			a.log.Error("finishing the import of a file failed", "file", c.name, "folder", c.folder(), "retry_in", delay, "error", err)
			done = false
		}
		if done {
			delete(a.claims, c.token)
		}
		if accepted = accepted || !decided && c.isDecided(); !done && !c.isDecided() {
			return false, nil // later files must not precede it
		}
	}
	return false, nil
}

// findClaims returns the claims of the account. Those with a result precede the others, which could
// take the names that the results have.
func (a *account) findClaims(dir *os.Root) ([]*claim, error) {
	tokens, err := ReadNames(dir, working)
	if err != nil {
		return nil, err
	}
	known := a.claims
	a.claims = make(map[string]*claim, len(tokens))
	var published, others []*claim
	for _, token := range tokens {
		c := known[token]
		if c == nil {
			c = &claim{account: a, token: token}
		}
		a.claims[token] = c
		if err := c.find(dir); err != nil {
			return nil, err
		}
		if c.hasResult {
			published = append(published, c)
		} else {
			others = append(others, c)
		}
	}
	return append(published, others...), nil
}

// claimReady claims the files that are complete, from the oldest one on, and returns their number.
func (a *account) claimReady(dir *os.Root) (claimed int, err error) {
	ready, err := a.ready(dir)
	if err != nil {
		return 0, err
	}
	for _, name := range ready[:min(len(ready), max(maxClaims-len(a.claims), 0))] {
		switch err := a.claim(dir, name); {
		case errors.Is(err, fs.ErrNotExist): // removed or renamed
		case err != nil:
			s := a.waiting[name]
			if !s.isLogged {
				a.log.Error("a file can't be imported yet", "file", path.Join(In, name), "error", err)
			}
			s.isLogged = true
			a.waiting[name] = s
		default:
			claimed++
		}
	}
	return claimed, nil
}

// ready returns the names of the files that are complete, ordered by the times of their last
// change.
func (a *account) ready(dir *os.Root) (ready []string, err error) {
	names, err := ReadNames(dir, In)
	if err != nil {
		return nil, err
	}
	now, waiting := a.now(), make(map[string]sighting)
	for _, name := range names {
		info, err := dir.Lstat(path.Join(In, name))
		switch {
		case isPartial(name) || errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return nil, err
		}
		s := a.waiting[name]
		if !sameVersion(s.FileInfo, info) {
			s = sighting{FileInfo: info, since: now}
		}
		switch {
		case info.Mode().IsRegular() && now.Sub(s.since) >= a.Settle:
			ready = append(ready, name)
		case info.Mode().Type()&^fs.ModeDir != 0 && !s.isLogged:
			a.log.Warn("ignoring what is not a file", "file", path.Join(In, name), "mode", info.Mode().String())
			s.isLogged = true
		}
		waiting[name] = s
	}
	a.waiting = waiting
	slices.SortFunc(ready, func(x, y string) int {
		return cmp.Or(waiting[x].ModTime().Compare(waiting[y].ModTime()), cmp.Compare(x, y))
	})
	return ready, nil
}

// claim moves a file out of the folder In, so that nobody writes to it, into a folder whose name is
// its token.
func (a *account) claim(dir *os.Root, name string) error {
	from := path.Join(In, name)
	f, _, err := OpenFile(dir, from)
	if err != nil {
		return err
	}
	_ = f.Close() // it can be read
	token := a.now().UTC().Format("20060102T150405.000000000Z") + "-" + rand.Text()[:6]
	folder := path.Join(working, token)
	if err := dir.Mkdir(folder, folderMode); err != nil {
		return err
	}
	if err := dir.Rename(from, path.Join(folder, name)); err != nil {
		return errors.Join(err, dir.Remove(folder))
	}
	a.claims[token] = &claim{account: a, token: token, sighting: a.waiting[name]}
	delete(a.waiting, name)
	return errors.Join(Sync(dir, folder), Sync(dir, working), Sync(dir, In))
}
