package spreadsheet_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/spreadsheet"
)

func TestCellsThatASpreadsheetWouldRunAreEscaped(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "",
		"Acme":                "Acme",
		"Acme, Inc.":          `"Acme, Inc."`,
		`6" screen`:           `"6"" screen"`,
		"two\nlines":          "\"two\nlines\"",
		"=1+1":                `"'=1+1"`,
		"+1":                  `"'+1"`,
		"-1":                  `"'-1"`,
		"@SUM(A1)":            `"'@SUM(A1)"`,
		"\t=1":                "\"'\t=1\"",
		"\r=1":                "\"'\r=1\"",
		"'=1":                 `"''=1"`,
		"it's":                "it's",
		"'quoted'":            "'quoted'",
		`=HYPERLINK("a","b")`: `"'=HYPERLINK(""a"",""b"")"`,
	} {
		got := string(spreadsheet.AppendCell(nil, text))
		if got != want {
			t.Errorf("%q is written as %s, want %s", text, got, want)
		}
		record, err := csv.NewReader(strings.NewReader(got + ",\n")).Read()
		if err != nil || record[0] != text && record[0] != "'"+text {
			t.Errorf("%q is read as %q, %v", text, record, err)
		}
	}
}
