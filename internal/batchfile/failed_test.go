package batchfile_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/spreadsheet/dialect"
	"github.com/trueup-ledger/trueup/internal/store"
)

func TestFailedRowsKeepTheDialect(t *testing.T) {
	t.Parallel()
	const header = "ActionId,Note,Reason\n"
	reasons := map[int]string{2: "A: why", 4: "B: why, then"}
	for name, c := range map[string]struct{ file, want string }{
		"commas": {header + "1,x,O\n2,x,O\n3,\"a,\"\"b\"\"\nc\",O\n", "ActionId,Note,Reason,ImportError\n1,x,O,A: why\n3,\"a,\"\"b\"\"\nc\",O,\"B: why, then\"\n"},
		"semicolons, Windows-1252 and carriage returns": {
			"ActionId;Note;Reason\r\n1;caf\xe9;O\r\n2;x;O\r\n3;a,b;O\r\n", "ActionId;Note;Reason;ImportError\r\n1;caf\xe9;O;A: why\r\n3;a,b;O;B: why, then\r\n",
		},
		"a byte order mark": {"\xef\xbb\xbf" + header + "1,x,O\n2,x,O\n", "\xef\xbb\xbfActionId,Note,Reason,ImportError\n1,x,O,A: why\n"},
		"UTF-16": {
			string(dialect.UTF16LE.Append(nil, "\ufeff"+header+"1,x,O\n")), string(dialect.UTF16LE.Append(nil, "\ufeffActionId,Note,Reason,ImportError\n1,x,O,A: why\n")),
		},
		"an earlier file of failed rows": {
			"ActionId,importerror,Note,Reason\n1,old,x,O\n2,old,x,O\n", "ActionId,Note,Reason,ImportError\n1,x,O,A: why\n",
		},
		"a misplaced quote":             {header + "1,\"x,O\n", "ActionId,Note,Reason,ImportError\n1,\"x,O,A: why\n"},
		"too few cells":                 {header + "1\n", "ActionId,Note,Reason,ImportError\n1,,,A: why\n"},
		"too many cells":                {header + "1,x,O,more\n", "ActionId,Note,Reason,ImportError\n1,x,O,more,A: why\n"},
		"a quoted separator before it":  {header + "\"1,2\"\n", "ActionId,Note,Reason,ImportError\n\"1,2\",,,A: why\n"},
		"separators in excess":          {header + "1,x,O,,\n", "ActionId,Note,Reason,ImportError\n1,x,O,A: why\n"},
		"XML":                           {"<a><b/><b><ActionId>1</ActionId><Note>é</Note><Reason>O</Reason></b></a>", "\xef\xbb\xbfActionId,Note,Reason,ImportError\n1,é,O,A: why\n"},
		"bytes that are no text at all": {header + "1,é\xff,O\n", "ActionId,Note,Reason,ImportError\n1,é\xff,O,A: why\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got bytes.Buffer
			if err := batchfile.WriteFailed(&got, []byte(c.file), reasons, true); err != nil || got.String() != c.want {
				t.Errorf("%v\n got %q\nwant %q", err, got.String(), c.want)
			}
		})
	}
}

func TestAcceptReportsTheFormat(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, format, ignored string }{
		"CSV":                   {"ActionId;Reason;Amount;Warehouse;ImportError\n1.2.3;O;1,50;W;caf\xe9\n", "semicolons, Windows-1252, 5 columns", "Warehouse"},
		"XML":                   {"<a><b><ActionId>1</ActionId><Reason>O</Reason></b></a>", "XML, UTF-8, 2 columns", ""},
		"the column of reasons": {"ActionId|Reason|importerror\n1.2.3|O|x\n", "vertical bars, UTF-8, 3 columns", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := batchfile.New(open(t), time.Now, quiet, func(int64) {})
			got, err := in.Accept(t.Context(), demo.Account, store.NewFile{Event: byTest, Name: "a", Content: []byte(c.file)})
			in.Stop(t.Context())
			if err != nil || got.Format != c.format || strings.Join(got.IgnoredColumns, ",") != c.ignored {
				t.Errorf("%q, %q, %v", got.Format, got.IgnoredColumns, err)
			}
		})
	}
}

// FuzzWriteFailed checks that the failed rows of any file are rows again, unless their cells
// could not be told apart.
func FuzzWriteFailed(f *testing.F) {
	for _, seed := range []string{"ActionId,Reason\n1,O\n", "ActionId;Reason\r\n\"a;b\";O\r\n", "ActionId|Reason|Note\n1\n", "<a><b><ActionId>1</ActionId><Reason>O</Reason></b></a>"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		lines, err := batchfile.Lines(store.FileContent{Bytes: content})
		if err != nil {
			return
		}
		reasons := make(map[int]string)
		for _, line := range lines {
			reasons[line] = "CODE: a reason, in \"words\""
		}
		var failed bytes.Buffer
		if err := batchfile.WriteFailed(&failed, content, reasons, true); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(strings.ReplaceAll(failed.String(), "\x00", ""), batchfile.ErrorColumn) {
			t.Errorf("%q has no reasons", failed.String())
		}
	})
}
