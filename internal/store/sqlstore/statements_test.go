package sqlstore_test

import (
	"errors"
	"fmt"
	"iter"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// crossAccount are parts of the only statements that may read all accounts.
var crossAccount = []string{
	"SELECT account FROM accounts ORDER BY account",
	"FROM intake i JOIN applier a",
	"SELECT a.account FROM accounts a",
	"FROM tokens",
	"FROM members ORDER BY person",
	"PRAGMA integrity_check",
	"SELECT account FROM backfills ORDER BY account",
	"FROM notifications n LEFT JOIN applier a",
	"FROM deliveries WHERE due IS NOT NULL LIMIT",
	"FROM files WHERE read IS NULL",
	"FROM (SELECT max(instant) AS instant FROM intake",
}

func TestEveryStatementNamesTheAccountAndUsesAnIndex(t *testing.T) {
	st := openSQLite(t, t.TempDir())
	callEverything(t, st)
	billEverything(t, st)
	archiveEverything(t, st)
	texts := st.DB().Statements()
	if len(texts) < 50 {
		t.Errorf("%d statements were prepared, want more", len(texts))
	}
	for _, text := range texts {
		if isCrossAccount(text) {
			continue
		}
		plan := explain(t, st, text)
		if !strings.Contains(text, "account") {
			t.Errorf("statement without an account: %s", text)
		}
		if strings.Contains(plan, "SCAN") && !strings.Contains(plan, "SCAN matching") && !strings.Contains(plan, "SCAN first") {
			t.Errorf("statement scans a table: %s\n%s", text, plan)
		}
	}
}

// callEverything calls every method and uses every filter once.
func callEverything(t *testing.T, st *sqlstore.Store) {
	t.Helper()
	fill(t, st, 3)
	byCustomer := conversion("customer", now)
	byCustomer.Command = ledger.Conversion{Campaign: 1000, EventType: 2240, EventDate: now, Order: "customer", Customer: "cu"}
	byClick := conversion("click", now)
	byClick.Command = ledger.Conversion{Campaign: 1000, EventType: 2240, EventDate: now, Order: "click", Click: "cl"}
	byOrder := store.Submission{Submission: ledger.Submission{Command: ledger.Reversal{
		Address: ledger.Address{EventType: 2240, Order: "order-2"}, Reason: "REJECTED",
	}}}
	withKey := modification(1, 2)
	withKey.Key.Text = "k"
	another := withKey
	another.Key.Text = "l"
	submit(t, st, []store.Submission{modification(1, 1), undo(4), byOrder, byCustomer, byClick, withKey, another})
	_, recordErr := st.Record(t.Context(), account, now, byTest, func(*program.Reference, time.Time) (store.ReferenceChange, error) {
		return store.ReferenceChange{
			Clicks: []program.Click{{ID: "cl", Campaign: 1000, Partner: 501, Customer: "cu", At: now}},
			RateTables: []program.RateTable{
				{Date: program.DateOf(now, time.UTC), Base: "EUR", Rates: map[money.Currency]money.Rate{"USD": "1.0956"}},
				{Date: program.DateOf(now, time.UTC).AddDays(-1), Base: "EUR", Rates: map[money.Currency]money.Rate{"USD": "1.0955"}},
			},
		}, nil
	})
	inEuros := conversion("euros", now.Add(-time.Hour))
	c := inEuros.Command.(ledger.Conversion)
	c.Currency = "EUR"
	inEuros.Command = c
	submit(t, st, []store.Submission{inEuros})
	claim := inquiry.Claim{Campaign: 1000, Partner: 501, Order: "claimed", Date: now, Type: inquiry.TypeUntracked}
	_, createErr := st.CreateInquiry(t.Context(), account, now, claim, byTest)
	_, resolveErr := st.ResolveInquiry(t.Context(), account, now, store.InquiryAnswer{
		Number: 1, Resolution: inquiry.Resolution{Status: inquiry.StatusValid, EventType: 2240, Amount: new(money.Whole(1))},
	})
	_, hashKeyErr := st.HashKey(t.Context(), account)
	_, findErr := st.FindKey(t.Context(), account, now, withKey.Key)
	_, appliedErr := st.Applied(t.Context(), account)
	_, previewErr := st.Preview(t.Context(), account, now, undo(4).Command, ledger.Decide)
	_, queuedErr := st.QueuedAccounts(t.Context())
	saveErr := st.SaveToken(t.Context(), store.Token{SID: "a", Account: account, Created: now}, byTest)
	_, tokenErr := st.Token(t.Context(), "a")
	_, listErr := st.ListTokens(t.Context(), account)
	commitEverything(t, st)
	err := errors.Join(recordErr, createErr, resolveErr, hashKeyErr, findErr, appliedErr, previewErr, queuedErr, saveErr, tokenErr, listErr,
		st.Read(t.Context(), account, readAll), st.Scan(t.Context(), account, readSpan), operate(t, st), importFile(t, st), deliver(t, st), bridge(t, st), signIn(t, st))
	wantSound(t, st)
	if err != nil {
		t.Error(err)
	}
}

// readSpan reads the actions of a span.
func readSpan(c store.Contents) (err error) {
	for _, e := range c.Actions(search.TimeRange{End: now.AddDate(1, 0, 0)}) {
		err = errors.Join(err, e)
	}
	return err
}

// otherAccount is a second account.
const otherAccount = account + 1

// commitEverything commits submissions of two accounts, once without waiting for another
// process and once with, and then after others that are queued.
func commitEverything(t *testing.T, st *sqlstore.Store) {
	t.Helper()
	createAccountWith(t, st, otherAccount)
	withKeys := []store.Submission{conversion("committed", now), modification(1, 1), modification(2, 2)}
	for i := range withKeys {
		withKeys[i].Key.Text = fmt.Sprint("committed ", i)
	}
	byOrder := modification(1, 2)
	byOrder.Command = ledger.Reversal{Address: ledger.Address{EventType: 2240, Order: "order-3"}, Reason: "REJECTED"}
	for _, wait := range []bool{false, true, false} {
		source := &storetest.Batches{Now: now, Wait: wait, All: []store.Batch{
			{Account: account, Submissions: withKeys}, {Account: otherAccount, Submissions: []store.Submission{conversion("committed", now), byOrder}},
		}}
		_, limit := st.CommitLimits()
		source.All = source.All[:min(limit, 2)]
		results, err := st.Commit(t.Context(), source, ledger.Decide)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range results {
			if r.Queued || r.Failure != nil {
				t.Errorf("in account %d submissions remain queued: %v", r.Account, r.Failure)
			}
		}
		if _, err := st.Accept(t.Context(), account, now, []store.Submission{modification(1, 2)}); err != nil {
			t.Fatal(err)
		}
		withKeys = []store.Submission{modification(3, 1)}
	}
}

// importFile imports a file with an invalid row and one that is rejected, and reads the
// results.
func importFile(t *testing.T, st *sqlstore.Store) error {
	t.Helper()
	_, _, acceptErr := st.AcceptFile(t.Context(), account, now, store.NewFile{Event: byTest, Name: "a.csv", Key: store.Key{Text: "file"}, Content: []byte("a")})
	_, _, again := st.AcceptFile(t.Context(), account, now, store.NewFile{Event: byTest, Content: []byte("a")})
	if !errors.As(again, new(*store.DuplicateFileError)) {
		return again
	}
	_, unreadErr := st.UnreadFileAccounts(t.Context())
	file, _, nextErr := st.NextFile(t.Context(), account)
	queueErr := st.QueueRows(t.Context(), account, now, store.RowBatch{File: file.Number, Last: true, Entries: []store.FileEntry{
		{Rows: []store.FileRow{{Line: 2}}, Error: &store.RowError{Code: rejection.CodeMalformed}},
		{Rows: []store.FileRow{{Line: 3}}, Submission: modification(99, 1)},
	}})
	_, applyErr := st.Apply(t.Context(), account, now, store.MaxBatch, ledger.Decide)
	return errors.Join(acceptErr, unreadErr, nextErr, queueErr, applyErr, st.Read(t.Context(), account, func(r store.Reader) error {
		_, fileErr := r.BatchFiles().File(file.ID)
		span := search.TimeRange{Start: now.AddDate(0, 0, -1), End: now.AddDate(0, 0, 1)}
		_, files, filesErr := r.BatchFiles().Files(search.FileFilter{Accepted: span, Completed: span}, search.Page{Number: 1, Size: 9})
		_, list, listErr := r.BatchFiles().FileErrors(file.ID, search.Page{Number: 1, Size: 9})
		_, errorErr := r.BatchFiles().FileError(file.ID, 3)
		return errors.Join(fileErr, filesErr, drain(files), listErr, drain(list), errorErr)
	}))
}

// deliver creates deliveries of a notification that fail, are retried, acknowledged and
// sent again, gives notifications secrets, and ends the notification.
func deliver(t *testing.T, st *sqlstore.Store) error {
	t.Helper()
	n := program.Notification{ID: 1, Campaign: 1000, State: program.StateActive}
	record := func() error {
		_, err := st.Record(t.Context(), account, now, byTest, func(*program.Reference, time.Time) (store.ReferenceChange, error) {
			return store.ReferenceChange{Reference: program.Reference{Notifications: map[int64]program.Notification{
				1: n, 2: {ID: 2, Campaign: 1000, State: "PAUSED"},
			}}}, nil
		})
		return err
	}
	beginErr := record()
	submit(t, st, []store.Submission{conversion("delivered", now), modification(1, 2), modification(1, 3)})
	_, activeErr := st.ActiveNotifications(t.Context(), now)
	events, nextErr := st.NextEvents(t.Context(), account, n, now, 10)
	var pending []store.Delivery
	for _, e := range events.List {
		pending = append(pending, store.Delivery{Event: e.ID, Submission: e.Update.Submission, Due: now})
	}
	firstErr := st.SaveDeliveries(t.Context(), account, 1, now, store.DeliveryBatch{From: events.From, To: events.To, Deliveries: pending})
	_, dueErr := st.NextEvents(t.Context(), account, n, now, 10)
	retry := store.DeliveryBatch{From: events.To, To: events.To, Deliveries: pending}
	for i := range pending {
		pending[i].Attempts = 1
	}
	retryErr := st.SaveDeliveries(t.Context(), account, 1, now, retry)
	pending[0].Acknowledged = true
	retry.Deliveries = pending[:1]
	doneErr := st.SaveDeliveries(t.Context(), account, 1, now, retry)
	_, resendErr := st.Resend(t.Context(), account, 1, now, pending[1].Event, byTest)
	_, resendAllErr := st.Resend(t.Context(), account, 1, now, store.EventID{}, byTest)
	_, listErr := st.Deliveries(t.Context(), account, 1, 0, 10)
	var rotateErr error
	for _, id := range []int64{1, 2, 1} {
		_, err := st.RotateSecret(t.Context(), account, id, now, time.Hour, byTest)
		rotateErr = errors.Join(rotateErr, err)
	}
	_, secretErr := st.SigningSecret(t.Context(), account, 1)
	n.State = "ENDED"
	return errors.Join(beginErr, activeErr, nextErr, firstErr, dueErr, retryErr, doneErr, resendErr, resendAllErr, listErr, rotateErr, secretErr, record())
}

// operate sets a modification limit, parks a submission, retries it twice and reads the
// audit log.
func operate(t *testing.T, st *sqlstore.Store) error {
	t.Helper()
	accepted, err := st.Accept(t.Context(), account, now, []store.Submission{modification(1, 1)})
	if err != nil {
		return err
	}
	id := accepted[0].ID
	parkErr := st.Park(t.Context(), account, now, id, byTest)
	_, applyErr := st.Apply(t.Context(), account, now, store.MaxBatch, ledger.Decide)
	_, retryErr := st.Retry(t.Context(), account, now, id, byTest)
	_, again := st.Retry(t.Context(), account, now, id, byTest)
	if !errors.As(again, new(*store.RetriedError)) {
		return again
	}
	_, auditErr := st.AuditEvents(t.Context(), account, 0, 10)
	return errors.Join(parkErr, applyErr, retryErr, auditErr, st.SetModificationLimit(t.Context(), account, now, ids.ActionID{Campaign: 1000, EventType: 2240, Number: 1}, ledger.MaxModificationLimit, byTest))
}

// bridge stores two orders of a bridge, of which one is changed and retried.
func bridge(t *testing.T, st *sqlstore.Store) error {
	t.Helper()
	b := program.Bridge{ID: 1, Platform: program.PlatformShopify, Secret: "secret", Campaign: 1000, EventType: 2240, State: program.StateActive}
	_, recordErr := st.Record(t.Context(), account, now, byTest, func(*program.Reference, time.Time) (store.ReferenceChange, error) {
		return store.ReferenceChange{Reference: program.Reference{Bridges: map[int64]program.Bridge{1: b}}}, nil
	})
	key := store.BridgeKey{Bridge: 1, Order: "bridged"}
	set := func(document string) store.UpdateBridgeOrder {
		return func(o *store.BridgeOrder, _ *program.Reference) ([]store.Submission, error) {
			o.State, o.Document = store.BridgeWaiting, document
			return nil, nil
		}
	}
	_, _, insertErr := st.UpdateBridgeOrder(t.Context(), account, now, key, set("{}"))
	_, _, updateErr := st.UpdateBridgeOrder(t.Context(), account, now, store.BridgeKey{Bridge: 1, Order: "another"}, set("[]"))
	_, _, retryErr := st.RetryBridgeOrder(t.Context(), account, now.Add(time.Minute), key, byTest, set("[1]"))
	_, listErr := st.BridgeOrders(t.Context(), account, 1, store.BridgeWaiting, "", 10)
	return errors.Join(recordErr, insertErr, updateErr, retryErr, listErr)
}

func readAll(r store.Reader) error {
	id := ids.ActionID{Campaign: 1000, EventType: 2240, Number: 1}
	span := search.TimeRange{Start: now.AddDate(0, 0, -7), End: now}
	complete := true
	_, err := r.Action(id)
	_, inquiryErr := r.Inquiry(1)
	errs := []error{err, inquiryErr}
	for _, page := range []search.Page{{Size: 2, Number: 1}, {Size: 1, Below: 3, MaxTotal: 9}, {Size: 1, Above: 1}} {
		for _, f := range []search.ActionFilter{
			{},
			{Campaign: 1000, State: ledger.Approved, Now: now},
			{Action: id},
			{Order: "order-1"},
			{SKU: "12345"},
			{Updated: span},
			{EventDate: span, State: ledger.Pending},
			{LockingDate: span, Now: now},
		} {
			_, actions, err := r.Actions(f, page)
			errs = append(errs, err, drain(actions))
			_, updates, err := r.Updates(f, page)
			errs = append(errs, err, drain(updates))
		}
		for _, f := range []search.SubmissionFilter{
			{}, {Kinds: []ledger.Kind{ledger.KindUndo}}, {Order: "order-1"}, {Action: id}, {Accepted: span}, {Complete: &complete, Failed: &complete},
		} {
			_, submissions, err := r.Submissions(f, page)
			errs = append(errs, err, drain(submissions))
		}
		for _, f := range []search.InquiryFilter{
			{}, {Campaign: 1000, Partner: 501}, {Order: "order-1"}, {Status: inquiry.StatusValid}, {Created: span}, {Date: span},
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

var numberedParameter = regexp.MustCompile(`\?(\d+)`)

// countParameters returns the number of parameters of a statement.
func countParameters(text string) (count int) {
	if numbered := numberedParameter.FindAllStringSubmatch(text, -1); len(numbered) > 0 {
		for _, match := range numbered {
			n, _ := strconv.Atoi(match[1])
			count = max(count, n)
		}
		return count
	}
	return strings.Count(text, "?")
}

func explain(t *testing.T, st *sqlstore.Store, text string) string {
	t.Helper()
	var lines []string
	args := make([]any, countParameters(text))
	err := st.DB().Write(t.Context(), func(s *sqldb.Session) error {
		var id, parent, unused int64
		var line string
		return s.Rows("EXPLAIN QUERY PLAN "+text, args, []any{&id, &parent, &unused, &line}, func() error {
			lines = append(lines, line)
			return nil
		})
	})
	if err != nil {
		t.Errorf("%s: %v", text, err)
	}
	return strings.Join(lines, "\n")
}
