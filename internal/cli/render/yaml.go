package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// plainText matches texts that YAML reads as themselves without quotes, but for plainWords.
var plainText = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./@+-]*( [A-Za-z0-9_./@+-]+)*$`)

// plainWords are texts that YAML 1.1 or 1.2 reads as a truth value or as null.
var plainWords = []string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"}

// yamlList writes a list with an object per entry.
func yamlList(w io.Writer, objects Objects) error {
	empty := true
	err := each(objects, func(object json.RawMessage) error {
		empty = false
		text, err := appendYAML([]byte("-"), object, 1)
		if err == nil {
			_, err = w.Write(append(text, '\n'))
		}
		return err
	})
	if err == nil && empty {
		_, err = io.WriteString(w, "[]\n")
	}
	return err
}

// yamlObject writes an object.
func yamlObject(w io.Writer, object json.RawMessage) error {
	text, err := appendYAML(nil, object, 0)
	if err == nil {
		_, err = w.Write(append(text, '\n'))
	}
	return err
}

// appendYAML appends a value to its key or to the hyphen of its entry, if dst ends with one. It
// keeps the digits of numbers, because those of money count.
func appendYAML(dst []byte, value json.RawMessage, indent int) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(value))
	d.UseNumber()
	y := yamlWriter{dst: dst, tokens: d}
	token, err := d.Token()
	if err == nil {
		err = y.value(token, indent)
	}
	return y.dst, err
}

// yamlWriter appends the YAML of JSON tokens.
type yamlWriter struct {
	dst    []byte
	tokens *json.Decoder
}

// value appends the value that a token begins.
func (y *yamlWriter) value(token json.Token, indent int) error {
	switch v := token.(type) {
	case json.Delim:
		return y.collection(v, indent)
	case string:
		y.scalar(quote(v))
	case nil:
		y.scalar("null")
	default: // json.Number or bool
		y.scalar(fmt.Sprint(v))
	}
	return nil
}

// scalar appends a value in the line of its key.
func (y *yamlWriter) scalar(text string) {
	if len(y.dst) > 0 {
		y.dst = append(y.dst, ' ')
	}
	y.dst = append(y.dst, text...)
}

// collection appends the members of an object or an array, a line for each.
func (y *yamlWriter) collection(open json.Delim, indent int) error {
	if !y.tokens.More() {
		_, err := y.tokens.Token()
		y.scalar(map[json.Delim]string{'{': "{}", '[': "[]"}[open])
		return err
	}
	// The first member of an object shares the line of its hyphen.
	shared := len(y.dst) > 0 && y.dst[len(y.dst)-1] == '-'
	for y.tokens.More() {
		switch {
		case shared:
			y.dst = append(y.dst, ' ')
		case len(y.dst) > 0:
			y.dst = append(append(y.dst, '\n'), strings.Repeat("  ", indent)...)
		}
		shared = false
		if open == '[' {
			y.dst = append(y.dst, '-')
		} else {
			key, err := y.tokens.Token()
			if err != nil {
				return err
			}
			y.dst = append(append(y.dst, quote(fmt.Sprint(key))...), ':')
		}
		token, err := y.tokens.Token()
		if err == nil {
			err = y.value(token, indent+1)
		}
		if err != nil {
			return err
		}
	}
	_, err := y.tokens.Token()
	return err
}

// quote returns a text as a scalar: in double quotes, unless YAML reads it as itself without them.
func quote(text string) string {
	if plainText.MatchString(text) && !slices.Contains(plainWords, strings.ToLower(text)) {
		return text
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r > 0xffff && !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\U%08x`, r)
		case !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
