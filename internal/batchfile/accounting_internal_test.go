package batchfile

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/testenv"
	"github.com/trueup-ledger/trueup/ledger"
)

// brokenFile is a generated file of modifications.
type brokenFile struct {
	content []byte
	// blank is the number of blank lines.
	blank int
	// starts holds the line of each row, and orders the order of each line whose row is
	// without errors.
	starts []int
	orders map[int]string
}

// lineKinds are the lines of a generated file. %s stands for the order, which is unique.
var lineKinds = []struct {
	text        string
	fine, blank bool
}{
	{text: "2240,%s,x,1,ORDER_UPDATE,", fine: true},
	{text: "2240,%s,x,1,ORDER_UPDATE,", fine: true},
	{text: "2240,%s,x,1,ORDER_UPDATE,", fine: true},
	{text: `"2240","%s","x","1","ORDER_UPDATE","a ""b"", c"`, fine: true},
	{text: "2240,%s,x,1,ORDER_UPDATE,\"two\nlines, and \"\"quotes\"\"\"", fine: true},
	{text: "2240,%s,x,1,ORDER_UPDATE,\"three\r\n\nlines\"", fine: true},
	{text: "2240,%s,\"x,1,ORDER_UPDATE,"},
	{text: "2240,%s,x,1,ORDER_UPDATE,\"note"},
	{text: "2240,%s,x\"y,1,ORDER_UPDATE,"},
	{text: "2240,%s,x,12\",ORDER_UPDATE,"},
	{text: "2240,%s,\"x\" y,1,ORDER_UPDATE,"},
	{text: "2240,%s,x,1,ORDER_UPDATE,,more"},
	{text: "2240,%s,x"},
	{text: "%s"},
	{text: "2240,%s,x\x00,1,ORDER_UPDATE,"},
	{text: "\x00%s"},
	{text: "2240,%s,café\xe9,1,ORDER_UPDATE,"},
	{text: "2240,%s,é\xff\xfe,1,ORDER_UPDATE,"},
	{text: "2240,%s,x\ry,1,ORDER_UPDATE,"},
	{text: "2240,%s,x,1,ORDER_UPDATE," + strings.Repeat("long", 70)},
	{text: "2240,%s," + strings.Repeat("s", 300) + ",1,ORDER_UPDATE,"},
	{text: "2240,%s,x,one,ORDER_UPDATE,"},
	{text: "", blank: true},
	{text: " \t", blank: true},
	{text: ",,,,,,,", blank: true},
}

const brokenHeader = "ActionTrackerId,OrderId,Sku,Quantity,Reason,Note"

// newBrokenFile generates a file of up to 40 lines that end with newline.
func newBrokenFile(rnd *rand.Rand) brokenFile {
	newline := []string{"\n", "\r\n"}[rnd.IntN(2)]
	f := brokenFile{orders: make(map[int]string)}
	var b bytes.Buffer
	b.WriteString(brokenHeader + newline)
	for i := range 1 + rnd.IntN(40) {
		line := 1 + bytes.Count(b.Bytes(), []byte("\n"))
		kind, order := lineKinds[rnd.IntN(len(lineKinds))], fmt.Sprintf("F-%d", i)
		if kind.blank {
			f.blank++
			b.WriteString(kind.text + newline)
			continue
		}
		if f.starts = append(f.starts, line); kind.fine {
			f.orders[line] = order
		}
		fmt.Fprintf(&b, kind.text+newline, order)
	}
	f.content = b.Bytes()
	if end := []byte(newline); rnd.IntN(2) == 0 && !bytes.HasSuffix(f.content, append(end, end...)) {
		f.content = bytes.TrimSuffix(f.content, end)
	}
	return f
}

func TestNoRowOfABrokenFileVanishes(t *testing.T) {
	t.Parallel()
	rows, failed := 0, 0
	for seed := range uint64(testenv.Scale(500, 10_000)) {
		f := newBrokenFile(rand.New(rand.NewPCG(seed, 12)))
		if len(f.starts) == 0 {
			continue
		}
		r, n := checkBrokenFile(t, f)
		rows, failed = rows+r, failed+n
		if t.Failed() {
			t.Fatalf("seed %d:\n%q", seed, f.content)
		}
	}
	t.Logf("%d rows, %d with errors", rows, failed)
}

// checkBrokenFile checks that each row of the file is applied, has an error or is blank.
func checkBrokenFile(t *testing.T, f brokenFile) (rows, failed int) {
	t.Helper()
	parsed, err := parse(store.FileContent{Bytes: f.content})
	if err != nil {
		t.Errorf("error is %v", err)
		return 0, 0
	}
	var lines []int
	for i := range parsed.entries {
		entry := parsed.entry(i, shop, env)
		for _, row := range entry.Rows {
			lines = append(lines, row.Line)
		}
		line := entry.Rows[0].Line
		switch order := f.orders[line]; {
		case entry.Error != nil && order != "":
			t.Errorf("line %d is fine, but has the error %q", line, entry.Error.Message)
		case entry.Error != nil:
			failed++
		case entry.Submission.Command.(ledger.Modification).Address.Order != order:
			t.Errorf("line %d: order %q, want %q", line, entry.Submission.Command.(ledger.Modification).Address.Order, order)
		}
	}
	slices.Sort(lines)
	if len(lines) != len(parsed.rows) {
		t.Errorf("%d of %d rows in entries", len(lines), len(parsed.rows))
	}
	for _, start := range f.starts {
		if !slices.Contains(lines, start) {
			t.Errorf("line %d vanished", start)
		}
	}
	if parsed.blank < f.blank {
		t.Errorf("%d blank lines, want at least %d", parsed.blank, f.blank)
	}
	checkLines(t, parsed, f.content)
	return len(lines), failed
}

// checkLines checks that each line of a CSV file is the header, part of a row or blank.
func checkLines(t *testing.T, f *parsedFile, content []byte) {
	t.Helper()
	total := bytes.Count(content, []byte("\n"))
	if !bytes.HasSuffix(content, []byte("\n")) {
		total++
	}
	accounted := 1 + f.blank
	for _, r := range f.rows {
		accounted += r.lines
	}
	if accounted != total {
		t.Errorf("%d of %d lines accounted for: %d rows, %d blank", accounted, total, len(f.rows), f.blank)
	}
}
