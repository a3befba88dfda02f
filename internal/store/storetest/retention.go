package storetest

import (
	"context"
	"errors"
	"fmt"
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
	{"the order of a bridge stays as long as its action, and an order without action as a submission", func(f *fixture) {
		folder := new(ArchiveFolder)
		f.recordBridge()
		f.retainDays(new(32), new(90))
		f.updateOrder("a", f.setOrder("a", f.order("a")))
		f.updateOrder("none", f.setOrder("none"))
		f.apply()
		changed := f.now
		f.payInvoice() // on 10 January
		f.updateOrder("newer", f.setOrder("newer"))
		f.now = changed.AddDate(0, 0, 90).Add(-time.Second)
		same(f, store.Retained{}, f.retain(folder), "removed before the day")
		f.now = f.now.Add(time.Second)
		same(f, int64(1), f.retain(nil).BridgeOrders, "orders of a dry run")
		same(f, store.Retained{BridgeOrders: 1}, f.retain(folder), "removed on the day")
		same(f, []string{"a", "newer"}, ordersOf(f.bridgeOrders(store.BridgeSubmitted, "", 10)), "orders that stay")
		event := f.auditEvents(account)[0]
		same(f, []string{"orders of bridges", "orders of bridges: 1"}, []string{event.Subject, event.Detail}, "the audit event")
		f.now = time.Date(2027, 2, 11, 0, 0, 0, 0, losAngeles)
		got := f.retain(folder)
		same(f, []int64{1, 1}, []int64{got.Actions, got.BridgeOrders}, "the action and its order")
		same(f, []string{"newer"}, ordersOf(f.bridgeOrders(store.BridgeSubmitted, "", 10)), "orders that stay")
		f.updateOrder("a", f.setOrder("a", f.order("a")))
		f.apply()
		same(f, 1, f.submissions(search.SubmissionFilter{Order: "a"}, everything).Total, "submissions of a webhook after that")
		f.wantSound(folder)
	}},
	{"orders of bridges stay without settings, and while submissions are queued", func(f *fixture) {
		folder := new(ArchiveFolder)
		f.recordBridge()
		f.retainDays(new(32), nil)
		f.updateOrder("none", f.setOrder("none"))
		f.now = f.now.AddDate(0, 0, 400)
		same(f, store.Retained{}, f.retain(folder), "removed by the setting of actions")
		f.retainDays(nil, new(90))
		f.accept(f.order("b"))
		same(f, store.Retained{Queued: true}, f.retain(folder), "removed with a queue")
		f.apply()
		same(f, store.Retained{BridgeOrders: 1}, f.retain(folder), "removed")
	}},
	{"more orders of bridges than a page has are removed", func(f *fixture) {
		const orders = 450
		f.recordBridge()
		f.retainDays(nil, new(90))
		for n := range orders {
			f.updateOrder(fmt.Sprint("o-", n), f.setOrder("none"))
		}
		f.now = f.now.AddDate(0, 0, 91)
		same(f, store.Retained{BridgeOrders: orders}, f.retain(new(ArchiveFolder)), "removed")
		same(f, 0, len(f.bridgeOrders(store.BridgeSubmitted, "", 10)), "orders that stay")
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
