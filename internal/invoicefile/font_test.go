package invoicefile_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/trueup-ledger/trueup/internal/invoicefile"
)

func TestFontsHaveLatinGreekAndCyrillic(t *testing.T) {
	var letters []rune
	for _, block := range [][2]rune{
		{'!', '~'},
		{0xa1, 0xff},
		{0x100, 0x17f},
		{0x218, 0x21b},
		{0x386, 0x3ce},
		{0x400, 0x45f},
		{0x490, 0x4ff},
		{0x1e80, 0x1e85},
		{0x1ea0, 0x1ef9},
		{'–', '—'},
		{'‘', '’'},
		{'“', '„'},
		{'…', '…'},
		{'€', '€'},
		{'−', '−'},
	} {
		for r := block[0]; r <= block[1]; r++ {
			if unicode.IsGraphic(r) && !unicode.Is(unicode.M, r) && !unicode.Is(unicode.Cf, r) {
				letters = append(letters, r)
			}
		}
	}
	d := sample(t)
	for chunk := range slices.Chunk(letters, 40) {
		d.Lines[0].CampaignName, d.Recipient.Name = string(chunk), string(chunk)
		text := strings.Join(slices.Concat(pages(t, render(t, d, invoicefile.Options{}))...), "")
		if strings.ContainsRune(text, unicode.ReplacementChar) {
			t.Errorf("a character is missing of %s in\n%s", string(chunk), text)
		}
	}
}

func TestAnotherFontHasTheMissingCharacters(t *testing.T) {
	font, err := os.ReadFile("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
	if errors.Is(err, os.ErrNotExist) {
		skip(t, "fonts-dejavu-core")
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := invoicefile.CheckFont(font); err != nil {
		t.Fatal(err)
	}
	d := sample(t)
	d.Lines[0].CampaignName, d.Recipient.Name = "Acme Հայաստան 2026", "Բարև Reviews"
	pdf := render(t, d, invoicefile.Options{Font: font})
	lines := pages(t, pdf)[0]
	for _, want := range []string{
		"Acme Trading Inc. Բարև Reviews Invoice date 1 December 2026",
		"Acme Հայաստան 2026 Media payout Sep 2026 214 12,841.50 2,568.30 15,409.80",
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("%q is missing in\n%s", want, strings.Join(lines, "\n"))
		}
	}
	if len(pdf) > 100_000 {
		t.Errorf("the file has %d bytes, so it has the whole font", len(pdf))
	}
	if !bytes.Equal(pdf, render(t, d, invoicefile.Options{Font: font})) {
		t.Error("the bytes differ")
	}
	err = invoicefile.PDF(&bytes.Buffer{}, d, invoicefile.Options{Font: damaged(t, font, "glyf", 0xff)})
	if err == nil || !strings.Contains(err.Error(), "the font file is damaged: ") {
		t.Errorf("the error for damaged glyphs is %v", err)
	}
}

// damaged returns a font with a table in which all bytes have a value.
func damaged(t *testing.T, font []byte, table string, value byte) []byte {
	t.Helper()
	font = bytes.Clone(font)
	for entry := range slices.Chunk(font[12:], 16) { // the directory of tables
		if string(entry[:4]) == table {
			start, length := binary.BigEndian.Uint32(entry[8:]), binary.BigEndian.Uint32(entry[12:])
			for i := range length {
				font[start+i] = value
			}
			return font
		}
	}
	t.Fatalf("the font has no table %s", table)
	return nil
}

func TestUnusableFontsAreErrors(t *testing.T) {
	font, err := os.ReadFile("font/OpenSans-Regular.ttf")
	if err != nil {
		t.Fatal(err)
	}
	if err := invoicefile.CheckFont(font); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		font []byte
		want string
	}{
		"an empty file":              {nil, "the font file is empty"},
		"a file that is no font":     {[]byte("<html>"), "the file is not a TrueType font (.ttf)"},
		"PostScript outlines":        {[]byte("OTTO...."), "use a TrueType font (.ttf)"},
		"a collection":               {[]byte("ttcf...."), "use a file with one TrueType font (.ttf)"},
		"a file that is too large":   {make([]byte, 64<<20+1), "the font file has more than 64 MiB"},
		"only the beginning of one":  {font[:100], ""},
		"half of one":                {font[:len(font)/2], ""},
		"one without its last table": {font[:len(font)-40_000], ""},
		"damaged glyphs":             {damaged(t, font, "glyf", 0xff), "the font file is damaged: "},
		"damaged widths":             {damaged(t, font, "hhea", 0), "the font file is damaged: "},
		"no characters":              {damaged(t, font, "cmap", 0), "load the extra font: "},
	} {
		t.Run(name, func(t *testing.T) {
			err := invoicefile.CheckFont(c.font)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v, want %q", err, c.want)
			}
			if len(c.font) > 0 && len(c.font) < len(font) {
				err = invoicefile.PDF(&bytes.Buffer{}, sample(t), invoicefile.Options{Font: c.font})
				if err == nil || !strings.HasPrefix(err.Error(), "PDF of invoice 10001-7: ") {
					t.Errorf("the error of the PDF is %v", err)
				}
			}
		})
	}
}

func TestMissingCharactersAreLoggedOnceForEachPartner(t *testing.T) {
	var out bytes.Buffer
	var missing invoicefile.MissingLog
	d := sample(t)
	d.Recipient.Name = "\u672c Sp. z o.o. \u65e5\u672c"
	for _, partner := range []int64{d.ID.Partner, d.ID.Partner, d.ID.Partner + 1} {
		o := missing.Options(nil, partner, slog.New(slog.NewTextHandler(&out, nil)))
		if err := invoicefile.PDF(new(bytes.Buffer), d, o); err != nil {
			t.Fatal(err)
		}
	}
	if got := out.String(); strings.Count(got, "\n") != 2 || strings.Count(got, "characters=\u65e5\u672c\n") != 2 || !strings.Contains(got, "--invoice-font") {
		t.Errorf("logged:\n%s", got)
	}
	out.Reset()
	if err := invoicefile.PDF(new(bytes.Buffer), sample(t), missing.Options(nil, 99, slog.New(slog.NewTextHandler(&out, nil)))); err != nil || out.Len() > 0 {
		t.Errorf("an invoice without missing characters: %v, %s", err, &out)
	}
}
