package batchfile

import (
	"archive/zip"
	"bytes"
	"cmp"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

var (
	shop = program.Account{ID: 1, Currency: "USD", Zone: "UTC"}
	env  = wire.Env{
		Now: time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC), Zone: time.UTC,
		HashIP: func(address string) string { return "hash-of-" + address }, NewOrderID: func() string { return "generated" },
	}
)

// result is the expected result of an entry: its lines, and an equivalent form or the
// error.
type result struct {
	lines []int
	form  string
	err   *store.RowError
}

func malformed(message string) *store.RowError {
	return &store.RowError{Code: rejection.CodeMalformed, Message: message}
}

func TestRowIsDecodedLikeTheSameForm(t *testing.T) {
	t.Parallel()
	for name, c := range rowTests {
		t.Run(name, func(t *testing.T) { checkFile(t, c.file, cmp.Or(c.kind, ledger.KindModification), c.want) })
	}
}

func checkFile(t *testing.T, file string, kind ledger.Kind, want []result) {
	t.Helper()
	f, err := parse(store.FileContent{Bytes: []byte(file)})
	if err != nil {
		t.Fatal(err)
	}
	if f.kind != kind || len(f.entries) != len(want) {
		t.Fatalf("%s with %d entries, want %s with %d", f.kind, len(f.entries), kind, len(want))
	}
	for i, w := range want {
		got := f.entry(i, shop, env)
		lines := []int{}
		for _, row := range got.Rows {
			lines = append(lines, row.Line)
		}
		if diff := gocmp.Diff(w.lines, lines); diff != "" {
			t.Errorf("lines of entry %d (-want +got):\n%s", i, diff)
		}
		if diff := gocmp.Diff(w.err, got.Error); diff != "" {
			t.Errorf("error of entry %d (-want +got):\n%s", i, diff)
		}
		if w.form == "" {
			continue
		}
		p, err := wire.ParseParams(w.form, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		same, err := wire.Decode(f.kind, p, env, shop)
		if diff := gocmp.Diff(same, got.Submission.Command); diff != "" || err != nil {
			t.Errorf("command of entry %d: %v (-form +file):\n%s", i, err, diff)
		}
	}
}

func TestUnusableFileIsRejected(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, want string }{
		"an empty file":              {"", "first line must name the columns"},
		"only a header":              {"ActionId,Amount,Reason\n", "no rows"},
		"rows without a header":      {"1.2.3,5,OTHER\n1.2.4,5,OTHER\n", "don't identify the actions"},
		"no action":                  {"OrderId,Sku,Quantity\na,b,1\n", "don't identify the actions"},
		"no change":                  {"ActionId,Note\n1.2.3,n\n", "contain no change"},
		"an archive of two files":    {zipped("a.csv", "b.csv"), "2 files"},
		"a broken header":            {"Action\"Id,Amount\n1,2\n", "first line must name the columns"},
		"a long column name":         {strings.Repeat("x", 65) + "\n1\n", "64 bytes"},
		"too many columns":           {strings.Repeat("a,", maxColumns+1) + "\n1\n", "2,000 columns"},
		"too many rows":              {"ActionId,Reason\n" + strings.Repeat("a,b\n", maxRows+1), "100,000 rows"},
		"truncated XML":              {"<a><b><ActionId>1", "not well-formed"},
		"XML with a long row":        {"<a><b>" + strings.Repeat("<ActionId>1</ActionId>", maxColumns+1) + "</b></a>", "2,000 cells"},
		"XML nested too deep":        {"<a><b><c><d/></c></b></a>", "nested too deeply"},
		"XML with text between rows": {"<a><b><ActionId>1</ActionId></b>c</a>", "outside its rows"},
		"XML with text at its end":   {"<a><b><ActionId>1</ActionId></b></a>\nActionId,Amount", "outside its rows"},
		"an unclosed header":         {"ActionId,\"Amount\n1,2\n", "first line must name the columns"},
		"XML with an entity":         {"<!DOCTYPE a [<!ENTITY e 'x'>]><a><b><ActionId>&e;</ActionId></b></a>", "not well-formed"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(store.FileContent{Bytes: []byte(c.file)})
			unusable, ok := err.(store.UnusableFileError)
			if !ok || !strings.Contains(string(unusable), c.want) {
				t.Errorf("error is %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestIPAddressIsHashed(t *testing.T) {
	t.Parallel()
	f, err := parse(store.FileContent{Bytes: []byte("CampaignId,EventTypeId,EventDate,OrderId,MediaPartnerId,Amount,IpAddress\n1000,2240,NOW,A,10,1,192.0.2.7\n")})
	if err != nil {
		t.Fatal(err)
	}
	s := f.entry(0, shop, env).Submission
	if c := s.Command.(ledger.Conversion); c.IPHash != "hash-of-192.0.2.7" || strings.Contains(s.Payload, "=192") {
		t.Errorf("hash %q, payload %q", c.IPHash, s.Payload)
	}
}

// FuzzParse checks that every row is in exactly one entry, and that every entry is a
// command or an error with a code and a message.
func FuzzParse(f *testing.F) {
	f.Add([]byte("ActionTrackerId;Oid;Sku;Quantity;Reason\n2240;A;x;1;ORDER_UPDATE\n\"a"))
	f.Add([]byte("CampaignId,EventTypeId,EventDate,OrderId,MediaPartnerId,ItemSku,ItemSku2\n1,2,NOW,A,3,x,y\n1,2,NOW,A,3,z,\n"))
	f.Add([]byte("<a><b><ActionId>1.2.3</ActionId><Amount>0</Amount><Reason>OTHER</Reason></b></a>"))
	f.Add([]byte("ActionId,DispositionCode\n1.2.3,\xff\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		file, err := parse(store.FileContent{Bytes: content})
		if err != nil {
			if _, ok := err.(store.UnusableFileError); !ok {
				t.Fatalf("error is %v", err)
			}
			return
		}
		lines := make(map[int]bool)
		for i := range file.entries {
			e := file.entry(i, shop, env)
			for _, row := range e.Rows {
				if lines[row.Line] {
					t.Fatalf("line %d is in two entries", row.Line)
				}
				lines[row.Line] = true
			}
			if e.Error != nil && (e.Error.Code == "" || e.Error.Message == "") || e.Error == nil && e.Submission.Command == nil {
				t.Fatalf("entry %d: %+v", i, e)
			}
		}
		if len(lines) != len(file.rows) {
			t.Fatalf("%d lines of %d records", len(lines), len(file.rows))
		}
	})
}

// FuzzCSVLines checks that each line of a CSV file is a part of a row or blank, and that a
// valid row before and after the fuzzed lines is applied.
func FuzzCSVLines(f *testing.F) {
	for _, kind := range lineKinds {
		f.Add(kind.text)
	}
	f.Add("2240,A,\"x\n2240,B,y,1,ORDER_UPDATE,\nz\",1,ORDER_UPDATE,")
	const valid = "2240,A,x,1,ORDER_UPDATE,"
	f.Fuzz(func(t *testing.T, lines string) {
		if strings.Count(lines, "\n") >= maxRows-2 {
			return
		}
		content := []byte(brokenHeader + "\n" + valid + "\n" + lines + "\n" + valid + "\n")
		file, err := parse(store.FileContent{Bytes: content})
		if err != nil {
			t.Fatal(err)
		}
		checkLines(t, file, content)
		for _, n := range []int{0, len(file.entries) - 1} {
			if e := file.entry(n, shop, env); e.Error != nil && (n == 0 || strings.Count(lines, `"`)%2 == 0) {
				t.Errorf("entry %d: %+v", n, e.Error)
			}
		}
	})
}

// zipped returns an archive with empty files.
func zipped(names ...string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		_, _ = w.Create(name)
	}
	_ = w.Close()
	return b.String()
}
