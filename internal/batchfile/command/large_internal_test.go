package command

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/demo"
	serve "github.com/trueup-ledger/trueup/internal/local"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
)

// newTarget returns a target with parts of 3 lines, and its output.
func newTarget(t testing.TB) (target, *bytes.Buffer) {
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
	event := store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "test"}, Operation: "test"}
	reference, err := refdata.Parse(demo.ReferenceName, []byte(demo.Reference))
	if err == nil {
		_, err = reference.Record(t.Context(), st, time.Now(), event)
	}
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	return target{
		ledger: local{st, demo.Account, time.Now, slog.New(slog.DiscardHandler)}, event: event, out: &out, err: &out, partLines: 3,
	}, &out
}

// newRemoteTarget is like newTarget, for a server.
func newRemoteTarget(t testing.TB) (target, *bytes.Buffer) {
	t.Helper()
	target, out := newTarget(t)
	log := slog.New(slog.DiscardHandler)
	server, err := serve.Open(serve.Config{
		Store: target.ledger.(local).store.(*sqlstore.Store).Roles(), Account: demo.Account, Actor: target.event.Actor,
		Clock: clockguard.New(time.Time{}, log), Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	target.ledger = remote{server.Client}
	return target, out
}

// targets are where files are imported.
var targets = map[string]func(testing.TB) (target, *bytes.Buffer){"a ledger on this machine": newTarget, "a server": newRemoteTarget}

// write writes a file into a new folder and returns its name.
func write(t testing.TB, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file.csv")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

const changes = "\ufeffActionTrackerId;OrderId;Sku;Quantity;Note;Reason\r\n"

// largeFile has 10 rows, of which those on the lines 4, 8 and 12 fail.
func largeFile() string {
	var b strings.Builder
	b.WriteString(changes)
	for i := range 10 {
		quantity := "1"
		if i == 2 || i == 5 || i == 9 {
			quantity = "x"
		}
		note := "n"
		if i == 3 {
			note = "\"two;\r\nlines\""
		}
		fmt.Fprintf(&b, "2240;L-%d;a;%s;%s;ORDER_UPDATE\r\n", i, quantity, note)
	}
	return b.String()
}

func TestLargeFileIsImportedInParts(t *testing.T) {
	t.Parallel()
	for name, newTarget := range targets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target, out := newTarget(t)
			testLargeFile(t, target, out)
		})
	}
}

func testLargeFile(t *testing.T, target target, out *bytes.Buffer) {
	t.Helper()
	orders := "CampaignId,EventTypeId,EventDate,OrderId,MediaPartnerId,ItemSku,ItemQuantity,ItemSubTotal\n"
	for i := range 10 {
		orders += fmt.Sprintf("1000,2240,NOW,L-%d,10001,a,2,2.00\n", i)
	}
	if err := (Import{File: write(t, orders)}).run(t.Context(), target); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	failed := filepath.Join(t.TempDir(), "failed.csv")
	c := Import{File: write(t, largeFile()), Decimal: ".", Errors: failed}
	err := c.runLarge(t.Context(), target)
	if err == nil || err.Error() != "3 of 10 rows failed; the others were applied" {
		t.Errorf("error is %v", err)
	}
	for _, want := range []string{"\n10 rows, 3 errors\n", "line 4: MALFORMED", "line 8: MALFORMED", "line 12: MALFORMED"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("output has no %q:\n%s", want, out)
		}
	}
	got, readErr := os.ReadFile(failed)
	want := strings.Replace(changes, "Reason", "Reason;ImportError", 1)
	for _, i := range []int{2, 5, 9} {
		want += fmt.Sprintf("2240;L-%d;a;x;n;ORDER_UPDATE;MALFORMED: Quantity: Not a whole number\r\n", i)
	}
	if readErr != nil || string(got) != want {
		t.Errorf("failed rows are %q, %v, want %q", got, readErr, want)
	}
	_ = os.Remove(failed)
	out.Reset()
	err = c.runLarge(t.Context(), target)
	if again, readErr := os.ReadFile(failed); err == nil || err.Error() != "3 of 10 rows failed; the others were applied" || string(again) != want || readErr != nil {
		t.Errorf("second import: %v, failed rows %q, %v", err, again, readErr)
	}
	if !strings.Contains(out.String(), "10 rows, 3 errors\n4 of 4 parts were imported before\n") {
		t.Errorf("output of the second import:\n%s", out)
	}
	c.File = write(t, largeFile()+"2240;L-0;a;0;n;ORDER_UPDATE\r\n")
	out.Reset()
	if err := c.runLarge(t.Context(), target); err == nil || !strings.Contains(out.String(), "11 rows, 3 errors\n3 of 4 parts were imported before\n") {
		t.Errorf("an import that continues: %v\n%s", err, out)
	}
}

func TestRepeatedPartIsNotSkipped(t *testing.T) {
	t.Parallel()
	for name, newTarget := range targets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target, _ := newTarget(t)
			testRepeatedPart(t, target)
		})
	}
}

func testRepeatedPart(t *testing.T, target target) {
	t.Helper()
	c := Import{File: write(t, changes+strings.Repeat("2240;L-1;a;x;n;ORDER_UPDATE\n", 6)), Decimal: "."}
	if err := c.runLarge(t.Context(), target); err == nil || !strings.Contains(err.Error(), "part 2, from line 5, has the same rows as F-") {
		t.Errorf("error is %v", err)
	}
}

func TestAgainContinuesAnInterruptedImport(t *testing.T) {
	t.Parallel()
	target, out := newTarget(t)
	c := Import{File: write(t, changes+"2240;L-1;a;x;n;ORDER_UPDATE\n")}
	run := func() { _ = c.run(t.Context(), target) }
	run()
	c.Again = true
	ledger := target.ledger.(local)
	in := ledger.inbox()
	in.Stop(t.Context()) // queues no row
	content, _ := os.ReadFile(c.File)
	if _, err := in.Accept(t.Context(), ledger.account, store.NewFile{Name: "file.csv", Content: content, Again: true, Event: target.event}); err != nil {
		t.Fatal(err)
	}
	for _, continues := range []bool{true, false} {
		out.Reset()
		run()
		if strings.Contains(out.String(), "was interrupted, and continues") != continues || !strings.Contains(out.String(), "1 rows, 1 errors") {
			t.Errorf("want to continue: %t, output:\n%s", continues, out)
		}
	}
}

func TestUnsuitableFileIsNotImportedInParts(t *testing.T) {
	t.Parallel()
	target, _ := newTarget(t)
	for name, c := range map[string]struct {
		file string
		Import
		want string
	}{
		"conversions":            {"CampaignId,EventDate,OrderId\n1,NOW,a\n", Import{Decimal: "."}, "rows of an order belong together"},
		"--again":                {largeFile(), Import{Decimal: ".", Again: true}, "--again"},
		"no decimal separator":   {largeFile(), Import{}, "--decimal"},
		"a dry run":              {largeFile(), Import{Decimal: ".", DryRun: true}, "--dry-run and -o"},
		"XML":                    {"<a>\n</a>", Import{Decimal: "."}, "not CSV"},
		"nothing":                {"", Import{Decimal: "."}, "no rows"},
		"a quote inside a cell":  {changes + strings.Repeat("2240;L-1;a;1;n;OTHER\n", 4) + "2240;L-1;a;1;5\" pipe;OTHER\n2240;L-2;a;1;\"a\n2240;L-3;a;0;;OTHER\n\";OTHER\n", Import{Decimal: "."}, "line 6 has a quote"},
		"an open quote":          {changes + "2240;L-1;a;1;n;OTHER\n2240;L-2;a;1;\"n;OTHER\n", Import{Decimal: "."}, "line 3 has a quote"},
		"a long header":          {strings.Repeat("\n", maxRecord+1), Import{Decimal: "."}, "names of the columns"},
		"another encoding":       {changes + "caf\xe9\n", Import{Decimal: "."}, "line 2 is not UTF-8"},
		"a long line":            {changes + strings.Repeat("a", maxRecord+1), Import{Decimal: "."}, "line 2 is longer than 1 MiB"},
		"an unknown column":      {strings.Replace(largeFile(), "Quantity", "Quantty", 1), Import{Decimal: "."}, "did you mean Quantity"},
		"another kind of number": {largeFile(), Import{Decimal: "x"}, "must be . or ,"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.File = write(t, c.file)
			if err := c.runLarge(t.Context(), target); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestPartsHaveAllLinesOnce(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"lines":               strings.Repeat("1,O\n", 10),
		"no line end":         strings.Repeat("1,O\n", 10) + "1,O",
		"quoted lines":        strings.Repeat("1,\"a\nb\n\nc\"\n", 10),
		"an unclosed quote":   strings.Repeat("1,O\n", 4) + "1,\"O\n" + strings.Repeat("1,O\n", 10),
		"a long quoted cell":  "1,\"" + strings.Repeat(strings.Repeat("a", 1000)+"\n", 6*maxRecord/1000) + "\"\n1,O\n",
		"blank lines at ends": "\n\n1,O\n\n\n\n\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const header = "\n\"Action\nId\",Reason\n"
			s, err := newSplitter(strings.NewReader(header + body))
			if err != nil {
				t.Fatal(err)
			}
			s.maxLines = 3
			var got strings.Builder
			lines := 0
			for {
				p, err := s.next()
				if err != nil {
					t.Fatal(err)
				}
				if p.rows == 0 {
					break
				}
				rest, found := strings.CutPrefix(string(p.content), header)
				if !found || p.offset != lines || len(rest) > partSize+2*maxRecord {
					t.Fatalf("part of %d bytes, offset %d, want %d", len(p.content), p.offset, lines)
				}
				got.WriteString(rest)
				lines += p.rows
			}
			if got.String() != body {
				t.Errorf("parts have %d bytes, want %d", got.Len(), len(body))
			}
		})
	}
}

func TestLargeFilesAreFoundByTheirUnpackedSize(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(bytes.Repeat([]byte("1,O\n"), batchfile.MaxSize/4+1))
	_ = w.Close()
	for content, want := range map[string]bool{"": false, "a": false, b.String(): true} {
		if got, err := isLarge(write(t, content)); got != want || err != nil {
			t.Errorf("%d bytes: %t, %v", len(content), got, err)
		}
	}
}

// limitedStore records the largest transaction that was asked for.
type limitedStore struct {
	Store
	largest int
}

func (s *limitedStore) Apply(ctx context.Context, account int64, now time.Time, limit int, decide store.Decide) (int, error) {
	s.largest = max(s.largest, limit)
	return s.Store.Apply(ctx, account, now, limit, decide)
}

func TestPartsAreAppliedInSmallTransactions(t *testing.T) {
	t.Parallel()
	target, _ := newTarget(t)
	here := target.ledger.(local)
	limited := &limitedStore{Store: here.store}
	here.store = limited
	target.ledger = here
	_ = Import{File: write(t, largeFile()), Decimal: "."}.runLarge(t.Context(), target) // three rows fail
	if limited.largest == 0 || limited.largest > batchLimit {
		t.Errorf("transactions of up to %d submissions, want %d", limited.largest, batchLimit)
	}
}

func TestPartsOfAFileWithALongNameAreImported(t *testing.T) {
	t.Parallel()
	for name, newTarget := range targets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target, out := newTarget(t)
			file := filepath.Join(t.TempDir(), `old\`+strings.Repeat("a", 240)+".csv")
			if err := os.WriteFile(file, []byte(largeFile()), 0o600); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				err := Import{File: file, Decimal: "."}.runLarge(t.Context(), target)
				if err == nil || !strings.HasSuffix(err.Error(), "of 10 rows failed; the others were applied") {
					t.Errorf("error is %v", err)
				}
			}
			if !strings.Contains(out.String(), "4 of 4 parts were imported before") {
				t.Errorf("output:\n%s", out)
			}
		})
	}
}
