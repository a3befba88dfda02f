package watchfolder

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// Endings of the files beside an imported file.
const (
	resultSuffix = ".result.json"
	failedSuffix = ".failed.csv"
)

// Names of these files in the folder of a claim, where no file to import has such a name. Once there
// is a result, nothing else is decided.
const (
	resultName = ".result.json"
	failedName = ".failed.csv"
)

// Status is the status of a file.
type Status string

// The statuses. Rows of a complete file may have failed; of a rejected one, none was applied.
const (
	StatusComplete Status = "Complete"
	StatusRejected Status = "Rejected"
)

// maxErrors is the maximum number of failed rows in a result. The file of failed rows has all.
const maxErrors = 1000

// Result is the result of a file, which is written beside it. The names of its members are those of
// the protocol.
type Result struct {
	// FileName is the name under which the file arrived. File is its path below the folder of the
	// account, and ErrorsFile that of its failed rows, or empty.
	FileName   string
	File       string
	Status     Status
	Message    string        `json:",omitempty"`
	BatchID    string        `json:"BatchId,omitempty"`
	Type       ledger.Kind   `json:",omitempty"`
	Submitted  time.Time     `json:"SubmissionDate,omitzero"`
	Completed  time.Time     `json:"CompletionDate,omitzero"`
	Records    int           `json:"TotalRecords"`
	Blank      int           `json:"BlankRecords"`
	Errors     int           `json:"TotalErrors"`
	Unpriced   int           `json:"UnpricedLines"`
	Format     string        `json:",omitempty"`
	Ignored    []string      `json:"IgnoredColumns,omitempty"`
	Decimal    string        `json:"DecimalSeparator,omitempty"`
	Failed     []ResultError `json:"Errors,omitempty"`
	ErrorsFile string        `json:",omitempty"`
}

// ResultError is a failed row of a [Result].
type ResultError struct {
	Line    int
	Code    rejection.Code
	Message string
}

// writeResult writes the failed rows and then the result into the folder of the claim.
func (c *claim) writeResult(ctx context.Context, dir *os.Root) error {
	var failed []encode.FailedRow
	if c.accepted != nil {
		var err error
		if failed, err = batchfile.FailedRows(ctx, c.Store, c.id, c.accepted.File); err != nil {
			return err
		}
	}
	hasFailed := false
	if c.rejection == "" {
		var err error
		if hasFailed, err = c.writeFailed(dir, failed); err != nil {
			return err
		}
	}
	r, err := c.result(dir, failed)
	if err != nil {
		return err
	}
	if hasFailed {
		r.ErrorsFile = r.File + failedSuffix
	}
	if err := c.encode(dir, r); err != nil {
		return err
	}
	c.logImported(r)
	return nil
}

// encode writes the result into the folder of the claim.
func (c *claim) encode(dir *os.Root, r Result) error {
	return write(dir, path.Join(c.folder(), resultName), func(f *os.File) error {
		e := json.NewEncoder(f)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(r)
	})
}

// writeFailed writes the failed rows, and reports whether there are any. It rejects a file that has
// changed, whose lines may be others now, or can't be read.
func (c *claim) writeFailed(dir *os.Root, failed []encode.FailedRow) (bool, error) {
	content, changed, err := c.readAgain(dir, len(failed) > 0)
	switch {
	case err != nil && c.isUnreadable(err):
		c.rejection = unreadableMessage(err)
		return false, nil
	case err != nil:
		return false, err
	case changed:
		c.rejection = changedMessage
		return false, nil
	case len(failed) == 0:
		return false, nil
	}
	return true, write(dir, path.Join(c.folder(), failedName), func(f *os.File) error {
		return batchfile.WriteFailed(f, content, batchfile.Reasons(failed), true)
	})
}

// readAgain reports whether the file has changed after it was accepted. Otherwise it returns the
// content, if that is needed.
func (c *claim) readAgain(dir *os.Root, needed bool) (content []byte, changed bool, err error) {
	f, info, err := c.open(dir, path.Join(c.folder(), c.name))
	if err != nil {
		return nil, false, err
	}
	defer f.Close()
	if !sameVersion(c.FileInfo, info) {
		return nil, true, nil
	}
	if needed {
		content, err = io.ReadAll(io.LimitReader(f, batchfile.MaxSize))
	}
	return content, false, err
}

// result returns the result of the file with the failed rows.
func (c *claim) result(dir *os.Root, failed []encode.FailedRow) (Result, error) {
	r := Result{FileName: c.name, Status: StatusComplete, Message: c.rejection}
	folder := Done
	if c.rejection != "" || len(failed) > 0 {
		folder = Failed
	}
	if a := c.accepted; a != nil {
		r.BatchID, r.Type, r.Submitted, r.Completed = string(a.ID), a.Kind, a.Accepted, a.Completed
		r.Records, r.Errors, r.Blank, r.Unpriced = a.Records, a.Errors, a.Blank, a.Unpriced
		r.Format, r.Ignored, r.Decimal = a.Format, a.IgnoredColumns, a.DecimalSeparator
	} else {
		r.Status = StatusRejected
	}
	for _, row := range failed[:min(len(failed), maxErrors)] {
		r.Failed = append(r.Failed, ResultError(row))
	}
	free, err := c.free(dir, path.Join(folder, shorten(c.name)))
	r.File = free
	return r, err
}

// free returns the path, or one with the token of the claim if a file or a result with the path
// exists.
func (c *claim) free(dir *os.Root, file string) (string, error) {
	for _, suffix := range []string{"", resultSuffix, failedSuffix} {
		_, err := dir.Lstat(file + suffix)
		if err == nil {
			return withSuffix(file, c.token), nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return file, nil
}

// publish moves the file, its failed rows and at last its result to where the result says, as far
// as they have not been moved yet.
func (c *claim) publish(dir *os.Root) error {
	f, _, err := OpenFile(dir, path.Join(c.folder(), resultName))
	if err != nil {
		return err
	}
	defer f.Close()
	var r Result
	if err := json.NewDecoder(f).Decode(&r); err != nil {
		return err
	}
	if err := c.rename(dir, &r); err != nil {
		return err
	}
	for _, move := range [][2]string{
		{c.name, r.File}, {failedName, r.ErrorsFile}, {resultName, r.File + resultSuffix},
	} {
		from := path.Join(c.folder(), move[0])
		if move[0] == "" || move[1] == "" {
			continue
		}
		if _, err := dir.Lstat(from); errors.Is(err, fs.ErrNotExist) { // it was moved before a crash
			continue
		}
		if err := dir.Rename(from, move[1]); err != nil {
			return err
		}
	}
	return c.remove(dir)
}

// rename changes the result if its file has not been moved yet and another one took its name.
func (c *claim) rename(dir *os.Root, r *Result) error {
	if c.name == "" {
		return nil
	}
	free, err := c.free(dir, r.File)
	if err != nil || free == r.File {
		return err
	}
	r.File = free
	if r.ErrorsFile != "" {
		r.ErrorsFile = free + failedSuffix
	}
	return c.encode(dir, *r)
}

// remove removes the folder of the claim. It fails if a file is left in it.
func (c *claim) remove(dir *os.Root) error {
	for _, name := range []string{failedName, failedName + tempSuffix, resultName + tempSuffix} {
		if err := dir.Remove(path.Join(c.folder(), name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := errors.Join(Sync(dir, Done), Sync(dir, Failed)); err != nil { // what was moved there
		return err
	}
	return dir.Remove(c.folder())
}
