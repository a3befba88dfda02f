package render_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/goccy/go-yaml"
	"github.com/mattn/go-runewidth"

	"github.com/trueup-ledger/trueup/internal/cli/render"
)

// objects returns a sequence of objects that an error ends, unless it is nil.
func objects(end error, texts ...string) render.Objects {
	return func(yield func(json.RawMessage, error) bool) {
		for _, text := range texts {
			if !yield(json.RawMessage(text), nil) {
				return
			}
		}
		if end != nil {
			yield(nil, end)
		}
	}
}

const (
	first  = `{"Id":"1000.2240.1","Name":"Plain","State":"PENDING","Amount":110.10,"Address":{"Country":"US"},"Note":null,"Regions":[]}`
	second = `{"Id":"1000.2240.2","Name":"灯具 \"x\", y","State":"APPROVED","Amount":-123456789012.05,"Address":{},"Note":"=1+1"}`
)

var columns = render.Columns("Id", "Name:Partner", "State", "Amount", "Address.Country:Country", "Note", "Regions")

func TestFormats(t *testing.T) {
	for _, test := range []struct {
		name   string
		format render.Format
		in     render.Objects
		want   string
	}{
		{"a table has money on the right and counts wide characters", render.Table, objects(nil, first, second), "" +
			"ID           PARTNER      STATE               AMOUNT  COUNTRY  NOTE  REGIONS\n" +
			"1000.2240.1  Plain        PENDING             110.10  US\n" +
			"1000.2240.2  灯具 \"x\", y  APPROVED  -123456789012.05           =1+1\n"},
		{"an empty table has no heading", render.Table, objects(nil), ""},
		{"CSV quotes cells and escapes formulas", render.CSV, objects(nil, first, second), "" +
			"Id,Name,State,Amount,Address.Country,Note,Regions\n" +
			"1000.2240.1,Plain,PENDING,110.10,US,,\n" +
			"1000.2240.2,\"灯具 \"\"x\"\", y\",APPROVED,-123456789012.05,,\"'=1+1\",\n"},
		{"CSV without rows has its heading", render.CSV, objects(nil), "Id,Name,State,Amount,Address.Country,Note,Regions\n"},
		{"JSON lines keep the digits", render.JSONLines, objects(nil, first), first + "\n"},
		{"JSON is an array", render.JSON, objects(nil, `{"A":1.50}`, `{"A":2}`), "[\n  {\n    \"A\": 1.50\n  },\n  {\n    \"A\": 2\n  }\n]\n"},
		{"JSON without objects is an empty array", render.JSON, objects(nil), "[]\n"},
		{"YAML keeps the digits", render.YAML, objects(nil, first, `{"A":[],"B":{},"C":[1,{"D":"x","E":true}]}`), "" +
			"- Id: \"1000.2240.1\"\n  Name: Plain\n  State: PENDING\n  Amount: 110.10\n  Address:\n    Country: US\n  Note: null\n  Regions: []\n" +
			"- A: []\n  B: {}\n  C:\n    - 1\n    - D: x\n      E: true\n"},
		{"YAML without objects is an empty list", render.YAML, objects(nil), "[]\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			if err := render.List(&out, test.format, render.Terminal{}, test.in, columns); err != nil {
				t.Fatal(err)
			}
			if got := out.String(); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestTablesOfTheAdminAPI(t *testing.T) {
	columns := render.Columns("sid", "at", "reason")
	columns[2].Format = strconv.Quote
	list := objects(nil, `{"sid":"IR1","at":"2026-01-02T03:04:05.678901Z","reason":"a \"test\""}`, `{"sid":"7","at":"2026-01-02T03:04:05-08:00"}`)
	for format, want := range map[render.Format]string{
		render.Table: "SID  AT                    REASON\nIR1  2026-01-02T03:04:05Z  \"a \\\"test\\\"\"\n7    2026-01-02 03:04:05   \"\"\n",
		render.CSV:   "sid,at,reason\nIR1,2026-01-02T03:04:05.678901Z,\"a \"\"test\"\"\"\n7,2026-01-02T03:04:05-08:00,\n",
	} {
		var out strings.Builder
		if err := render.List(&out, format, render.Terminal{}, list, columns); err != nil || out.String() != want {
			t.Errorf("%s: got\n%s(%v)\nwant\n%s", format, out.String(), err, want)
		}
	}
}

func TestErrorsEndLists(t *testing.T) {
	failed := errors.New("the connection broke")
	for _, test := range []struct {
		name   string
		format render.Format
		want   string
	}{
		{"a table keeps the rows before the error", render.Table, "ID\n1\n"},
		{"an array isn't closed", render.JSON, "[\n  {\n    \"Id\": 1\n  }"},
		{"JSON lines keep those before the error", render.JSONLines, "{\"Id\":1}\n"},
		{"YAML keeps the entries before the error", render.YAML, "- Id: 1\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			err := render.List(&out, test.format, render.Terminal{}, objects(failed, `{"Id":1}`), render.Columns("Id"))
			if !errors.Is(err, failed) {
				t.Errorf("the error is %v", err)
			}
			if got := out.String(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestObject(t *testing.T) {
	for _, test := range []struct {
		name   string
		format render.Format
		want   string
	}{
		{"a table has a row per field that has a value", render.Table, "Id       1000.2240.1\nPartner  Plain\nState    PENDING\nAmount   110.10\nCountry  US\n"},
		{"JSON lines have one line", render.JSONLines, first + "\n"},
		{"CSV has a heading", render.CSV, "Id,Name,State,Amount,Address.Country,Note,Regions\n1000.2240.1,Plain,PENDING,110.10,US,,\n"},
		{"YAML is a mapping", render.YAML, "Id: \"1000.2240.1\"\nName: Plain\nState: PENDING\nAmount: 110.10\nAddress:\n  Country: US\nNote: null\nRegions: []\n"},
		{"JSON is indented", render.JSON, "{\n  \"Id\": \"1000.2240.1\",\n  \"Name\": \"Plain\",\n  \"State\": \"PENDING\",\n  \"Amount\": 110.10,\n  \"Address\": {\n    \"Country\": \"US\"\n  },\n  \"Note\": null,\n  \"Regions\": []\n}\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			if err := render.Object(&out, test.format, render.Terminal{}, json.RawMessage(first), columns); err != nil {
				t.Fatal(err)
			}
			if got := out.String(); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// hostile are texts that YAML could read as something else, or that could control a terminal.
var hostile = []string{
	"", " ", "yes", "No", "ON", "y", "null", "~", "true", "1e3", ".inf", ".nan", "012", "0x1f", "1_000", "1:20", "2026-01-01",
	"- a", "-", "?", "a: b", "a:", "a #b", "#c", "<<", "=", "!!x", "&a", "*a", "@a", "%x", "`a", "|", ">a", "'", `"`, `\`, "[a", "{a", ",",
	"x\ny\n", "\r\n", "a\tb", " lead", "trail ", "a  b", "a\u0085b", "\u2028", "\u202e", "\u2066", "\ufeff", "\x00\x1b[31m\x7f", "\u009b31m",
	"it's", "灯具", "😀", "\U000e0001", "---", "...", strings.Repeat("long ", 100),
}

func TestYAMLKeepsTexts(t *testing.T) {
	for _, text := range hostile {
		object, err := json.Marshal(map[string]any{"A": text, "B": map[string][]string{"C": {text}}})
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := render.Object(&out, render.YAML, render.Terminal{}, object, nil); err != nil {
			t.Fatal(err)
		}
		var got struct {
			A any            `yaml:"A"`
			B map[string]any `yaml:"B"`
		}
		if err := yaml.Unmarshal([]byte(out.String()), &got); err != nil {
			t.Errorf("%q: %v\n%s", text, err, out.String())
			continue
		}
		if list, is := got.B["C"].([]any); got.A != text || !is || len(list) != 1 || list[0] != text {
			t.Errorf("%q is read as %#v\n%s", text, got, out.String())
		}
	}
}

func TestTables(t *testing.T) {
	wide := `{"Id":"A-01a221b4-8d45-83a7-92d7-000000000ce0","Name":"` + strings.Repeat("nom name ", 12) + `","Amount":123456789012.34}`
	columns := render.Columns("Id", "Name", "Amount")
	for _, test := range []struct {
		name     string
		terminal render.Terminal
		in       render.Objects
		want     string
	}{
		{"texts are cut to the width, ids and money never", render.Terminal{Width: 75}, objects(nil, wide), "" +
			"ID                                      NAME                         AMOUNT\n" +
			"A-01a221b4-8d45-83a7-92d7-000000000ce0  nom name nom name…  123456789012.34\n"},
		{"a very narrow terminal wraps", render.Terminal{Width: 10}, objects(nil, wide), "" +
			"ID                                      NAME               AMOUNT\n" +
			"A-01a221b4-8d45-83a7-92d7-000000000ce0  nom nam…  123456789012.34\n"},
		{"a file has all characters", render.Terminal{}, objects(nil, `{"Name":"`+strings.Repeat("x", 300)+`"}`), "" +
			"ID  NAME" + strings.Repeat(" ", 298) + "AMOUNT\n" + "    " + strings.Repeat("x", 300) + "\n"},
		{"control characters are replaced", render.Terminal{}, objects(nil, `{"Name":"a\u001b[31mb\u202ec\nd\u009b"}`), "" +
			"ID  NAME          AMOUNT\n    a\uFFFD[31mb\uFFFDc d\uFFFD\n"},
		{"a terminal has colors", render.Terminal{Color: true}, objects(nil, `{"Id":"PENDING"}`), "" +
			"\x1b[1mID\x1b[0m       \x1b[1mNAME\x1b[0m  \x1b[1mAMOUNT\x1b[0m\n\x1b[33mPENDING\x1b[0m\n"},
		{"timestamps have no offset", render.Terminal{}, objects(nil, `{"Name":"2026-11-28T02:53:37-08:00"}`), "" +
			"ID  NAME                 AMOUNT\n    2026-11-28 02:53:37\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			if err := render.List(&out, render.Table, test.terminal, test.in, columns); err != nil {
				t.Fatal(err)
			}
			if got := out.String(); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// The layout is that of the first rows, so that a long list needs little memory.
func TestLongTablesCutNoValues(t *testing.T) {
	texts := slices.Repeat([]string{`{"Id":"1","Name":"a","Amount":1.00}`}, 1500)
	texts = append(texts, `{"Id":"1000.2240.1","Name":"`+strings.Repeat("b", 50)+`","Amount":123456789012.34}`)
	var out strings.Builder
	if err := render.List(&out, render.Table, render.Terminal{}, objects(nil, texts...), render.Columns("Id", "Name", "Amount")); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if want := "1000.2240.1  " + strings.Repeat("b", 50) + "  123456789012.34"; len(lines) != 1502 || lines[1501] != want {
		t.Errorf("%d lines, the last is %q", len(lines), lines[len(lines)-1])
	}
}

func TestUnknownColumns(t *testing.T) {
	for _, test := range []struct {
		field, want string
	}{
		{"Amuont", `no field "Amuont", did you mean "Amount"?`},
		{"amount", `no field "amount", did you mean "Amount"?`},
		{"Address.Cuontry", `no field "Address.Cuontry", did you mean "Address.Country"?`},
		{"Amount", ""},
		{"Address.Country", ""},
		{"OriginalAmount", ""}, // not all objects have all fields
		{"Name.First", ""},
	} {
		err := render.CheckColumns(json.RawMessage(first), render.Columns(test.field))
		if got := ""; test.want != "" && (err == nil || err.Error() != test.want) || test.want == got && err != nil {
			t.Errorf("%s: the error is %v, want %q", test.field, err, test.want)
		}
	}
}

func TestFilesAreNoTerminals(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got := render.NewTerminal(file); got != (render.Terminal{}) {
		t.Errorf("a file is %+v", got)
	}
}

func FuzzCells(f *testing.F) {
	for _, text := range hostile {
		f.Add(text, 20)
	}
	f.Fuzz(func(t *testing.T, text string, width int) {
		printable := render.Printable(text)
		if i := strings.IndexFunc(printable, unicode.IsControl); i >= 0 {
			t.Errorf("%q has a control character", printable)
		}
		text = "x" + strings.ToValidUTF8(text, "\uFFFD") // numbers are not cut
		object, err := json.Marshal(map[string]string{"Name": text, "Sku": "A"})
		if err != nil {
			t.Fatal(err)
		}
		width %= 200
		var out strings.Builder
		if err := render.List(&out, render.Table, render.Terminal{Width: width}, objects(nil, string(object)), render.Columns("Name", "Sku")); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(out.String(), "\n")
		if len(lines) != 3 || width >= 13 && runewidth.StringWidth(lines[1]) > width {
			t.Errorf("the table is %q", out.String())
		}
		for _, format := range []render.Format{render.JSON, render.YAML} {
			out.Reset()
			if err := render.Object(&out, format, render.Terminal{}, object, nil); err != nil {
				t.Fatal(err)
			}
			var read map[string]any
			if err := yaml.Unmarshal([]byte(out.String()), &read); format == render.YAML && (err != nil || read["Name"] != text) {
				t.Errorf("%q is read as %q from %s: %v", text, read["Name"], out.String(), err)
			}
		}
	})
}
