package batchfile

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// amounts parses a file with the amounts, one in each row, and returns each as it is
// submitted, or "?" for an error that names the option.
func amounts(t *testing.T, separator string, values ...string) (read string) {
	t.Helper()
	content := "ActionId,Amount,Reason\n"
	for _, v := range values {
		content += `1.2.3,"` + v + "\",OTHER\n"
	}
	f, err := parse(store.FileContent{Bytes: []byte(content), DecimalSeparator: separator})
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for i := range f.entries {
		e := f.entry(i, shop, env)
		switch {
		case e.Error == nil:
			texts = append(texts, e.Submission.Command.(ledger.Modification).Amount.String())
		case strings.Contains(e.Error.Message, "--decimal"):
			texts = append(texts, "?")
		default:
			texts = append(texts, e.Error.Message)
		}
	}
	return strings.Join(texts, " ")
}

func TestDecimalSeparatorIsDetectedOrRequested(t *testing.T) {
	t.Parallel()
	const invalid = "Amount: Not a decimal number"
	for name, c := range map[string]struct {
		separator string
		values    []string
		want      string
	}{
		"points":                                 {"", []string{"19.50", "3", ".5", " 0.500 ", "1234.500"}, "19.5 3 0.5 0.5 1234.5"},
		"commas":                                 {"", []string{"19,50", "3", ",5", " 0,500 ", "1234,500"}, "19.5 3 0.5 0.5 1234.5"},
		"commas and thousands":                   {"", []string{"1.234,50", "19,5", "1.234.567"}, "1234.5 19.5 1234567"},
		"points and thousands":                   {"", []string{"1,234.50", "19.5", "1,234,567"}, "1234.5 19.5 1234567"},
		"no doubt because of others":             {"", []string{"1.500", "19.50"}, "1.5 19.5"},
		"thousands are not guessed":              {"", []string{"1.500", "19,50"}, "? 19.5"},
		"three decimal places alone":             {"", []string{"1.500", "1,500", "2"}, "? ? 2"},
		"contradicting numbers":                  {"", []string{"19.50", "19,50", "1.500", "1,234.5"}, "19.5 ? ? ?"},
		"a requested comma":                      {",", []string{"1.500", "19,50", "1,500", "19.50", "1.234,5"}, "1500 19.5 1.5 ? 1234.5"},
		"a requested point":                      {".", []string{"1.500", "19,50", "1,500", "19.50", "1,234.5"}, "1.5 ? 1500 19.5 1234.5"},
		"no numbers":                             {"", []string{"x", "1,2,3", "1.2,3.4", "--", "1 500,00"}, strings.Join([]string{invalid, invalid, invalid, invalid, invalid}, " ")},
		"malformed groups, which decide nothing": {"", []string{"12,34.5", "1.500"}, invalid + " ?"},
	} {
		if got := amounts(t, c.separator, c.values...); got != c.want {
			t.Errorf("%s: %s\nread as %s, want %s", name, strings.Join(c.values, " "), got, c.want)
		}
	}
	if _, err := parse(store.FileContent{Bytes: []byte("ActionId,Amount,Reason\n1.2.3,1,OTHER\n"), DecimalSeparator: ";"}); err == nil {
		t.Error("no error for the separator ;")
	}
}

func TestOnlyNumbersHaveADecimalSeparator(t *testing.T) {
	t.Parallel()
	f, err := parse(store.FileContent{Bytes: []byte(saleHeader + "1000,2240,NOW,\"1,5\",10,\"2,5\",1,19.50\n")})
	if err != nil {
		t.Fatal(err)
	}
	e := f.entry(0, shop, env)
	if f.format.Separator != "." || e.Error != nil || e.Submission.Command.(ledger.Conversion).Order != "1,5" {
		t.Errorf("separator %q, %+v", f.format.Separator, e)
	}
}

func TestMisspelledColumnRejectsTheFile(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		strings.Replace(saleHeader, "SubTotal", "SubTotl", 1):   `Column "ItemSubTotl" is unknown: did you mean ItemSubTotal?`,
		strings.Replace(saleHeader, "SubTotal", "SubTotl2", 1):  `Column "ItemSubTotl2" is unknown: did you mean ItemSubTotal?`,
		strings.Replace(saleHeader, "EventDate", "EventDat", 1): `did you mean EventDate?`,
		"ActionId,Amonut,Reasn\n":                               `Column "Amonut" is unknown: did you mean Amount? Column "Reasn" is unknown: did you mean Reason? Rename or remove it`,
	} {
		_, err := parse(store.FileContent{Bytes: []byte(header + strings.Repeat("1,", strings.Count(header, ",")) + "1\n")})
		if unusable, ok := err.(store.UnusableFileError); !ok || !strings.Contains(string(unusable), want) {
			t.Errorf("%s: error is %v, want %q", header, err, want)
		}
	}
}

func TestUnknownColumnsWithValuesAreListed(t *testing.T) {
	t.Parallel()
	f, err := parse(store.FileContent{Bytes: []byte("ActionId,Amount,Reason,Season,ItemPrice,Empty,,Season\n1.2.3,5,OTHER,spring,1,,x,\n")})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(f.ignoredColumns(), "|"); got != "Season|ItemPrice|column 7" {
		t.Errorf("ignored columns are %s", got)
	}
}

func TestWorkbookHasNoDecimalComma(t *testing.T) {
	t.Parallel()
	book := workbook(t, `<row r="1"><c t="str"><v>ActionId</v></c><c t="str"><v>Amount</v></c><c t="str"><v>Reason</v></c></row>`+
		`<row r="2"><c t="str"><v>1.2.3</v></c><c><v>1.234</v></c><c t="str"><v>OTHER</v></c></row>`)
	for _, separator := range []string{"", "."} {
		f, err := parse(store.FileContent{Bytes: book, DecimalSeparator: separator})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := f.decimal(f.rows[0].cells[1]); got != "1.234" || err != nil {
			t.Errorf("%q: %s, %v", separator, got, err)
		}
	}
	if _, err := parse(store.FileContent{Bytes: book, DecimalSeparator: ","}); err != errSheetSeparator {
		t.Errorf("error is %v", err)
	}
}

// workbook returns a workbook with rows of the sheet.
func workbook(t *testing.T, rows string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Target="s.xml"/></Relationships>`,
		"xl/s.xml":                   "<worksheet><sheetData>" + rows + "</sheetData></worksheet>",
	} {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
