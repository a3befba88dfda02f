package wire

import (
	"strconv"
	"strings"

	"github.com/trueup-ledger/trueup/ledger"
)

// maxMacros bounds the macros of a template, so that a text of some size cannot
// become one of any size.
const maxMacros = 200

// Template is a text with macros, as {ActionId}, that was found to be sound
// whatever their values are. Use [ParseURLTemplate] or [ParseBodyTemplate].
type Template struct {
	parts []part
}

// part is a piece of text, or a macro with the way in which its values are written.
type part struct {
	text  string
	macro *macro
	as    writing
}

// writing is how a value is written where its macro stands.
type writing int

const (
	// inURL is a component of a URL or of a form, inXML a text or an attribute.
	inURL writing = iota
	inXML
	// inJSONText is inside a JSON string; asJSON is a JSON value of its own.
	inJSONText
	asJSON
)

// ParseURLTemplate reads the template of an http or https URL; its macros stand
// after the host. Its error is fit for whoever wrote it.
func ParseURLTemplate(text string) (Template, error) {
	t, err := parseTemplate(text, inURL)
	if err == nil {
		err = t.checkURL()
	}
	return t, err
}

// ParseBodyTemplate reads the template of a body. Its error is fit for whoever
// wrote it.
func ParseBodyTemplate(text string, format ledger.BodyFormat) (t Template, err error) {
	switch format {
	case ledger.BodyJSON:
		if t, err = parseTemplate(text, asJSON); err == nil {
			err = t.checkJSON()
		}
	case ledger.BodyXML:
		if t, err = parseTemplate(text, inXML); err == nil {
			err = t.checkXML()
		}
	default:
		if t, err = parseTemplate(text, inURL); err == nil {
			err = t.checkForm()
		}
	}
	return t, err
}

// parseTemplate finds the macros. A brace before anything but a letter is text, as
// those of JSON are.
func parseTemplate(text string, as writing) (t Template, err error) {
	count, lists, quoted := 0, 0, false
	for text != "" {
		start := macroStart(text)
		if start > 0 {
			t.parts = append(t.parts, part{text: text[:start]})
			quoted = quotedAfter(text[:start], quoted)
			text = text[start:]
			continue
		}
		m, length, err := macroAt(text)
		if err != nil {
			return t, err
		}
		if m.list {
			lists++
		}
		if count++; count > maxMacros || lists > 1 {
			return t, fault("At most " + strconv.Itoa(maxMacros) + " macros, of them {items[]} once")
		}
		p := part{macro: m, as: as}
		if as == asJSON && quoted {
			if p.as = inJSONText; m.list {
				return t, fault("{items[]} is an array: write it without quotation marks")
			}
		}
		t.parts = append(t.parts, p)
		text = text[length:]
	}
	return t, nil
}

// macroStart answers where the next macro begins, or the text's length.
func macroStart(text string) int {
	for i := 0; i+1 < len(text); i++ {
		if c := text[i+1] | 0x20; text[i] == '{' && 'a' <= c && c <= 'z' {
			return i
		}
	}
	return len(text)
}

// macroAt answers the macro with which a text begins, and how long it is there.
func macroAt(text string) (m *macro, length int, err error) {
	end := strings.IndexByte(text, '}')
	if end < 0 {
		return nil, 0, fault("There is no } after " + shown(text))
	}
	name := text[1:end]
	m, found := macros[strings.ToLower(name)]
	if !found {
		return nil, 0, fault("There is no macro {" + shown(name) + "}: there are " + strings.Join(macroNames, ", "))
	}
	return m, end + 1, nil
}

// quotedAfter reports whether what follows a piece of JSON is inside a string.
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
