package dialect_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/internal/spreadsheet/dialect"
)

const limit = 1 << 20

// utf16Of returns a text in UTF-16.
func utf16Of(order binary.AppendByteOrder, text string) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

// archive returns a zip archive of files, whose names and contents alternate.
func archive(files ...string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, _ := w.Create(files[i])
		_, _ = f.Write([]byte(files[i+1]))
	}
	_ = w.Close()
	return b.String()
}

func TestDialectIsDetected(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, text, want string }{
		"UTF-8":                      {"a,b\né,1\n", "a,b\né,1\n", "commas, UTF-8"},
		"a byte order mark":          {"\xef\xbb\xbfa;b\n", "a;b\n", "semicolons, UTF-8 with byte order mark"},
		"UTF-16LE":                   {"\xff\xfe" + utf16Of(binary.LittleEndian, "a\tb\n€\U0001F600\t1\n"), "a\tb\n€\U0001F600\t1\n", "tabs, UTF-16LE with byte order mark"},
		"UTF-16BE":                   {"\xfe\xff" + utf16Of(binary.BigEndian, "a|b\n"), "a|b\n", "vertical bars, UTF-16BE with byte order mark"},
		"UTF-16 without a mark":      {utf16Of(binary.LittleEndian, "ActionId,b\né,1\n"), "ActionId,b\né,1\n", "commas, UTF-16LE"},
		"UTF-16BE without a mark":    {utf16Of(binary.BigEndian, "ActionId,b\né,1\n"), "ActionId,b\né,1\n", "commas, UTF-16BE"},
		"an unpaired surrogate":      {"\xff\xfea\x00\x00\xd8b\x00\x01", "a\xffb\xff", "commas, UTF-16LE with byte order mark"},
		"Windows-1252":               {"a;b\ncaf\xe9;\x80 5\n", "a;b\ncafé;€ 5\n", "semicolons, Windows-1252"},
		"damaged UTF-8":              {"a,é\ncaf\xe9\n", "a,é\ncaf\xe9\n", "commas, UTF-8"},
		"bytes that no encoding has": {"a,b\n\x81\n", "a,b\n\x81\n", "commas, UTF-8"},
		"bytes with NUL":             {"a,b\n\x00\xe9\n", "a,b\n\x00\xe9\n", "commas, UTF-8"},
		"gzip":                       {gzipped("a;b\n"), "a;b\n", "gzip, semicolons, UTF-8"},
		"zip":                        {archive("__MACOSX/a.csv", "x", "folder/a.csv", "a;b\n"), "a;b\n", "zip, semicolons, UTF-8"},
		"nothing":                    {"", "", "commas, UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := dialect.Decode([]byte(c.file), limit)
			if err != nil || got.Text != c.text || got.String() != c.want {
				t.Errorf("%q, %q, %v; want %q, %q", got.Text, got.Dialect, err, c.text, c.want)
			}
		})
	}
}

func TestUnreadableFileIsAnError(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", limit+1)
	for name, c := range map[string]struct{ file, want string }{
		"too much text":                  {long, "1 MiB"},
		"too much text in gzip":          {gzipped(long), "1 MiB"},
		"too much text in zip":           {archive("a.csv", long), "1 MiB"},
		"text that grows when decoded":   {"\xe9a" + strings.Repeat("\x80", limit/2), "1 MiB"},
		"two files":                      {archive("a", "", "b", ""), "2 files"},
		"no file":                        {archive("a/", ""), "0 files"},
		"gzip in gzip":                   {gzipped(gzipped("a")), "compressed twice"},
		"zip in gzip":                    {gzipped(archive("a", "b")), "compressed twice"},
		"damaged gzip":                   {gzipped("abcdef")[:20], "damaged"},
		"damaged zip":                    {archive("a", "b")[:40], "damaged"},
		"an archive of many files":       {archive("a", "") + strings.Repeat("PK\x01\x02", 1001), "more than 1000 files"},
		"a workbook without sheets":      {archive("xl/workbook.xml", "<workbook/>"), "no sheet"},
		"a workbook with broken XML":     {archive("xl/workbook.xml", "<workbook>"), "damaged"},
		"a workbook with too much XML":   {book("", "", `<row r="1"><c r="A1"><v>1</v></c></row>`+strings.Repeat("<a/>", limit)), "1 MiB"},
		"a workbook of nested elements":  {book("", "", strings.Repeat("<a>", 65)+strings.Repeat("</a>", 65)), "damaged"},
		"an element of many attributes":  {book("", "", "<row"+strings.Repeat(` a=""`, limit/4)+"/>"), "damaged"},
		"a long comment":                 {book("", "", "<!--"+strings.Repeat(" ", 2*limit)+"-->"), "damaged"},
		"a cell of many comments":        {book("", "", `<row r="1"><c t="str"><v>`+strings.Repeat("<!-- -->a", limit/8)+"</v></c></row>"), "damaged"},
		"a shared text of many runs":     {book("", "<si>"+strings.Repeat("<r><t>a</t></r>", limit/8)+"</si>", ""), "damaged"},
		"a workbook with too much text":  {book("", "<si><t>"+strings.Repeat("a", 1000)+"</t></si>", `<row r="1">`+strings.Repeat(`<c t="s"><v>0</v></c>`, 1100)+"</row>"), "1 MiB"},
		"a workbook with too many lines": {book("", "", `<row r="1048577"/>`), "damaged"},
		"rows in disorder":               {book("", "", `<row r="2"/><row r="1"/>`), "damaged"},
		"cells in disorder":              {book("", "", `<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>`), "damaged"},
		"a formula without a result":     {book("", "", `<row r="2"><c r="AB2"><f>A1*2</f><v/></c></row>`), "Cell AB2 has a formula without a result"},
		"a shared formula":               {book("", "", `<row r="3"><c r="A3"/><c r="B3" t="n"><f t="shared" si="0"/></c></row>`), "Cell B3 has a formula without a result"},
		"a shared text that is missing":  {book("", "", `<row r="1"><c r="A1" t="s"><v>9</v></c></row>`), "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := dialect.Decode([]byte(c.file), limit)
			if _, is := err.(dialect.Error); !is || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%.40q, %v; want an error with %q", got.Text, err, c.want)
			}
		})
	}
}

func TestCellsWithoutReferencesStayInTheirColumns(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ cells, want string }{
		"an empty cell first":      {`<c s="1"/><c><v>2</v></c>`, ",2"},
		"an empty cell in between": {`<c><v>1</v></c><c s="1"/><c><v>3</v></c>`, "1,,3"},
		"after a reference":        {`<c r="B1"/><c/><c><v>4</v></c>`, ",,,4"},
		"an empty cell last":       {`<c><v>1</v></c><c/>`, "1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := dialect.Decode([]byte(book("", "", `<row>`+c.cells+`</row>`)), limit)
			if want := c.want + "\n"; err != nil || got.Text != want {
				t.Errorf("%q, %v; want %q", got.Text, err, want)
			}
		})
	}
}

// book returns a workbook with a sheet. properties are attributes of workbookPr.
func book(properties, strings, rows string) string {
	return archive("xl/workbook.xml", `<workbook xmlns:r="r"><workbookPr `+properties+`/><sheets><sheet name="Old" state="hidden" r:id="r9"/><sheet name="Orders" r:id="r1"/><sheet name="More" r:id="r2"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/sharedStrings.xml", "<sst>"+strings+"</sst>",
		"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-407]dd\.mm\.yyyy"/><numFmt numFmtId="165" formatCode="0.00 &quot;days&quot;"/><numFmt numFmtId="166" formatCode="[h]:mm"/></numFmts>`+
			`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="22"/><xf numFmtId="166"/></cellXfs><cellStyles/></styleSheet>`,
		"xl/worksheets/sheet1.xml", "<worksheet><sheetData>"+rows+"</sheetData></worksheet>")
}

func TestCellsOfAWorkbookBecomeText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ cell, want string }{
		"a number":                         {`<c><v>19.989999999999998</v></c>`, "19.99"},
		"a large number":                   {`<c><v>1.2E+16</v></c>`, "12000000000000000"},
		"a small number":                   {`<c><v>1E-3</v></c>`, "0.001"},
		"a date":                           {`<c s="1"><v>46354</v></c>`, "2026-11-28"},
		"a date in a custom format":        {`<c s="2"><v>46354</v></c>`, "2026-11-28"},
		"a time":                           {`<c s="4"><v>46354.604166666664</v></c>`, "2026-11-28T14:30:00"},
		"a number with letters":            {`<c s="3"><v>5</v></c>`, "5"},
		"a negative date":                  {`<c s="1"><v>-1</v></c>`, "-1"},
		"an unknown style":                 {`<c s="99"><v>5</v></c>`, "5"},
		"a Boolean":                        {`<c t="b"><v>1</v></c>`, "true"},
		"an error":                         {`<c t="e"><v>#N/A</v></c>`, "#N/A"},
		"the text of a formula":            {`<c t="str"><f>A1</f><v>x</v></c>`, "x"},
		"the empty text of a formula":      {`<c t="str"><f>A1</f><v></v></c>`, ""},
		"the number of a formula":          {`<c><f>A1*2</f><v>5</v></c>`, "5"},
		"a text in the cell":               {`<c t="inlineStr"><is><t>a</t></is></c>`, "a"},
		"a shared text":                    {`<c t="s"><v>0</v></c>`, "rich text"},
		"a text with a separator":          {`<c t="s"><v>1</v></c>`, `"a,""b"""`},
		"a text of two lines":              {`<c t="s"><v>2</v></c>`, "a b"},
		"a cell that is empty but styled":  {`<c s="1"/>`, ""},
		"a number that Excel doesn't have": {`<c><v>NaN</v></c>`, "NaN"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shared := `<si><r><t>rich </t></r><r><t>text</t></r><rPh><t>no</t></rPh></si><si><t>a,"b"</t></si><si><t>a` + "\n" + `b</t></si>`
			got, err := dialect.Decode([]byte(book("", shared, `<row r="1">`+c.cell+`</row>`)), limit)
			if want := c.want + "\n"; err != nil || got.Text != want {
				t.Errorf("%q, %v; want %q", got.Text, err, want)
			}
		})
	}
}

func TestLinesOfASheetAreItsRows(t *testing.T) {
	t.Parallel()
	got, err := dialect.Decode([]byte(book(`date1904="1"`, "", `<row r="2"><c r="B2"><v>1</v></c><c r="AB2"><v>2</v></c></row><row><c><v>3</v></c><c><v>4</v></c></row><row r="5"><c r="A5" s="1"><v>0</v></c></row>`)), limit)
	want := "\n,1" + strings.Repeat(",", 26) + "2\n3,4\n\n1904-01-01\n"
	if err != nil || got.Text != want || got.String() != `Excel sheet "Orders", the first of 2` || got.Separator != "," {
		t.Errorf("%q, %s, %v; want %q", got.Text, got.Dialect, err, want)
	}
}

func TestAppendIsReadAgain(t *testing.T) {
	t.Parallel()
	for _, e := range []dialect.Encoding{dialect.UTF8, dialect.UTF16LE, dialect.UTF16BE, dialect.Windows1252} {
		const text = "ActionId,Note\n1,café €\n"
		got, err := dialect.Decode(e.Append(nil, text), limit)
		if err != nil || got.Text != text || got.Encoding != e {
			t.Errorf("%s: %q, %s, %v", e, got.Text, got.Encoding, err)
		}
	}
	if got := string(dialect.Windows1252.Append(nil, "日")); got != "?" {
		t.Errorf("a letter that is missing became %q", got)
	}
}

// FuzzDecode checks that Decode keeps its limit, and that text in UTF-8 is unchanged.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "\xff\xfea\x00", "caf\xe9", gzipped("a"), archive("a", "b"), book("", "<si><t>a</t></si>", `<row r="1"><c r="A1" t="s"><v>0</v></c></row>`)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		const limit = 64 << 10
		got, err := dialect.Decode(content, limit)
		if _, is := err.(dialect.Error); err != nil && !is {
			t.Errorf("error is a %T", err)
		}
		if len(got.Text) > limit+1 {
			t.Errorf("%d bytes of text", len(got.Text))
		}
		plain := err == nil && got.Container == "" && !got.IsSheet() && !got.BOM && got.Encoding == dialect.UTF8
		if plain && utf8.Valid(content) && got.Text != string(content) {
			t.Errorf("%q became %q", content, got.Text)
		}
	})
}
