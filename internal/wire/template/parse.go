package template

import (
	"strconv"
	"strings"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// maxMacros bounds the size of the output.
const maxMacros = 200

// Template is a parsed template. Create one with [ParseURL] or [ParseBody].
type Template struct {
	parts []part
}

// part is a piece of text, or a macro with the encoding of its value.
type part struct {
	text     string
	macro    *macro
	encoding encoding
}

// encoding is the encoding of the value of a macro.
type encoding int

const (
	// urlComponent is for a value in a URL or in a form.
	urlComponent encoding = iota
	// xmlText is for a value in an XML element or attribute.
	xmlText
	// jsonText is for a value inside a JSON string.
	jsonText
	// jsonValue is for a JSON value of its own.
	jsonValue
)

// syntaxError is a message for the author of a template.
type syntaxError string

func (e syntaxError) Error() string { return string(e) }

// ParseURL parses the template of an http or https URL for a notification that lists the
// events. Macros can be after the host. The error is a message for the author of the template.
func ParseURL(text string, listed []program.Event) (Template, error) {
	t, err := parse(text, urlComponent)
	if err == nil {
		err = t.checkURL(program.EventsOf(listed))
	}
	return t, err
}

// ParseBody parses the template of a body. The error is a message for the author of
// the template.
func ParseBody(text string, format program.BodyFormat) (t Template, err error) {
	switch format {
	case program.BodyJSON:
		if t, err = parse(text, jsonValue); err == nil {
			err = t.checkJSON()
		}
	case program.BodyXML:
		if t, err = parse(text, xmlText); err == nil {
			err = t.checkXML()
		}
	default:
		if t, err = parse(text, urlComponent); err == nil {
			err = t.checkForm()
		}
	}
	return t, err
}

// parse splits a template into text and macros. A brace is text unless a letter
// follows it, because JSON has braces of its own.
func parse(text string, as encoding) (t Template, err error) {
	count, lists, quoted := 0, 0, false
	for text != "" {
		start := macroStart(text)
		if start > 0 {
			t.parts = append(t.parts, part{text: text[:start]})
			quoted = quotedAfter(text[:start], quoted)
			text = text[start:]
			continue
		}
		m, length, err := parseMacro(text)
		if err != nil {
			return t, err
		}
		if m.items {
			lists++
		}
		if count++; count > maxMacros || lists > 1 {
			return t, syntaxError("At most " + strconv.Itoa(maxMacros) + " macros, and {items[]} only once")
		}
		p := part{macro: m, encoding: as}
		if as == jsonValue && quoted {
			if p.encoding = jsonText; m.items {
				return t, syntaxError("{items[]} is an array: write it without quotation marks")
			}
		}
		t.parts = append(t.parts, p)
		text = text[length:]
	}
	return t, nil
}

// macroStart returns the index of the first macro in text, or len(text).
func macroStart(text string) int {
	for i := 0; i+1 < len(text); i++ {
		if c := text[i+1] | 0x20; text[i] == '{' && 'a' <= c && c <= 'z' {
			return i
		}
	}
	return len(text)
}

// parseMacro returns the macro with which text begins, and its length in text.
func parseMacro(text string) (m *macro, length int, err error) {
	end := strings.IndexByte(text, '}')
	if end < 0 {
		return nil, 0, syntaxError("There is no } after " + wire.Excerpt(text))
	}
	name := text[1:end]
	m, found := macroByName[strings.ToLower(name)]
	if !found {
		return nil, 0, syntaxError("There is no macro {" + wire.Excerpt(name) + "}: there are " + macroNames())
	}
	return m, end + 1, nil
}

// quotedAfter reports whether the end of text is inside a JSON string, if quoted reports
// the same of its beginning.
func quotedAfter(text string, quoted bool) bool {
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case quoted && text[i] == '\\':
			i++
		}
	}
	return quoted
}
