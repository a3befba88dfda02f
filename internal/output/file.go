package output

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// File calls to with a new file. The file gets its name once it is complete, so that no
// one takes a part for the whole. If the name is that of a link, the target gets its content. If
// it is that of a device or a pipe, File calls to with that.
func File(name string, to func(io.Writer) error) (err error) {
	switch info, err := os.Stat(name); {
	case err == nil && !info.Mode().IsRegular():
		file, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(to(file), file.Close())
	case err == nil:
		if name, err = filepath.EvalSymlinks(name); err != nil {
			return err
		}
	}
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.partial")
	if err != nil {
		return err
	}
	if err = to(file); err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}

// Interruptible returns a writer to w that returns when ctx ends, even if its reader stalls.
func Interruptible(ctx context.Context, w io.Writer) io.Writer { return interruptible{ctx, w} }

// interruptible is the writer of [Interruptible].
type interruptible struct {
	ctx context.Context
	io.Writer
}

func (i interruptible) Write(b []byte) (int, error) {
	type result struct {
		n   int
		err error
	}
	written := make(chan result, 1)
	go func() {
		n, err := i.Writer.Write(b)
		written <- result{n, err}
	}()
	select {
	case r := <-written:
		return r.n, r.err
	case <-i.ctx.Done():
		return 0, context.Cause(i.ctx)
	}
}

// ReadFile reads a file. It fails if the file has more than limit bytes.
func ReadFile(name string, limit int64) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err == nil && int64(len(text)) > limit {
		err = fmt.Errorf("%s: larger than %d MiB: split it", name, limit>>20)
	}
	return text, err
}
