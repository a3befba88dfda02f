package storetest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/archive"
	"github.com/trueup-ledger/trueup/internal/store/verify"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// retainDays records the days of retention; nil retains forever.
func (f *fixture) retainDays(actions, submissions *int) {
	f.Helper()
	change := reference(account)
	change.Reference = program.Reference{Account: change.Reference.Account}
	change.Reference.Account.RetainActionsDays, change.Reference.Account.RetainSubmissionsDays = actions, submissions
	f.record(account, change)
}

// retain removes what may be removed now.
func (f *fixture) retain(folder store.ArchiveFolder) store.Retained {
	f.Helper()
	return must(f.Retain(f.Context(), account, f.now, folder, f.auditEvent(store.OperationRetain)))(f)
}

// payInvoice issues the invoices of December and pays the first one on 10 January.
func (f *fixture) payInvoice() {
	f.Helper()
	f.now = firstOf(2027, 1).Add(time.Hour)
	f.bill(f.now)
	v := f.invoices()[0]
	paid := time.Date(2027, 1, 10, 0, 0, 0, 0, losAngeles)
	f.now = paid.Add(time.Hour)
	f.pay(store.Payment{Payment: invoice.Payment{Invoice: v.ID, Date: paid}, Amount: v.Total})
	f.accept(f.order("newest")) // the newest submission stays
	f.apply()
}

// wantSound verifies the store with the archives.
func (f *fixture) wantSound(folder store.ArchiveFolder) verify.Result {
	f.Helper()
	r := must(verify.Run(context.Background(), f.Store, ledger.Decide, folder))(f)
	for _, v := range r.Violations {
		f.Error(v)
	}
	return r
}

// modified returns the action of an order that was modified twice, which is undone once.
func (f *fixture) modified(order string) ledger.Action {
	f.Helper()
	n := f.accept(f.order(order))[0].Number
	f.apply()
	second := f.accept(setQuantity(order, "12345", 3), setQuantity(order, "12345", 1))[1].Number
	f.apply()
	f.accept(ledger.Undo{Submission: second})
	f.apply()
	return f.action(n)
}

// Orders of November lock in November and clear on 20 December.
var retentionGuarantees = []guarantee{
	{"a paid action is archived with its records and removed", func(f *fixture) {
		folder := new(ArchiveFolder)
		f.retainDays(new(32), nil)
		a := f.modified("a")
		f.modified("b")
		f.payInvoice()
		f.now = time.Date(2027, 2, 10, 23, 59, 59, 0, losAngeles)
		same(f, store.Retained{}, f.retain(folder), "removed before the day")
		f.now = f.now.Add(time.Second)
		dry := f.retain(nil)
		same(f, int64(2), dry.Actions, "actions of a dry run")
		f.action(a.ID.Number)
		before := f.invoices()
		got := f.retain(folder)
		same(f, dry.String(), got.String(), "counts")
		same(f, int64(8), got.Submissions, "submissions")
		same(f, 1, len(got.Files), "files")
		same(f, before, f.invoices(), "invoices")
		same(f, store.Retained{}, f.retain(folder), "removed again")
		_, err := readAction(f, a.ID)
		wantError(f, ledger.ErrNotFound, err)
		file := must(archive.Decode(must(folder.Read(got.Files[0]))(f)))(f)
		same(f, a, *file.Groups[0].Action, "archived action")
		same(f, int64(2), f.wantSound(folder).Archived, "archived actions")
		event := must(f.AuditEvents(f.Context(), account, 0, 1))(f)[0]
		same(f, "archive "+got.Files[0], event.Subject, "subject of the audit event")
		same(f, got.String(), event.Detail, "detail of the audit event")
	}},
	{"the order of an archived action is still a duplicate, and nothing else finds it", func(f *fixture) {
		folder := new(ArchiveFolder)
		f.retainDays(new(32), nil)
		a := f.modified("a")
		f.payInvoice()
		f.now = time.Date(2027, 3, 1, 0, 0, 0, 0, losAngeles)
		same(f, int64(1), f.retain(folder).Actions, "actions")
		again := f.order("a")
		again.EventDate = a.EventDate
		last := f.accept(again, setQuantity("a", "12345", 1), ledger.Undo{Submission: 3})
		f.apply()
		for i, code := range []rejection.Code{rejection.CodeConversionDuplicate, rejection.CodeActionNotFound, rejection.CodeActionNotFound} {
			same(f, code, f.submission(last[i]).Outcome.Code, "code")
		}
		f.wantSound(folder)
	}},
	{"an action stays until late returns are refused, and is removed with its adjustments", func(f *fixture) {
		folder := new(ArchiveFolder)
		a := f.lateOrderFor(100)
		f.retainDays(new(32), nil)
		f.now = a.LockingDate.Add(time.Hour)
		second := f.accept(setQuantity(a.Order, "12345", 1))[0].Number
		f.apply()
		f.accept(ledger.Undo{Submission: second})
		f.apply()
		same(f, 2, len(f.adjustments(search.AdjustmentFilter{})), "adjustments")
		f.payInvoice()
		year, month, day := a.LockingDate.In(losAngeles).Date()
		f.now = time.Date(year, month, day+101+32, 0, 0, 0, 0, losAngeles).Add(-time.Second)
		same(f, store.Retained{}, f.retain(folder), "removed while late returns were possible")
		f.now = f.now.Add(time.Second)
		got := f.retain(folder)
		same(f, int64(2), got.Adjustments, "adjustments")
		f.wantSound(folder)
	}},
	{"an action stays while its invoice is not paid", func(f *fixture) {
		folder := new(ArchiveFolder)
		f.retainDays(new(32), nil)
		f.modified("a")
		f.now = firstOf(2027, 1).Add(time.Hour)
		f.bill(f.now)
		f.accept(f.order("newest"))
		f.apply()
		f.now = firstOf(2027, 6)
		same(f, store.Retained{}, f.retain(folder), "removed")
	}},
	{"a reversed action stays until the days after it cleared", func(f *fixture) {
		folder := new(ArchiveFolder)
		f.retainDays(new(32), nil)
		f.accept(f.order("a"))
		f.apply()
		f.accept(reverse("a"))
		f.apply()
		f.accept(f.order("newest"))
		f.apply()
		f.now = time.Date(2027, 1, 20, 23, 0, 0, 0, losAngeles)
		f.bill(f.now)
		same(f, store.Retained{}, f.retain(folder), "removed before the day")
		f.now = time.Date(2027, 1, 21, 0, 0, 0, 0, losAngeles)
		same(f, int64(1), f.retain(folder).Actions, "actions")
		f.wantSound(folder)
	}},
	{"an action stays while a submission is queued, an inquiry names its order or an event is to be delivered", func(f *fixture) {
		folder := new(ArchiveFolder)
		f.retainDays(new(32), nil)
		f.modified("a")
		f.payInvoice()
		f.now = time.Date(2027, 3, 1, 0, 0, 0, 0, losAngeles)
		f.accept(setQuantity("a", "12345", 1))
		same(f, store.Retained{Queued: true}, f.retain(folder), "removed with a queue")
		f.apply()
		names, err := folder.List("")
		wantError(f, nil, err)
		same(f, 1, len(names), "files that nothing records")
		f.inquire("a")
		same(f, store.Retained{}, f.retain(folder), "removed with an inquiry")
	}},
	{"submissions without effect are removed after their days, others stay", func(f *fixture) {
		folder := new(ArchiveFolder)
		f.retainDays(nil, new(90))
		f.accept(f.order("a"), f.order("a"), setQuantity("unknown", "12345", 1), setQuantity("a", "12345", 1))
		f.apply()
		f.now = f.now.AddDate(0, 0, 90)
		same(f, store.Retained{}, f.retain(folder), "removed on the day")
		f.now = f.now.Add(time.Hour)
		got := f.retain(folder)
		same(f, int64(2), got.Submissions, "submissions")
		same(f, int64(0), got.Actions, "actions")
		same(f, []int64{4, 1}, f.submissions(search.SubmissionFilter{}, everything).numbers(), "submissions that stay")
		same(f, 2, f.submissions(search.SubmissionFilter{}, everything).Total, "total")
		f.wantSound(folder)
	}},
	{"an archived order is still the customer's last one", func(f *fixture) {
		folder := new(ArchiveFolder)
		f.retainDays(new(32), nil)
		first := f.personalOrder("a")
		f.accept(first)
		f.apply()
		f.payInvoice()
		f.now = time.Date(2027, 3, 1, 0, 0, 0, 0, losAngeles)
		same(f, int64(1), f.retain(folder).Actions, "actions")
		second := f.personalOrder("b")
		second.Partner = 0
		n := f.accept(second)[0].Number
		f.apply()
		same(f, first.Partner, f.action(n).Partner, "partner")
		f.wantSound(folder)
	}},
	{"an erasure covers archives, and needs their folder", func(f *fixture) {
		folder := new(ArchiveFolder)
		f.retainDays(new(32), new(90))
		f.accept(f.personalOrder("a"), f.personalOrder("a"), f.order("b"))
		f.apply()
		f.payInvoice()
		f.now = time.Date(2027, 3, 1, 0, 0, 0, 0, losAngeles)
		same(f, int64(2), f.retain(folder).Actions, "actions")
		event := f.auditEvent(store.OperationErase)
		_, err := f.Erase(f.Context(), account, f.now, Customer, false, nil, ledger.Decide, event)
		wantError(f, store.ErrArchived, err)
		dry := must(f.Erase(f.Context(), account, f.now, Customer, true, folder, ledger.Decide, event))(f)
		same(f, 0, folder.partialRemovals, "removals of incomplete files by a dry run")
		wantText(f, folder, true)
		names := must(folder.List(""))(f)
		orphan := names[0][:strings.Index(names[0], "/")+1] + "00000001-left.jsonl.gz"
		wantError(f, nil, folder.Write(orphan, must(folder.Read(names[0]))(f)))
		erased := must(f.Erase(f.Context(), account, f.now, Customer, false, folder, ledger.Decide, event))(f)
		same(f, dry.Actions, erased.Actions, "actions")
		same(f, dry.Submissions, erased.Submissions, "submissions")
		same(f, 1, folder.partialRemovals, "removals of incomplete files")
		wantText(f, folder, false)
		same(f, len(names), len(must(folder.List(""))(f)), "files")
		f.wantSound(folder)
		again := must(f.Erase(f.Context(), account, f.now, Customer, false, folder, ledger.Decide, event))(f)
		same(f, store.Erasure{}, again, "erased again")
	}},
	{"of two runs at once, the file of the one that removed the records stays", func(f *fixture) {
		folder := new(ArchiveFolder)
		f.retainDays(new(32), nil)
		f.modified("a")
		f.payInvoice()
		f.now = time.Date(2027, 3, 1, 0, 0, 0, 0, losAngeles)
		var first store.Retained
		second := f.retain(&interruptedFolder{ArchiveFolder: folder, after: func() { first = f.retain(folder) }})
		same(f, int64(1), first.Actions, "actions of the first run")
		same(f, int64(0), second.Actions, "actions of the second run")
		same(f, int64(1), f.wantSound(folder).Archived, "archived actions")
	}},
	{"two erasures of an archive at the same time both take effect", func(f *fixture) {
		folder := f.archiveOrders("secret-1", "secret-2", "secret-3", "secret-4")
		f.eraseIn("secret-1", &interruptedFolder{ArchiveFolder: folder, before: func() { f.eraseIn("secret-2", folder) }})
		f.wantSound(folder)
		f.eraseIn("secret-3", &interruptedFolder{ArchiveFolder: folder, after: func() { f.eraseIn("secret-4", folder) }})
		wantText(f, folder, false)
		same(f, 1, len(must(folder.List(""))(f)), "files")
		f.wantSound(folder)
	}},
	{"an erasure names an archive that was changed, and does not replace it", func(f *fixture) {
		folder := f.archiveOrders(Customer)
		name := must(folder.List(""))(f)[0]
		file := must(archive.Decode(must(folder.Read(name))(f)))(f)
		file.Groups[0].Action.Note = "edited"
		wantError(f, nil, folder.Remove(name))
		wantError(f, nil, folder.Write(name, must(archive.Encode(file))(f)))
		_, err := f.Erase(f.Context(), account, f.now, Customer, false, folder, ledger.Decide, f.auditEvent(store.OperationErase))
		if err == nil || !strings.Contains(err.Error(), name) {
			f.Errorf("got %v, want an error that names %s", err, name)
		}
		same(f, []string{name}, must(folder.List(""))(f), "files")
	}},
	{"a damaged archive does not keep an erasure from the rest, and the erasure can be repeated", func(f *fixture) {
		folder := f.archiveOrders(Customer, "other")
		name := must(folder.List(""))(f)[0]
		content := must(folder.Read(name))(f)
		orphan := name[:strings.Index(name, "/")+1] + "00000001-left.jsonl.gz"
		wantError(f, nil, folder.Write(orphan, content))
		f.accept(f.personalOrder("live"), f.order("last"))
		f.apply()
		wantError(f, nil, folder.Remove(name))
		wantError(f, nil, folder.Write(name, []byte("damaged")))
		violations := must(verify.Run(f.Context(), f.Store, ledger.Decide, folder))(f).Violations
		same(f, 1, len(violations), "violations")
		_, err := f.Erase(f.Context(), account, f.now, Customer, false, folder, ledger.Decide, f.auditEvent(store.OperationErase))
		if err == nil || !strings.Contains(err.Error(), name) {
			f.Errorf("got %v, want an error that names %s", err, name)
		}
		if text := f.everything(); strings.Contains(text, "secret") {
			f.Errorf("the account still has personal data:\n%s", text)
		}
		same(f, store.OperationErase, f.auditEvents(account)[0].Operation, "the last audit event")
		same(f, false, slices.Contains(must(folder.List(""))(f), orphan), "the other file is left")
		wantError(f, nil, folder.Remove(name))
		wantError(f, nil, folder.Write(name, content))
		f.eraseIn(Customer, folder)
		wantText(f, folder, false)
		f.wantSound(folder)
	}},
	{"an erasure covers what names an archived order: archived, stored and in errors of files", func(f *fixture) {
		folder := new(ArchiveFolder)
		f.retainDays(new(30), new(90))
		f.recordClicks(program.Click{ID: "secret-click", Campaign: campaign, Partner: partner, Customer: Customer, At: f.now})
		f.now = f.now.Add(time.Minute)
		byClick := f.order("b")
		byClick.Partner, byClick.Click = 0, "secret-click"
		f.accept(f.personalOrder("a"), byClick)
		f.apply()
		f.archivePaid(folder)
		live := f.personalOrder("live")
		number := f.accept(live)[0].Number
		f.apply()
		noted := func(order string) ledger.Command {
			c := setQuantity(order, "12345", 1)
			c.Note = "secret note"
			return c
		}
		reversal := reverse("live")
		reversal.Reason, reversal.Note = "nothing", "secret reason" // fails, on the live action
		f.accept(noted("a"), noted("b"), ledger.Undo{Submission: 1, Note: "secret undo"}, ledger.Undo{Submission: number, Note: "secret undo"}, reversal)
		f.apply()
		other := noted("nobody").(ledger.Modification)
		other.Note = "kept note"
		f.accept(other, f.order("last"))
		f.apply()
		f.now = f.now.AddDate(0, 0, 91)
		if got := f.retain(folder); got.Submissions == 0 {
			f.Fatalf("archived %s, want the failed submissions", got)
		}
		f.accept(noted("a"), noted("b"), ledger.Undo{Submission: 1, Note: "secret undo"}, f.order("newest2"))
		f.apply()
		file := f.file("rows")
		row := invalidRow(2)
		row.Error.Order, row.Error.Message = "b", "Note: secret row"
		f.queueRows(file, 0, true, row, invalidRow(3))
		f.apply()
		wantText(f, folder, true)
		event := f.auditEvent(store.OperationErase)
		dry := must(f.Erase(f.Context(), account, f.now, Customer, true, folder, ledger.Decide, event))(f)
		erased := f.eraseIn(Customer, folder)
		same(f, dry, erased, "the counts of the dry run")
		same(f, int64(1), erased.FileRows, "rows of files")
		wantText(f, folder, false)
		if text := f.everything(); strings.Contains(text, "secret") {
			f.Errorf("the account still has personal data:\n%s", text)
		}
		same(f, store.Erasure{}, f.eraseIn(Customer, folder), "erased again")
		f.wantSound(folder)
	}},
	{"an erasure erases the customer that is kept of an archived order by the customer's click", func(f *fixture) {
		folder := new(ArchiveFolder)
		f.recordClicks(program.Click{ID: "secret-click", Campaign: campaign, Partner: partner, Customer: Customer, At: f.now})
		f.now = f.now.Add(time.Minute)
		f.retainDays(new(32), nil)
		c := f.order("a")
		c.Partner, c.Click, c.Customer = 0, "secret-click", "another id"
		f.accept(c)
		f.apply()
		f.archivePaid(folder)
		f.eraseIn(Customer, folder)
		wantError(f, nil, f.Scan(f.Context(), account, func(c store.Contents) error {
			for a, err := range c.Archived().Actions {
				same(f, "", a.Customer, "the kept customer")
				wantError(f, nil, err)
			}
			return nil
		}))
		f.wantSound(folder)
	}},
	{"without a limit nothing is removed", func(f *fixture) {
		f.modified("a")
		f.payInvoice()
		f.now = firstOf(2037, 1)
		same(f, store.Retained{}, f.retain(new(ArchiveFolder)), "removed")
		same(f, false, must(f.RetentionSet(f.Context(), account))(f), "setting")
		_, err := f.Retain(f.Context(), 999, f.now, new(ArchiveFolder), f.auditEvent(store.OperationRetain))
		wantError(f, ledger.ErrNotFound, err)
	}},
	{"if the archive can't be written, nothing is removed", func(f *fixture) {
		f.retainDays(new(32), nil)
		a := f.modified("a")
		f.payInvoice()
		f.now = time.Date(2027, 3, 1, 0, 0, 0, 0, losAngeles)
		_, err := f.Retain(f.Context(), account, f.now, fullFolder{}, f.auditEvent(store.OperationRetain))
		wantError(f, errFull, err)
		same(f, a, f.action(a.ID.Number), "action")
	}},
}

// archiveOrders archives one order of each customer in a file.
func (f *fixture) archiveOrders(customers ...string) *ArchiveFolder {
	f.Helper()
	folder := new(ArchiveFolder)
	f.retainDays(new(32), nil)
	for i, customer := range customers {
		c := f.order("order" + string(rune('a'+i)))
		c.Customer = customer
		f.accept(c)
	}
	f.apply()
	f.archivePaid(folder)
	return folder
}

// archivePaid pays the invoice of the actions and archives them.
func (f *fixture) archivePaid(folder store.ArchiveFolder) {
	f.Helper()
	f.payInvoice()
	f.now = time.Date(2027, 3, 1, 0, 0, 0, 0, losAngeles)
	same(f, 1, len(f.retain(folder).Files), "files")
}

// eraseIn erases a customer with the archives of a folder.
func (f *fixture) eraseIn(customer string, folder store.ArchiveFolder) store.Erasure {
	f.Helper()
	return must(f.Erase(f.Context(), account, f.now, customer, false, folder, ledger.Decide, f.auditEvent(store.OperationErase)))(f)
}

// interruptedFolder calls functions once, before and after the first file is written.
type interruptedFolder struct {
	store.ArchiveFolder
	before, after func()
}

func (f *interruptedFolder) Write(name string, content []byte) error {
	before, after := f.before, f.after
	f.before, f.after = nil, nil
	if before != nil {
		before()
	}
	err := f.ArchiveFolder.Write(name, content)
	if after != nil {
		after()
	}
	return err
}

var errFull = errors.New("the folder is full")

// fullFolder is a folder that can't be written.
type fullFolder struct{ store.ArchiveFolder }

func (fullFolder) Write(string, []byte) error { return errFull }

func readAction(f *fixture, id ids.ActionID) (a ledger.Action, err error) {
	err = f.Read(f.Context(), account, func(r store.Reader) error {
		a, err = r.Action(id)
		return err
	})
	return a, err
}

// wantText fails the test unless the files of a folder contain a secret of the customer, or don't.
func wantText(f *fixture, folder *ArchiveFolder, want bool) {
	f.Helper()
	found := false
	for _, name := range must(folder.List(""))(f) {
		r := must(gzip.NewReader(bytes.NewReader(must(folder.Read(name))(f))))(f)
		text := string(must(io.ReadAll(r))(f))
		found = found || strings.Contains(text, "secret") || strings.Contains(text, Customer)
	}
	same(f, want, found, "a secret of the customer")
}
