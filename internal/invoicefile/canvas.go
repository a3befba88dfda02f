package invoicefile

import (
	"bytes"
	_ "embed" // the fonts
	"fmt"
	"strings"
	"unicode"

	"github.com/signintech/gopdf"
	"golang.org/x/text/unicode/norm"
)

//go:embed font/OpenSans-Regular.ttf
var regularFont []byte

//go:embed font/OpenSans-Semibold.ttf
var semiboldFont []byte

// face is a font of a PDF.
type face int

// The faces. The extra one has the characters that the others lack.
const (
	regular face = iota
	semibold
	extra
)

// family returns the name of the face in package gopdf.
func (f face) family() string { return [...]string{"regular", "semibold", "extra"}[f] }

// color is the red, green and blue of a color.
type color [3]uint8

// style is the style of a text. The size is in points.
type style struct {
	face  face
	size  float64
	color color
}

// canvas draws on the pages of a PDF. All lengths are in millimeters from the top left corner
// of a page, and the y of a text is that of its baseline.
type canvas struct {
	pdf      gopdf.GoPdf
	hasExtra bool
	// advances has the width of each character at one point.
	advances map[character]float64
	// missing has the characters that no face has.
	missing map[rune]bool
	// err is the first error.
	err error
}

// character is a character in a face.
type character struct {
	face face
	rune rune
}

// newCanvas returns a canvas without pages. The font is the extra one, or empty.
func newCanvas(info gopdf.PdfInfo, font []byte) (*canvas, error) {
	c := &canvas{hasExtra: len(font) > 0, advances: make(map[character]float64), missing: make(map[rune]bool)}
	c.pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4, Unit: gopdf.UnitMM})
	c.pdf.SetInfo(info)
	fonts := [][]byte{regularFont, semiboldFont}
	if c.hasExtra {
		fonts = append(fonts, font)
	}
	for f, data := range fonts {
		if err := c.pdf.AddTTFFontData(face(f).family(), data); err != nil {
			return nil, fmt.Errorf("load the %s font: %w", face(f).family(), err)
		}
	}
	return c, nil
}

// bytes returns the PDF, or the first error of the canvas.
func (c *canvas) bytes() ([]byte, error) {
	if c.err != nil {
		return nil, c.err
	}
	var b bytes.Buffer
	_, err := c.pdf.WriteTo(&b)
	return b.Bytes(), err
}

// fail records the first error.
func (c *canvas) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// advance returns the width of a character at one point, and whether the face has it.
func (c *canvas) advance(ch character) (float64, bool) {
	width, known := c.advances[ch]
	if known {
		return width, width >= 0
	}
	const size = 100
	c.fail(c.pdf.SetFont(ch.face.family(), "", size))
	width = -1
	if has, err := c.pdf.IsCurrFontContainGlyph(ch.rune); err != nil {
		c.fail(err)
	} else if has {
		width, err = c.pdf.MeasureTextWidth(string(ch.rune))
		c.fail(err)
		width /= size
	}
	c.advances[ch] = width
	return width, width >= 0
}

// find returns the character for a rune in a face. If the face lacks it, it is that of the
// extra face, or else the replacement character.
func (c *canvas) find(f face, r rune) character {
	if _, has := c.advance(character{f, r}); has {
		return character{f, r}
	}
	if c.hasExtra {
		if _, has := c.advance(character{extra, r}); has {
			return character{extra, r}
		}
	}
	c.missing[r] = true
	return character{f, unicode.ReplacementChar}
}

// width returns the width of a text.
func (c *canvas) width(text string, s style) (sum float64) {
	for _, r := range text {
		sum += c.runeWidth(r, s)
	}
	return sum
}

func (c *canvas) runeWidth(r rune, s style) float64 {
	width, _ := c.advance(c.find(s.face, r))
	return width * s.size
}

// text draws a text that begins at x.
func (c *canvas) text(x, y float64, text string, s style) {
	c.pdf.SetTextColor(s.color[0], s.color[1], s.color[2])
	var run []rune
	var current face
	flush := func() {
		if len(run) == 0 {
			return
		}
		c.fail(c.pdf.SetFont(current.family(), "", s.size))
		c.pdf.SetXY(x, y)
		c.fail(c.pdf.Text(string(run)))
		x += c.width(string(run), style{current, s.size, s.color})
		run = run[:0]
	}
	for _, r := range text {
		ch := c.find(s.face, r)
		if ch.face != current {
			flush()
			current = ch.face
		}
		run = append(run, ch.rune)
	}
	flush()
}

// textRight draws a text that ends at x.
func (c *canvas) textRight(x, y float64, text string, s style) {
	c.text(x-c.width(text, s), y, text, s)
}

// line draws a horizontal line from x to the right margin.
func (c *canvas) line(x, y, width float64, stroke color) {
	c.pdf.SetLineWidth(width)
	c.pdf.SetStrokeColor(stroke[0], stroke[1], stroke[2])
	c.pdf.Line(x, y, right, y)
}

// fill fills a rectangle.
func (c *canvas) fill(x, y, width, height float64, fill color) {
	c.pdf.SetFillColor(fill[0], fill[1], fill[2])
	c.pdf.RectFromUpperLeftWithStyle(x, y, width, height, "F")
}

// wrap breaks a text into lines of a width. It returns at most a number of lines, and the last
// one then ends with an ellipsis.
func (c *canvas) wrap(text string, s style, width float64, most int) (lines []string) {
	const ellipsis = "…"
	for rest := []rune(clean(text)); len(rest) > 0; {
		n := c.fit(rest, s, width)
		if len(lines) == most-1 && n < len(rest) {
			n = c.fit(rest, s, width-c.width(ellipsis, s))
			return append(lines, strings.TrimRight(string(rest[:n]), " ")+ellipsis)
		}
		lines = append(lines, strings.TrimRight(string(rest[:n]), " "))
		rest = rest[n:]
	}
	return lines
}

// fit returns the number of characters at the beginning of a text that are a line of a width:
// it breaks after the last blank or hyphen, or else anywhere, but after one character at least.
func (c *canvas) fit(text []rune, s style, width float64) int {
	const tolerance = 1e-6 // the sum of the same widths depends on their order
	end := 0
	for i, r := range text {
		width -= c.runeWidth(r, s)
		switch {
		case r == ' ':
			end = i + 1
		case width < -tolerance && end > 0:
			return end
		case width < -tolerance:
			return max(i, 1)
		case r == '-':
			end = i + 1
		}
	}
	return len(text)
}

// clean returns a text in composed form, without control characters and repeated blanks.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) { // invisible, as marks of direction
			return -1
		}
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, norm.NFC.String(text))
	return strings.Join(strings.Fields(text), " ")
}
