package invoicefile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/signintech/gopdf"
)

// maxFontSize is the maximum size of a font file.
const maxFontSize = 64 << 20

// ReadFont reads a font file that can be used as [Options.Font]. It returns nil without a name.
func ReadFont(name string) (font []byte, err error) {
	if name == "" {
		return nil, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if font, err = io.ReadAll(io.LimitReader(file, maxFontSize+1)); err == nil {
		err = CheckFont(font)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return font, nil
}

// CheckFont returns an error if a font file can't be used as [Options.Font].
func CheckFont(font []byte) error {
	switch {
	case len(font) == 0:
		return errors.New("the font file is empty")
	case len(font) > maxFontSize:
		return fmt.Errorf("the font file has more than %d MiB", maxFontSize>>20)
	case bytes.HasPrefix(font, []byte("OTTO")):
		return errors.New("the font has PostScript outlines; use a TrueType font (.ttf)")
	case bytes.HasPrefix(font, []byte("ttcf")):
		return errors.New("the file is a collection of fonts; use a file with one TrueType font (.ttf)")
	case !bytes.HasPrefix(font, []byte{0, 1, 0, 0}):
		return errors.New("the file is not a TrueType font (.ttf)")
	}
	return recovered(func() error {
		c, err := newCanvas(gopdf.PdfInfo{}, font)
		if err != nil {
			return err
		}
		c.pdf.AddPage()
		for _, r := range "A1例" {
			if _, has := c.advance(character{extra, r}); has {
				c.text(10, 10, string(r), style{face: extra, size: 10})
			}
		}
		_, err = c.bytes()
		return err
	})
}

// recovered calls f. Package gopdf panics on some damaged fonts, which is an error here.
func recovered(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the font file is damaged: %v", r)
		}
	}()
	return f()
}
