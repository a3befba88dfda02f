package invoicefile_test

import (
	"bytes"
	"encoding/xml"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/invoicefile"
)

// render returns the PDF of a document.
func render(t testing.TB, d invoicefile.Document, o invoicefile.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := invoicefile.PDF(&b, d, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// poppler writes a PDF to a file and runs a program of Debian's poppler-utils with the flags
// and the file's name. Without the program, poppler skips the test, or fails it in CI.
func poppler(t testing.TB, pdf []byte, program string, flags ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		skip(t, "poppler-utils")
	}
	file := filepath.Join(t.TempDir(), "invoice.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, append(flags, file, "-")...)
	if program == "pdftoppm" { // it writes to the standard output by itself
		cmd = exec.CommandContext(t.Context(), program, append(flags, file)...)
	}
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil || stderr.Len() > 0 {
		t.Fatalf("%s: %v\n%s", program, err, &stderr)
	}
	return stdout.Bytes()
}

// skip skips a test that needs a Debian package, or fails it in CI.
func skip(t testing.TB, name string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("CI has no %s: .ci/run installs it", name)
	}
	t.Skipf("install Debian's %s to run this test", name)
}

// pages returns the lines of text on each page, with single blanks.
func pages(t testing.TB, pdf []byte) (pages [][]string) {
	t.Helper()
	text := string(poppler(t, pdf, "pdftotext", "-layout"))
	for page := range strings.SplitSeq(strings.TrimSuffix(text, "\f"), "\f") {
		var lines []string
		for line := range strings.Lines(page) {
			if line = strings.Join(strings.Fields(line), " "); line != "" {
				lines = append(lines, line)
			}
		}
		pages = append(pages, lines)
	}
	return pages
}

// word is a word on a page with its box in points.
type word struct {
	Text   string  `xml:",chardata"`
	Left   float64 `xml:"xMin,attr"`
	Top    float64 `xml:"yMin,attr"`
	Right  float64 `xml:"xMax,attr"`
	Bottom float64 `xml:"yMax,attr"`
}

// words returns the words of each page.
func words(t testing.TB, pdf []byte) [][]word {
	t.Helper()
	var document struct {
		Pages []struct {
			Words []word `xml:"word"`
		} `xml:"body>doc>page"`
	}
	text := poppler(t, pdf, "pdftotext", "-bbox")
	if err := xml.Unmarshal(text, &document); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var pages [][]word
	for _, page := range document.Pages {
		pages = append(pages, page.Words)
	}
	return pages
}

// picture returns the image of the first page, with 4 pixels per millimeter.
func picture(t testing.TB, pdf []byte) image.Image {
	t.Helper()
	const pixelsPerInch = "101.6"
	img, err := png.Decode(bytes.NewReader(poppler(t, pdf, "pdftoppm", "-png", "-singlefile", "-r", pixelsPerInch)))
	if err != nil {
		t.Fatal(err)
	}
	return img
}
