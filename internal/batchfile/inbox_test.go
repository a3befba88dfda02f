package batchfile_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
	"github.com/trueup-ledger/trueup/internal/testenv"
	"github.com/trueup-ledger/trueup/ledger"
)

// orders returns a file with the given number of orders of one item.
func orders(count int) []byte {
	var b bytes.Buffer
	b.WriteString("CampaignId,EventTypeId,EventDate,OrderId,MediaPartnerId,ItemSku,ItemSubTotal\n")
	for i := range count {
		fmt.Fprintf(&b, "1000,2240,NOW,FILE-%d,10001,a,1.00\n", i)
	}
	return b.Bytes()
}

var byTest = store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "test"}, Operation: "test"}

func open(t *testing.T) *storetest.FaultInjector {
	t.Helper()
	st, err := sqlstore.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(storetest.Verify(context.Background(), st), st.Close()); err != nil {
			t.Error(err)
		}
	})
	reference, err := refdata.Parse(demo.ReferenceName, []byte(demo.Reference))
	if err == nil {
		_, err = reference.Record(t.Context(), st, time.Now(), byTest)
	}
	if err != nil {
		t.Fatal(err)
	}
	return storetest.NewFaultInjector(st.Roles())
}

// apply applies all that is queued.
func apply(t *testing.T, st store.Queue) {
	t.Helper()
	for {
		n, err := st.Apply(t.Context(), demo.Account, time.Now(), store.MaxBatch, ledger.Decide)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func file(t *testing.T, st store.Snapshots, id store.FileID) (f store.File) {
	t.Helper()
	if err := st.Read(t.Context(), demo.Account, func(r store.Reader) (err error) {
		f, err = r.BatchFiles().File(id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return f
}

var quiet = slog.New(slog.DiscardHandler)

// accept stores a file and queues none of its rows, because the inbox is stopped before.
func accept(t *testing.T, st batchfile.Store, content []byte) store.File {
	t.Helper()
	in := batchfile.New(st, time.Now, quiet, func(int64) {})
	in.Stop(t.Context())
	f, err := in.Accept(t.Context(), demo.Account, store.NewFile{Event: byTest, Name: "orders.csv", Content: content})
	if err != nil {
		t.Fatal(err)
	}
	return f.File
}

func TestInterruptedFileResumesAndQueuesEachRowOnce(t *testing.T) {
	t.Parallel()
	st := open(t)
	accepted := accept(t, st, orders(2500))
	crash := errors.New("crash")
	for i, moment := range []storetest.Moment{storetest.Before, storetest.After, storetest.After} {
		st.Fail(storetest.CallQueueRows, moment, crash)
		in := batchfile.New(st, time.Now, quiet, func(int64) {})
		if err := in.Queue(t.Context(), demo.Account); !errors.Is(err, crash) {
			t.Fatalf("error is %v", err)
		}
		if got := file(t, st, accepted.ID).Processed; got != 1000*i {
			t.Fatalf("%d entries queued after crash %d", got, i)
		}
	}
	in := batchfile.New(st, time.Now, quiet, func(int64) {})
	if err := in.WakeAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	in.Stop(t.Context())
	apply(t, st)
	if got := file(t, st, accepted.ID); got.Processed != 2500 || got.Errors != 0 || got.Completed.IsZero() {
		t.Errorf("%+v", got) // a row that is queued twice fails with CONV_DUPLICATE
	}
}

func TestConcurrentProcessesQueueEachRowOnce(t *testing.T) {
	t.Parallel()
	st := open(t)
	accepted := accept(t, st, orders(3500))
	var inboxes []*batchfile.Inbox
	for range 3 {
		in := batchfile.New(st, time.Now, quiet, func(int64) {})
		inboxes = append(inboxes, in)
		if err := in.WakeAll(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, in := range inboxes {
		in.Stop(t.Context())
	}
	apply(t, st)
	if got := file(t, st, accepted.ID); got.Processed != 3500 || got.Errors != 0 || got.Completed.IsZero() {
		t.Errorf("%+v", got)
	}
}

func TestLargeFileIsImported(t *testing.T) {
	t.Parallel()
	st := open(t)
	rows := testenv.Scale(2_000, 10_000)
	accepted := accept(t, st, orders(rows))
	in := batchfile.New(st, time.Now, quiet, func(int64) {})
	if err := in.Queue(t.Context(), demo.Account); err != nil {
		t.Fatal(err)
	}
	apply(t, st)
	if got := file(t, st, accepted.ID); got.Processed != rows || got.Errors != 0 || got.Completed.IsZero() {
		t.Errorf("%+v", got)
	}
}

func TestBrokenFileIsCountedRowByRow(t *testing.T) {
	t.Parallel()
	st := open(t)
	broken := []string{`"x,1.00`, `x,1.00"`, "x", "x,1.00,more", "x\x00,1.00", "café\xe9,1.00", "x,one", strings.Repeat("s", 300) + ",1.00"}
	for seed := range uint64(testenv.Scale(20, 500)) {
		rnd := rand.New(rand.NewPCG(seed, 16))
		content, records, failed := orders(0), 0, 0
		for i := range 1 + rnd.IntN(30) {
			cells := "x,1.00"
			if rnd.IntN(3) == 0 {
				cells = broken[rnd.IntN(len(broken))]
				failed++
			}
			content = fmt.Appendf(content, "1000,2240,NOW,B-%d-%d,10001,%s\n%s", seed, i, cells, strings.Repeat("\n", rnd.IntN(2)))
			records++
		}
		accepted := accept(t, st, content)
		in := batchfile.New(st, time.Now, quiet, func(int64) {})
		if err := in.Queue(t.Context(), demo.Account); err != nil {
			t.Fatal(err)
		}
		apply(t, st)
		if got := file(t, st, accepted.ID); got.Records != records || got.Errors != failed {
			t.Fatalf("seed %d: %d rows, %d errors, want %d and %d:\n%q", seed, got.Records, got.Errors, records, failed, content)
		}
	}
}

func TestAcceptReportsWhatHasNoEffect(t *testing.T) {
	t.Parallel()
	in := batchfile.New(open(t), time.Now, quiet, func(int64) {})
	const header, row = "CampaignId;EventTypeId;EventDate;OrderId;MediaPartnerId;Warehouse;ItemSku;ItemSubTotal;OrderTax\n", "1000;2240;NOW;"
	got, err := in.Accept(t.Context(), demo.Account, store.NewFile{Event: byTest, Name: "a.csv", Content: []byte(header +
		row + "A;10001;W;a;1;\n" + row + "A;10001;W;b;;\n\n" + row + "B;10001;;a;;\n" + row + "C;x;;a;;\n" + row + "D;10001;;a;2,50;1.000,00\n")})
	if err != nil {
		t.Fatal(err)
	}
	in.Stop(t.Context())
	if !slices.Equal(got.IgnoredColumns, []string{"Warehouse"}) || got.DecimalSeparator != "," || got.Blank != 1 || got.Unpriced != 2 || got.Records != 5 {
		t.Errorf("%+v", got)
	}
}

func TestRequestedDecimalSeparatorIsKeptUntilTheRowsAreQueued(t *testing.T) {
	t.Parallel()
	st := open(t)
	in := batchfile.New(st, time.Now, quiet, func(int64) {})
	in.Stop(t.Context()) // the rows are queued by another inbox
	content := append(orders(0), "1000,2240,NOW,KEPT,10001,a,1.500\n"...)
	accepted, err := in.Accept(t.Context(), demo.Account, store.NewFile{Event: byTest, Name: "a.csv", Content: content, DecimalSeparator: ","})
	if err == nil {
		err = batchfile.New(st, time.Now, quiet, func(int64) {}).Queue(t.Context(), demo.Account)
	}
	if err != nil {
		t.Fatal(err)
	}
	apply(t, st)
	if got := file(t, st, accepted.ID); got.Errors != 0 {
		t.Errorf("%+v", got) // 1.500 is an error unless a separator is requested
	}
}

func TestFailedAcceptStoresNothing(t *testing.T) {
	t.Parallel()
	st := open(t)
	in := batchfile.New(st, time.Now, quiet, func(int64) {})
	_, err := in.Accept(t.Context(), 99, store.NewFile{Event: byTest, Content: orders(1)})
	if !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("error is %v", err)
	}
	if err := in.Queue(t.Context(), demo.Account); !errors.Is(err, ledger.ErrNotFound) || !strings.Contains(err.Error(), "next file") {
		t.Errorf("error is %v", err)
	}
}

// counting is a store that records the number of rows of each batch.
type counting struct {
	*storetest.FaultInjector
	rows []int
}

func (c *counting) QueueRows(ctx context.Context, account int64, now time.Time, t store.RowBatch) error {
	rows := 0
	for _, e := range t.Entries {
		rows += len(e.Rows)
	}
	c.rows = append(c.rows, rows)
	return c.FaultInjector.QueueRows(ctx, account, now, t)
}

func TestBatchIsBoundedInRows(t *testing.T) {
	t.Parallel()
	const many, each = 60, 200
	var b bytes.Buffer
	b.WriteString("CampaignId,EventTypeId,EventDate,OrderId,MediaPartnerId,ItemSku,ItemSubTotal\n")
	for i := range many * each {
		fmt.Fprintf(&b, "1000,2240,NOW,FILE-%d,10001,%d,1.00\n", i/each, i%each)
	}
	st := &counting{FaultInjector: open(t)}
	accepted := accept(t, st, b.Bytes())
	in := batchfile.New(st, time.Now, quiet, func(int64) {})
	if err := in.Queue(t.Context(), demo.Account); err != nil {
		t.Fatal(err)
	}
	if want := []int{5000, 5000, 2000}; !slices.Equal(st.rows, want) {
		t.Errorf("batches of %d rows, want %d", st.rows, want)
	}
	apply(t, st)
	if got := file(t, st, accepted.ID); got.Processed != many || got.Errors != 0 || got.Completed.IsZero() {
		t.Errorf("%+v", got)
	}
}

func TestPreviewOfALongFileOnlyDecodesItsEnd(t *testing.T) {
	st := open(t)
	in := batchfile.New(st, time.Now, slog.New(slog.DiscardHandler), func(int64) {})
	t.Cleanup(func() { in.Stop(context.Background()) })
	in.SetPreviewEntries(3)
	content := append(orders(4), "1000,2240,NOW,FILE-0,10001,b,2.00\n1000,2240,NOW,,10001,b,2.00\n"...)
	p, err := in.Preview(t.Context(), demo.Account, store.NewFile{Name: "a.csv", Content: content})
	if err != nil {
		t.Fatal(err)
	}
	if p.Records != 6 || p.Decided != 5 || p.Errors != 1 || len(p.Failed) != 1 || p.Failed[0].Line != 7 {
		t.Errorf("preview is %+v", p)
	}
	if len(p.Partners) != 1 || p.Partners[0].Actions != 3 || p.Partners[0].Delta.Amount != 500 {
		t.Errorf("effects are %+v", p.Partners)
	}
	if n, err := st.Apply(t.Context(), demo.Account, time.Now(), 1, ledger.Decide); n != 0 || err != nil {
		t.Errorf("%d submissions are queued, %v", n, err)
	}
}
