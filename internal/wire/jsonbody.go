package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parseJSON parses a flat JSON object. A null value counts as absent; nested values are
// errors.
func (p *Params) parseJSON(body string) error {
	if err := CheckJSON(body); err != nil {
		return err
	}
	dec := json.NewDecoder(strings.NewReader(body))
	dec.UseNumber()
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return badRequest("The body must be a JSON object")
	}
	for dec.More() {
		start := dec.InputOffset()
		name, err := dec.Token()
		if err != nil {
			return badRequest(notJSON)
		}
		value, err := dec.Token()
		if err != nil {
			return badRequest(notJSON)
		}
		if err := p.addJSON(name.(string), value, body[start:dec.InputOffset()]); err != nil {
			return err
		}
	}
	return nil
}

const notJSON = "The body is not valid JSON"

// CheckJSON returns an [*Error] with the line and the column of the first fault unless the
// body is one valid JSON value.
func CheckJSON(body string) error {
	err := json.Unmarshal([]byte(body), new(json.RawMessage))
	if err == nil {
		return nil
	}
	fault := len(body) // it ends early
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) && !strings.HasPrefix(err.Error(), "unexpected end") {
		fault = int(syntax.Offset) - 1 // Offset includes the wrong byte
	}
	before := body[:min(max(fault, 0), len(body))]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	return badRequest(fmt.Sprintf("%s: see line %d, column %d", notJSON, line, column))
}

// addJSON adds a member of the object. The source is its JSON text, which shows whether
// the JSON decoder replaced invalid Unicode.
func (p *Params) addJSON(name string, value json.Token, source string) error {
	if !utf8.ValidString(source) {
		return Invalid(FieldError{Excerpt(name), "Not valid UTF-8"})
	}
	switch v := value.(type) {
	case nil:
		return nil
	case string:
		if wasReplaced(name, source) || wasReplaced(v, source) {
			return Invalid(FieldError{Excerpt(name), "Contains half of a surrogate pair"})
		}
		return p.Add(name, v)
	case bool:
		return p.Add(name, strconv.FormatBool(v))
	case json.Number:
		text, problem := expandExponent(v.String())
		if problem != "" {
			return Invalid(FieldError{Excerpt(name), problem})
		}
		return p.Add(name, text)
	default:
		return Invalid(FieldError{Excerpt(name), "Must be a string or a number, not an object or array"})
	}
}

// wasReplaced reports whether text contains a U+FFFD that source doesn't.
func wasReplaced(text, source string) bool {
	return strings.ContainsRune(text, utf8.RuneError) && !strings.ContainsRune(source, utf8.RuneError) &&
		!strings.Contains(strings.ToLower(source), `\ufffd`)
}

// expandExponent returns a JSON number without an exponent, exactly.
func expandExponent(number string) (text, problem string) {
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
