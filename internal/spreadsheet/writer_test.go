package spreadsheet_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/spreadsheet"
)

// pieces records the pieces that are written to it. It fails once it has limit bytes.
type pieces struct {
	strings.Builder
	count, limit int
}

func (p *pieces) Write(b []byte) (int, error) {
	p.count++
	if p.limit > 0 && p.Len() >= p.limit {
		return 0, errors.New("the disk is full")
	}
	return p.Builder.Write(b)
}

func TestAFileIsWrittenInPieces(t *testing.T) {
	var got pieces
	w := spreadsheet.NewWriter(&got, []string{"Name", "Number"})
	want := "Name,Number\n"
	for i := range 20_000 {
		w.Text("=" + strconv.Itoa(i))
		w.Put(strconv.AppendInt(w.Cell(), int64(-i), 10))
		if err := w.EndLine(); err != nil {
			t.Fatal(err)
		}
		want += `"'=` + strconv.Itoa(i) + `",-` + strconv.Itoa(i) + "\n"
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	want = strings.Replace(want, ",-0\n", ",0\n", 1)
	if got.String() != want || got.count < 3 {
		t.Errorf("%d bytes in %d pieces, want %d", got.Len(), got.count, len(want))
	}
}

func TestAFileThatCanNotBeWrittenIsAnError(t *testing.T) {
	full := &pieces{limit: 1}
	w := spreadsheet.NewWriter(full, []string{"Name"})
	var err error
	for i := 0; i < 20_000 && err == nil; i++ {
		w.Text("a line")
		err = w.EndLine()
	}
	if err == nil {
		t.Error("the error was lost")
	}
}
