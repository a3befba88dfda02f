package wire

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parseJSON reads a flat JSON object. Null is absent; nothing may be nested.
func (p *Params) parseJSON(body string) error {
	dec := json.NewDecoder(strings.NewReader(body))
	dec.UseNumber()
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return malformed("The body must be a JSON object")
	}
	for dec.More() {
		start := dec.InputOffset()
		name, err := dec.Token()
		if err != nil {
			return malformed("The body is not valid JSON")
		}
		value, err := dec.Token()
		if err != nil {
			return malformed("The body is not valid JSON")
		}
		if err := p.addJSON(name.(string), value, body[start:dec.InputOffset()]); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil || strings.TrimSpace(body[dec.InputOffset():]) != "" {
		return malformed("The body must be one JSON object and nothing after it")
	}
	return nil
}

// addJSON keeps one member, source being its text: the decoder quietly replaces
// what is not Unicode.
func (p *Params) addJSON(name string, value json.Token, source string) error {
	if !utf8.ValidString(source) {
		return Invalid(Fault{shown(name), "Not valid UTF-8"})
	}
	switch v := value.(type) {
	case nil:
		return nil
	case string:
		if replaced(name, source) || replaced(v, source) {
			return Invalid(Fault{shown(name), "Contains half of a surrogate pair"})
		}
		return p.add(name, v)
	case bool:
		return p.add(name, strconv.FormatBool(v))
	case json.Number:
		text, err := expand(v.String())
		if err != "" {
			return Invalid(Fault{shown(name), err})
		}
		return p.add(name, text)
	default:
		return Invalid(Fault{shown(name), "Must be a text or a number, not an object or array"})
	}
}

// replaced reports whether the decoder put U+FFFD where its source has none.
func replaced(text, source string) bool {
	return strings.ContainsRune(text, utf8.RuneError) && !strings.ContainsRune(source, utf8.RuneError) &&
		!strings.Contains(strings.ToLower(source), `\ufffd`)
}

// expand writes a JSON number without an exponent, exactly.
func expand(number string) (text, fault string) {
	mantissa, exponent, found := strings.Cut(strings.ToLower(number), "e")
	if !found {
		return number, ""
	}
	shift, err := strconv.Atoi(exponent)
	if err != nil || shift > maxExponent || shift < -maxExponent {
		return "", "Exponent out of range: write the number out"
	}
	digits, negative := strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	point := len(whole) + shift
	digits = whole + fraction
	if point < 0 {
		digits, point = strings.Repeat("0", -point)+digits, 0
	}
	if short := point - len(digits); short > 0 {
		digits += strings.Repeat("0", short)
	}
	text = strings.TrimLeft(digits[:point], "0")
	if text == "" {
		text = "0"
	}
	if rest := digits[point:]; rest != "" {
		text += "." + rest
	}
	if negative {
		text = "-" + text
	}
	return text, ""
}
