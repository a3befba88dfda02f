package storetest

import (
	"bytes"
	"compress/gzip"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/archive"
	"github.com/trueup-ledger/trueup/internal/store/verify"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Erasures of customers whose orders are archived.
var retentionErasureGuarantees = []guarantee{
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
	{"two erasures of an archive at the same time both take effect", func(f *fixture) {
		folder := f.archiveOrders("veiled-1", "veiled-2", "veiled-3", "veiled-4")
		f.eraseIn("veiled-1", &interruptedFolder{ArchiveFolder: folder, before: func() { f.eraseIn("veiled-2", folder) }})
		f.wantSound(folder)
		f.eraseIn("veiled-3", &interruptedFolder{ArchiveFolder: folder, after: func() { f.eraseIn("veiled-4", folder) }})
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
		if text := f.everything(); strings.Contains(text, "veiled") {
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
		f.recordClicks(program.Click{ID: "veiled-click", Campaign: campaign, Partner: partner, Customer: Customer, At: f.now})
		f.now = f.now.Add(time.Minute)
		byClick := f.order("b")
		byClick.Partner, byClick.Click = 0, "veiled-click"
		f.accept(f.personalOrder("a"), byClick)
		f.apply()
		f.archivePaid(folder)
		live := f.personalOrder("live")
		number := f.accept(live)[0].Number
		f.apply()
		noted := func(order string) ledger.Command {
			c := setQuantity(order, "12345", 1)
			c.Note = "veiled note"
			return c
		}
		reversal := reverse("live")
		reversal.Reason, reversal.Note = "nothing", "veiled reason" // fails, on the live action
		f.accept(noted("a"), noted("b"), ledger.Undo{Submission: 1, Note: "veiled undo"}, ledger.Undo{Submission: number, Note: "veiled undo"}, reversal)
		f.apply()
		other := noted("nobody").(ledger.Modification)
		other.Note = "kept note"
		f.accept(other, f.order("last"))
		f.apply()
		f.now = f.now.AddDate(0, 0, 91)
		if got := f.retain(folder); got.Submissions == 0 {
			f.Fatalf("archived %s, want the failed submissions", got)
		}
		f.accept(noted("a"), noted("b"), ledger.Undo{Submission: 1, Note: "veiled undo"}, f.order("newest2"))
		f.apply()
		file := f.file("rows")
		row := invalidRow(2)
		row.Error.Order, row.Error.Message = "b", "Note: veiled row"
		f.queueRows(file, 0, true, row, invalidRow(3))
		f.apply()
		wantText(f, folder, true)
		event := f.auditEvent(store.OperationErase)
		dry := must(f.Erase(f.Context(), account, f.now, Customer, true, folder, ledger.Decide, event))(f)
		erased := f.eraseIn(Customer, folder)
		same(f, dry, erased, "the counts of the dry run")
		same(f, int64(1), erased.FileRows, "rows of files")
		wantText(f, folder, false)
		if text := f.everything(); strings.Contains(text, "veiled") {
			f.Errorf("the account still has personal data:\n%s", text)
		}
		same(f, store.Erasure{}, f.eraseIn(Customer, folder), "erased again")
		f.wantSound(folder)
	}},
	{"an erasure erases the customer that is kept of an archived order by the customer's click", func(f *fixture) {
		folder := new(ArchiveFolder)
		f.recordClicks(program.Click{ID: "veiled-click", Campaign: campaign, Partner: partner, Customer: Customer, At: f.now})
		f.now = f.now.Add(time.Minute)
		f.retainDays(new(32), nil)
		c := f.order("a")
		c.Partner, c.Click, c.Customer = 0, "veiled-click", "another id"
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

// wantText fails the test unless the files of a folder contain a veiled text of the customer, or don't.
func wantText(f *fixture, folder *ArchiveFolder, want bool) {
	f.Helper()
	found := false
	for _, name := range must(folder.List(""))(f) {
		r := must(gzip.NewReader(bytes.NewReader(must(folder.Read(name))(f))))(f)
		text := string(must(io.ReadAll(r))(f))
		found = found || strings.Contains(text, "veiled") || strings.Contains(text, Customer)
	}
	same(f, want, found, "a veiled text of the customer")
}
