package sqlstore

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// overAll are the only statements that may look at all accounts.
var overAll = []string{
	"SELECT account FROM accounts ORDER BY account",
	"FROM intake i JOIN applier a",
	"SELECT a.account FROM accounts a",
	"FROM tokens",
	"FROM notifications n LEFT JOIN applier a",
}

func TestEveryStatementNamesTheAccountAndFindsItsRowsByAnIndex(t *testing.T) {
	st := open(t, t.TempDir())
	useAll(t, st)
	texts := usedStatements(st)
	if len(texts) < 50 {
		t.Errorf("only %d statements were used", len(texts))
	}
	for _, text := range texts {
		if slices.Contains([]string{sqliteDialect.beginRead, sqliteDialect.beginWrite, endKept, endUndone, measureLog}, text) ||
			aboutAll(text) {
			continue
		}
		plan := explain(t, st, text)
		if !strings.Contains(text, "account") {
			t.Errorf("no account in %s", text)
		}
		if strings.Contains(plan, "SCAN") && !strings.Contains(plan, "SCAN matching") && !strings.Contains(plan, "SCAN first") {
			t.Errorf("all rows are read by %s\n%s", text, plan)
		}
	}
}

// useAll uses every method and every filter once.
func useAll(t *testing.T, st *Store) {
	t.Helper()
	fill(t, st, 3)
	byCustomer := conversion("customer", now)
	byCustomer.Command = ledger.Conversion{Campaign: 1000, EventType: 2240, EventDate: now, Order: "customer", Customer: "cu"}
	byClick := conversion("click", now)
	byClick.Command = ledger.Conversion{Campaign: 1000, EventType: 2240, EventDate: now, Order: "click", Click: "cl"}
	undo := store.Submission{Submission: ledger.Submission{Command: ledger.Undo{Submission: 4}}}
	byOrder := store.Submission{Submission: ledger.Submission{Command: ledger.Reversal{
		Address: ledger.Address{EventType: 2240, Order: "order-2"}, Reason: "REJECTED",
	}}}
	withKey := modification(1, 2)
	withKey.Key.Text = "k"
	another := withKey
	another.Key.Text = "l"
	write(t, st, []store.Submission{modification(1, 1), undo, byOrder, byCustomer, byClick, withKey, another})
	_, recorded := st.Record(t.Context(), account, now, byTest, func(*ledger.Reference, time.Time) (store.ReferenceChange, error) {
		return store.ReferenceChange{Clicks: []ledger.Click{{ID: "cl", Campaign: 1000, Partner: 501, Customer: "cu", At: now}}}, nil
	})
	claim := ledger.Claim{Campaign: 1000, Partner: 501, Order: "order-1", Date: now, Type: ledger.InquiryUntracked}
	_, inquired := st.CreateInquiry(t.Context(), account, now, claim, byTest)
	_, resolved := st.ResolveInquiry(t.Context(), account, now, store.InquiryAnswer{
		Number: 1, Resolution: ledger.Resolution{Status: ledger.InquiryValid, EventType: 2240, Amount: new(money.Whole(1))},
	})
	_, key := st.HashKey(t.Context(), account)
	_, seen := st.Seen(t.Context(), account, now, withKey.Key)
	_, applied := st.Applied(t.Context(), account)
	_, previewed := st.Preview(t.Context(), account, now, undo.Command, ledger.Decide)
	_, waiting := st.Waiting(t.Context())
	saved := st.SaveToken(t.Context(), store.Token{SID: "a", Account: account, Created: now}, byTest)
	_, token := st.Token(t.Context(), "a")
	_, tokens := st.ListTokens(t.Context(), account)
	err := errors.Join(recorded, inquired, resolved, key, seen, applied, previewed, waiting, saved, token, tokens, st.Read(t.Context(), account, readAll))
	err = errors.Join(err, operate(t, st), importFile(t, st), notify(t, st))
	wantLawful(t, st)
	if err != nil {
		t.Error(err)
	}
}

// importFile takes a file of a row that is wrong and one that fails, and reads of it.
func importFile(t *testing.T, st *Store) error {
	t.Helper()
	_, _, kept := st.AcceptFile(t.Context(), account, now, store.NewFile{Name: "a.csv", Key: store.Key{Text: "file"}, Content: []byte("a")})
	_, _, again := st.AcceptFile(t.Context(), account, now, store.NewFile{Content: []byte("a")})
	if !errors.As(again, new(*store.FileKnownError)) {
		return again
	}
	_, unread := st.UnreadFiles(t.Context())
	file, _, next := st.NextFile(t.Context(), account)
	taken := st.QueueRows(t.Context(), account, now, store.RowBatch{File: file.Number, Last: true, Entries: []store.FileEntry{
		{Rows: []store.FileRow{{Line: 2}}, Fault: &store.RowFault{Code: ledger.CodeMalformed}},
		{Rows: []store.FileRow{{Line: 3}}, Submission: modification(99, 1)},
	}})
	_, applied := st.Apply(t.Context(), account, now, store.MaxBatch, ledger.Decide)
	return errors.Join(kept, unread, next, taken, applied, st.Read(t.Context(), account, func(r store.Reader) error {
		_, found := r.File(file.ID)
		span := ledger.TimeRange{Start: now.AddDate(0, 0, -1), End: now.AddDate(0, 0, 1)}
		_, files, err := r.Files(ledger.FileFilter{Accepted: span, Completed: span}, ledger.Page{Number: 1, Size: 9})
		_, details, errs := r.FileErrors(file.ID, ledger.Page{Number: 1, Size: 9})
		_, detail := r.FileError(file.ID, 3)
		return errors.Join(found, err, drain(files), errs, drain(details), detail)
	}))
}

// notify has a notification tell of an order, which fails, waits, is sent again and given up.
func notify(t *testing.T, st *Store) error {
	t.Helper()
	n := ledger.Notification{ID: 1, Campaign: 1000, State: ledger.StateActive}
	record := func() error {
		_, err := st.Record(t.Context(), account, now, byTest, func(*ledger.Reference, time.Time) (store.ReferenceChange, error) {
			return store.ReferenceChange{Reference: ledger.Reference{Notifications: map[int64]ledger.Notification{1: n}}}, nil
		})
		return err
	}
	begun := record()
	write(t, st, []store.Submission{conversion("told", now), modification(1, 2), modification(1, 3)})
	_, notifying := st.Notifying(t.Context(), now)
	events, next := st.NextEvents(t.Context(), account, n, now, 10)
	var waiting []store.Delivery
	for _, e := range events.List {
		waiting = append(waiting, store.Delivery{Update: e.Update.ID(), Submission: e.Update.Submission, Due: now})
	}
	kept := st.KeepDeliveries(t.Context(), account, 1, now, store.DeliveryBatch{From: events.From, To: events.To, Deliveries: waiting})
	_, due := st.NextEvents(t.Context(), account, n, now, 10)
	again := store.DeliveryBatch{From: events.To, To: events.To, Deliveries: waiting}
	for i := range waiting {
		waiting[i].Attempts = 1
	}
	failed := st.KeepDeliveries(t.Context(), account, 1, now, again)
	waiting[0].Acknowledged = true
	again.Deliveries = waiting[:1]
	done := st.KeepDeliveries(t.Context(), account, 1, now, again)
	_, one := st.Resend(t.Context(), account, 1, now, waiting[1].Update, byTest)
	_, all := st.Resend(t.Context(), account, 1, now, ledger.UpdateID{}, byTest)
	_, listed := st.Deliveries(t.Context(), account, 1, 0, 10)
	n.State = "ENDED"
	return errors.Join(begun, notifying, next, kept, due, failed, done, one, all, listed, record())
}

// operate sets a cap, parks a submission, retries it twice and reads of it.
func operate(t *testing.T, st *Store) error {
	t.Helper()
	accepted, err := st.Accept(t.Context(), account, now, []store.Submission{modification(1, 1)})
	if err != nil {
		return err
	}
	id := accepted[0].ID
	parked := st.Park(t.Context(), account, now, id, byTest)
	_, applied := st.Apply(t.Context(), account, now, store.MaxBatch, ledger.Decide)
	_, retried := st.Retry(t.Context(), account, now, id, byTest)
	_, again := st.Retry(t.Context(), account, now, id, byTest)
	if !errors.As(again, new(*store.RetriedError)) {
		return again
	}
	_, deeds := st.AuditEvents(t.Context(), account, 0, 10)
	return errors.Join(parked, applied, retried, deeds, st.SetModificationLimit(t.Context(), account, now, ledger.ActionID{Campaign: 1000, EventType: 2240, Number: 1}, ledger.MaxModificationLimit, byTest))
}

func readAll(r store.Reader) error {
	id := ledger.ActionID{Campaign: 1000, EventType: 2240, Number: 1}
	span := ledger.TimeRange{Start: now.AddDate(0, 0, -7), End: now}
	yes := true
	_, err := r.Action(id)
	_, missing := r.Inquiry(1)
	errs := []error{err, missing}
	for _, page := range []ledger.Page{{Size: 2, Number: 1}, {Size: 1, Below: 3, Most: 9}, {Size: 1, Above: 1}} {
		for _, f := range []ledger.ActionFilter{
			{},
			{Campaign: 1000, State: ledger.Approved, Now: now},
			{Action: id},
			{Order: "order-1"},
			{SKU: "12345"},
			{Updated: span},
			{EventDate: span, State: ledger.Pending},
			{Locking: span, Now: now},
		} {
			_, actions, err := r.Actions(f, page)
			errs = append(errs, err, drain(actions))
			_, updates, err := r.Updates(f, page)
			errs = append(errs, err, drain(updates))
		}
		for _, f := range []ledger.SubmissionFilter{
			{}, {Kinds: []ledger.Kind{ledger.KindUndo}}, {Order: "order-1"}, {Action: id}, {Accepted: span}, {Complete: &yes, Failed: &yes},
		} {
			_, submissions, err := r.Submissions(f, page)
			errs = append(errs, err, drain(submissions))
		}
		for _, f := range []ledger.InquiryFilter{
			{}, {Campaign: 1000, Partner: 501}, {Order: "order-1"}, {Status: ledger.InquiryValid}, {Created: span}, {Date: span},
		} {
			_, inquiries, err := r.Inquiries(f, page)
			errs = append(errs, err, drain(inquiries))
		}
	}
	return errors.Join(errs...)
}

func drain[T any](objects iter.Seq2[T, error]) error {
	for _, err := range objects {
		if err != nil {
			return err
		}
	}
	return nil
}

func explain(t *testing.T, st *Store, text string) string {
	t.Helper()
	var lines []string
	args := make([]any, strings.Count(text, "?"))
	err := st.writers.lend(t.Context(), func(s *session) error {
		var id, parent, unused int64
		var line string
		return s.rows("EXPLAIN QUERY PLAN "+text, args, []any{&id, &parent, &unused, &line}, func() error {
			lines = append(lines, line)
			return nil
		})
	})
	if err != nil {
		t.Errorf("%s: %v", text, err)
	}
	return strings.Join(lines, "\n")
}
