package storetest

import (
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

var fileGuarantees = []guarantee{
	{"a file is found only by its own id in its own account, also after a restart", func(f *fixture) {
		file := f.file("a")
		f.restart()
		same(f, file, f.fileNow(file.ID), "the file")
		same(f, []int64{account}, must(f.UnreadFileAccounts(f.Context()))(f), "accounts with unread files")
		for _, id := range []store.FileID{store.NewFileID(1, f.now, file.Number), "F-", "A-" + file.ID[2:]} {
			wantError(f, ledger.ErrNotFound, f.Read(f.Context(), account, func(r store.Reader) error {
				_, err := r.BatchFiles().File(id)
				return err
			}))
		}
		wantError(f, ledger.ErrNotFound, f.Read(f.Context(), otherAccount, func(r store.Reader) error {
			_, err := r.BatchFiles().File(file.ID)
			return err
		}))
	}},
	{"a file with the same bytes is rejected with the first file's id, unless Again is set", func(f *fixture) {
		first := f.file("a")
		_, _, err := f.AcceptFile(f.Context(), account, f.now, store.NewFile{Event: f.auditEvent(store.OperationImport), Content: []byte("a")})
		known := (*store.DuplicateFileError)(nil)
		if !errors.As(err, &known) || known.First != first.ID {
			f.Fatalf("error is %v, want one with %s", err, first.ID)
		}
		again, _, err := f.AcceptFile(f.Context(), account, f.now, store.NewFile{Event: f.auditEvent(store.OperationImport), Content: []byte("a"), Again: true})
		wantError(f, nil, err)
		same(f, int64(2), again.Number, "the number of the second")
		f.queueRows(first, 0, true, invalidRow(2))
		_, _, err = f.AcceptFile(f.Context(), account, f.now, store.NewFile{Event: f.auditEvent(store.OperationImport), Content: []byte("a")})
		if !errors.As(err, &known) || known.First != again.ID {
			f.Fatalf("error is %v, want one with %s, which isn't complete", err, again.ID)
		}
		_, _, err = f.AcceptFile(f.Context(), otherAccount, f.now, store.NewFile{Event: f.auditEvent(store.OperationImport), Content: []byte("a")})
		wantError(f, nil, err)
	}},
	{"an import is an audit event with the file's name and rows", func(f *fixture) {
		seen := len(f.auditEvents(account))
		event := f.auditEvent(store.OperationImport)
		send := func(key string) (file store.File) {
			file, _, err := f.AcceptFile(f.Context(), account, f.now, store.NewFile{
				Name: "orders.csv", Records: 3, Content: []byte("a"), Again: true, Event: event, Key: store.Key{Text: key},
			})
			wantError(f, nil, err)
			return file
		}
		first := send("k")
		send("k")
		got := f.auditEvents(account)
		same(f, seen+1, len(got), "audit events, also after a replay")
		same(f, store.AuditEvent{
			Account: account, Number: int64(seen + 1), At: f.now, Actor: event.Actor, Operation: "import",
			Subject: "file " + string(first.ID), Reason: "a test", Detail: `"orders.csv", 3 rows`,
		}, got[0], "the event")
		_, _, err := f.AcceptFile(f.Context(), account, f.now, store.NewFile{Content: []byte("b")})
		wantError(f, store.ErrNoActor, err)
	}},
	{"a key that was seen returns its file, and conflicts with another file", func(f *fixture) {
		send := func(content string, request byte) (store.File, bool, error) {
			key := store.Key{Text: "k", Request: ids.Hash{request}}
			return f.AcceptFile(f.Context(), account, f.now, store.NewFile{Event: f.auditEvent(store.OperationImport), Content: []byte(content), Key: key, Again: true})
		}
		first, replayed, err := send("a", 1)
		same(f, []any{false, nil}, []any{replayed, err}, "the first")
		again, replayed, err := send("a", 1)
		same(f, []any{first.ID, true, nil}, []any{again.ID, replayed, err}, "the retry")
		_, _, err = send("b", 2)
		wantError(f, store.ErrKeyReused, err)
		first, _, err = f.AcceptFile(f.Context(), account, f.now, store.NewFile{Event: f.auditEvent(store.OperationImport), Content: []byte("c")})
		same(f, []any{int64(2), nil}, []any{first.Number, err}, "the next file")
	}},
	{"the decimal separator of a file is kept", func(f *fixture) {
		_, _, err := f.AcceptFile(f.Context(), account, f.now, store.NewFile{Event: f.auditEvent(store.OperationImport), Content: []byte("a"), DecimalSeparator: ","})
		wantError(f, nil, err)
		_, content, err := f.NextFile(f.Context(), account)
		same(f, []any{store.FileContent{Bytes: []byte("a"), DecimalSeparator: ","}, nil}, []any{content, err}, "the content")
	}},
	{"files are read oldest first and their bytes are deleted with the last row", func(f *fixture) {
		a, b := f.file("a"), f.file("b")
		next, content, err := f.NextFile(f.Context(), account)
		same(f, []any{a, "a", nil}, []any{next, string(content.Bytes), err}, "the next")
		f.queueRows(a, 0, true)
		next, content, err = f.NextFile(f.Context(), account)
		same(f, []any{b, "b", nil}, []any{next, string(content.Bytes), err}, "the one after it")
		f.queueRows(b, 0, true)
		_, _, err = f.NextFile(f.Context(), account)
		wantError(f, ledger.ErrNotFound, err)
		same(f, 0, len(must(f.UnreadFileAccounts(f.Context()))(f)), "accounts with unread files")
	}},
	{"entries are queued once: a batch at another position is rejected", func(f *fixture) {
		file := f.file("a")
		f.queueRows(file, 0, false, f.entry(2, f.order("a")), invalidRow(3))
		for _, from := range []int{0, 1, 3} {
			wantError(f, store.ErrFileChanged, f.QueueRows(f.Context(), account, f.now,
				store.RowBatch{File: file.Number, From: from, Entries: []store.FileEntry{f.entry(9, f.order("b"))}}))
		}
		f.restart()
		next, _, err := f.NextFile(f.Context(), account)
		same(f, []any{2, nil}, []any{next.Processed, err}, "queued entries")
		f.queueRows(file, 2, true, f.entry(4, f.order("b")))
		wantError(f, store.ErrFileChanged, f.QueueRows(f.Context(), account, f.now, store.RowBatch{File: file.Number, From: 3}))
		same(f, 2, f.apply(), "submissions")
	}},
	{"a file is complete with its last submission, or with its last row if it has none", func(f *fixture) {
		file, none := f.file("a"), f.file("b")
		f.queueRows(file, 0, false, f.entry(2, f.order("a")))
		f.apply()
		same(f, 1, f.fileNow(file.ID).Applied, "applied rows before its end")
		same(f, []time.Time{{}, {}}, []time.Time{f.fileNow(file.ID).Read, f.fileNow(file.ID).Completed}, "times before its end")
		f.now = f.now.Add(time.Minute)
		f.queueRows(file, 1, true, f.entry(3, f.order("b")))
		same(f, []time.Time{f.now, {}}, []time.Time{f.fileNow(file.ID).Read, f.fileNow(file.ID).Completed}, "times while queued")
		same(f, 1, f.fileNow(file.ID).Applied, "applied rows while one is queued")
		f.now = f.now.Add(time.Minute)
		f.apply()
		same(f, f.now, f.fileNow(file.ID).Completed, "completed")
		same(f, f.fileNow(file.ID).Records, f.fileNow(file.ID).Applied, "applied rows of a complete file")
		f.queueRows(none, 0, true, invalidRow(2))
		same(f, []any{f.now, 1}, []any{f.fileNow(none.ID).Completed, f.fileNow(none.ID).Errors}, "one without submissions")
	}},
	{"invalid rows and rows of failed submissions are listed by line", fileErrors},
	{"files are found by their dates of acceptance and completion", fileLists},
}

func fileErrors(f *fixture) {
	f.accept(f.order("a"))
	file := f.file("a")
	bad := &store.RowError{Order: "x", Code: rejection.CodeMalformed, Message: "Quantity: no"}
	f.queueRows(file, 0, true,
		f.entry(2, setQuantity("a", "12345", 1)),
		f.entry(7, setQuantity("none", "12345", 1)),
		store.FileEntry{Rows: []store.FileRow{{Line: 4, Item: 1}}, Error: bad},
		store.FileEntry{
			Rows:       []store.FileRow{{Line: 5, Item: 1}, {Line: 9, Item: 2}},
			Submission: store.Submission{Submission: ledger.Submission{Command: f.order("a")}},
		})
	same(f, 1, f.fileNow(file.ID).Applied, "rows that failed before they were queued")
	f.accept(setQuantity("none", "12345", 1)) // fails, but belongs to no file
	f.apply()
	same(f, 4, f.fileNow(file.ID).Errors, "errors")
	for _, p := range []struct{ number, size int }{{1, 9}, {1, 2}, {2, 2}, {2, 3}, {9, 9}} {
		found, details := f.details(file.ID, search.Page{Number: p.number, Size: p.size})
		all := []int{4, 5, 7, 9}
		from := min((p.number-1)*p.size, len(all))
		want := all[from:min(from+p.size, len(all))]
		lines := []int{}
		for _, d := range details {
			lines = append(lines, d.Line)
		}
		same(f, want, lines, fmt.Sprintf("lines of page %d", p.number))
		same(f, []any{4, len(want), from+len(want) < 4}, []any{found.Total, found.Count, found.More}, "page info")
	}
	_, details := f.details(file.ID, everything)
	same(f, bad, details[0].Cause, "the row error")
	same(f, []any{rejection.CodeConversionDuplicate, 1, 2}, []any{details[1].Submission.Outcome.Code, details[1].Item, details[3].Item}, "an order of two rows")
	same(f, rejection.CodeActionNotFound, details[2].Submission.Outcome.Code, "the code")
	same(f, details[2], read(f, func(r store.Reader) (store.FailedRow, error) { return r.BatchFiles().FileError(file.ID, 7) }), "the error at a line")
	for _, line := range []int{2, 3, -1} {
		wantError(f, ledger.ErrNotFound, f.Read(f.Context(), account, func(r store.Reader) error {
			_, err := r.BatchFiles().FileError(file.ID, line)
			return err
		}))
	}
}

func fileLists(f *fixture) {
	first := f.file("a")
	day := f.now
	f.queueRows(first, 0, true, invalidRow(2))
	f.now = f.now.Add(24 * time.Hour)
	f.file("b")
	third := f.file("c")
	span := func(from time.Time) search.TimeRange { return search.TimeRange{Start: from, End: from.Add(time.Hour)} }
	for name, c := range map[string]struct {
		filter search.FileFilter
		want   []int64
	}{
		"all, newest first":        {search.FileFilter{}, []int64{3, 2, 1}},
		"by the day of acceptance": {search.FileFilter{Accepted: span(f.now)}, []int64{3, 2}},
		"by the day of completion": {search.FileFilter{Completed: span(day)}, []int64{1}},
		"by both":                  {search.FileFilter{Accepted: span(f.now), Completed: span(day)}, []int64{}},
	} {
		got := list(f, func(r store.Reader) lister[search.FileFilter, store.File] { return r.BatchFiles().Files }, c.filter, everything)
		numbers := []int64{}
		for _, file := range got.objects {
			numbers = append(numbers, file.Number)
		}
		same(f, c.want, numbers, name)
		same(f, len(c.want), got.Total, name)
	}
	got := list(f, func(r store.Reader) lister[search.FileFilter, store.File] { return r.BatchFiles().Files }, search.FileFilter{}, search.Page{Number: 1, Size: 1})
	same(f, []store.File{third}, got.objects, "a page")
}

// file accepts a file.
func (f *fixture) file(content string) store.File {
	f.Helper()
	file, _, err := f.AcceptFile(f.Context(), account, f.now, store.NewFile{
		Event: f.auditEvent(store.OperationImport),
		Name:  content + ".csv", Kind: ledger.KindModification, Records: 1, Content: []byte(content),
	})
	wantError(f, nil, err)
	return file
}

// fileNow returns the current state of a file.
func (f *fixture) fileNow(id store.FileID) store.File {
	f.Helper()
	return read(f, func(r store.Reader) (store.File, error) { return r.BatchFiles().File(id) })
}

func (f *fixture) queueRows(file store.File, from int, last bool, entries ...store.FileEntry) {
	f.Helper()
	wantError(f, nil, f.QueueRows(f.Context(), account, f.now, store.RowBatch{File: file.Number, From: from, Entries: entries, Last: last}))
}

// entry returns an entry of one row.
func (f *fixture) entry(line int, command ledger.Command) store.FileEntry {
	return store.FileEntry{
		Rows: []store.FileRow{{Line: line}}, Submission: store.Submission{Submission: ledger.Submission{Command: command}},
	}
}

func invalidRow(line int) store.FileEntry {
	return store.FileEntry{Rows: []store.FileRow{{Line: line}}, Error: &store.RowError{Code: rejection.CodeMalformed}}
}

// details returns a page of the errors of a file.
func (f *fixture) details(id store.FileID, p search.Page) (found search.PageInfo, details []store.FailedRow) {
	f.Helper()
	wantError(f, nil, f.Read(f.Context(), account, func(r store.Reader) error {
		var all iter.Seq2[store.FailedRow, error]
		var err error
		if found, all, err = r.BatchFiles().FileErrors(id, p); err != nil {
			return err
		}
		for d, err := range all {
			if err != nil {
				return err
			}
			details = append(details, d)
		}
		return nil
	}))
	return found, details
}
