// Package spool keeps bodies in temporary files while they arrive.
package spool

import (
	"errors"
	"io"
	"os"
)

// Error is an error of the file, not of the body.
type Error struct{ error }

func (e Error) Unwrap() error { return e.error }

// File is a temporary file that is gone once it is closed.
type File struct {
	*os.File
	// named reports whether the file still has its name, because the system doesn't remove
	// names of open files.
	named bool
}

// Copy reads body into a file in a folder and returns the file at its start. An empty folder
// is the system's for temporary files. If the file fails, the error is an [Error].
func Copy(folder string, body io.Reader) (File, error) {
	file, err := create(folder)
	if err != nil {
		return File{}, Error{err}
	}
	target := &failingWriter{Writer: file}
	_, err = io.Copy(target, body)
	if target.err != nil {
		err = Error{target.err}
	}
	if err == nil {
		if _, seekErr := file.Seek(0, io.SeekStart); seekErr != nil {
			err = Error{seekErr}
		}
	}
	if err != nil {
		return File{}, errors.Join(err, file.Close())
	}
	return file, nil
}

// create creates a file and removes its name, so that it is gone after a crash too.
func create(folder string) (File, error) {
	file, err := os.CreateTemp(folder, "trueup-upload-")
	if err != nil {
		return File{}, err
	}
	return File{file, os.Remove(file.Name()) != nil}, nil
}

// Close closes the file and removes it.
func (f File) Close() error {
	err := f.File.Close()
	if f.named {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

// failingWriter records the error of writing, which io.Copy doesn't distinguish from one of
// reading.
type failingWriter struct {
	io.Writer
	err error
}

func (w *failingWriter) Write(b []byte) (n int, err error) {
	n, w.err = w.Writer.Write(b)
	return n, w.err
}
