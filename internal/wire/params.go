package wire

import (
	"mime"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Params holds the parameters of a request from its query string and its body. Names are
// case-insensitive. Params records the parameters that were read; a response lists the
// others as ignored. The zero value is an empty set of parameters.
type Params struct {
	list []param
	// index maps names in lower case to positions in list.
	index map[string]int
	// lengths has the bit n set if a name has n bytes modulo 64. It saves most lookups of
	// absent names, of which decoders ask for many.
	lengths uint64
	// sentNames maps the names that the rules use to the names that the caller sent.
	sentNames map[string]string
	// total counts the parameters including repeated ones.
	total int
}

// param is a parameter with all its values.
type param struct {
	// lower is the name in lower case.
	name, lower string
	values      []string
	// redacted replaces the value in the payload, unless it is empty.
	redacted string
	// read reports whether a decoder has read the parameter.
	read bool
}

// text returns the first value that is not empty, or "".
func (q *param) text() string {
	for _, v := range q.values {
		if v != "" {
			return v
		}
	}
	return ""
}

// ParseParams parses the parameters in the body and in the query string of a request.
// The body is a form or a JSON object. A body that begins with "{" is a JSON object even
// without a content type, or with that of a form. ParseParams keeps all values of a repeated name;
// decoding reports an error if they differ. The error is an [*Error].
func ParseParams(rawQuery, contentType string, body []byte) (*Params, error) {
	p := &Params{list: make([]param, 0, usualParameters), index: make(map[string]int, usualParameters)}
	if err := p.parseBody(contentType, body); err != nil {
		return nil, err
	}
	if err := p.parseForm(rawQuery); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *Params) parseBody(contentType string, body []byte) error {
	text := strings.TrimSpace(string(body))
	if text == "" {
		return nil
	}
	media := contentType
	if contentType != "" && contentType != formType {
		var err error
		if media, _, err = mime.ParseMediaType(contentType); err != nil {
			return unsupported(contentType)
		}
	}
	object := strings.HasPrefix(text, "{")
	switch {
	case media == "application/json", object && (media == "" || media == formType):
		return p.parseJSON(string(body))
	case media == "", media == formType:
		return p.parseForm(text)
	default:
		return unsupported(media)
	}
}

const formType = "application/x-www-form-urlencoded"

func unsupported(media string) *Error {
	return &Error{
		Status:  statusUnsupportedMediaType,
		Message: "Send " + formType + " or application/json, not " + Excerpt(media),
	}
}

// parseForm parses name=value pairs between "&". Unlike [url.ParseQuery], it accepts
// ";" like any other character.
func (p *Params) parseForm(form string) error {
	for pair := range strings.SplitSeq(form, "&") {
		if pair == "" {
			continue
		}
		rawName, rawValue, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(rawName)
		if err != nil {
			return Invalid(FieldError{Excerpt(rawName), "Badly percent-encoded"})
		}
		value, err := url.QueryUnescape(rawValue)
		if err != nil {
			return Invalid(FieldError{Excerpt(name), "Badly percent-encoded"})
		}
		if err := p.Add(name, value); err != nil {
			return err
		}
	}
	return nil
}

// Add adds a parameter, such as one from the path. Decoding reports an error if the request
// has it with another value. The error is an [*Error].
func (p *Params) Add(name, value string) error {
	if !utf8.ValidString(name) || !utf8.ValidString(value) {
		return Invalid(FieldError{Excerpt(name), "Not valid UTF-8"})
	}
	if strings.ContainsRune(name, 0) || strings.ContainsRune(value, 0) {
		return Invalid(FieldError{Excerpt(name), "Must not contain NUL"})
	}
	if name == "" {
		return nil
	}
	if p.total++; p.total > MaxParameters {
		return badRequest("Too many parameters")
	}
	lower := strings.ToLower(name)
	if i, found := p.index[lower]; found {
		p.list[i].values = append(p.list[i].values, value)
		return nil
	}
	if p.index == nil {
		p.index = make(map[string]int)
	}
	p.index[lower] = len(p.list)
	p.lengths |= lengthBit(len(lower))
	p.list = append(p.list, param{name: name, lower: lower, values: []string{value}})
	return nil
}

// usualParameters is the number of parameters that most requests don't exceed.
const usualParameters = 8

// lengthBit returns the bit of Params.lengths for a name of n bytes.
func lengthBit(n int) uint64 { return 1 << (n % 64) }

// zeroSuffix stands for a 0 that follows a name, because the number 0 stands for none.
const zeroSuffix = -1

// find returns the parameter with a name and marks it as read. The number follows the
// name unless it is 0. If there is no such parameter, find returns nil.
func (p *Params) find(name string, number int) *param {
	var buf [maxNameLength]byte
	key := appendLower(buf[:0], name)
	if number > 0 {
		key = strconv.AppendInt(key, int64(number), 10)
	} else if number == zeroSuffix {
		key = append(key, '0')
	}
	if p.lengths&lengthBit(len(key)) == 0 {
		return nil
	}
	i, found := p.index[string(key)]
	if !found {
		return nil
	}
	p.list[i].read = true
	return &p.list[i]
}

// OrderID returns the order id of the request, or "". It doesn't mark the parameter as
// read.
func (p *Params) OrderID() string {
	for _, name := range []string{"orderid", "oid"} {
		if i, found := p.index[name]; found && p.list[i].text() != "" {
			return p.list[i].text()
		}
	}
	return ""
}

// recordSpelling records the name that the caller sent for a field.
func (p *Params) recordSpelling(field, sent string) {
	if field == sent {
		return
	}
	if p.sentNames == nil {
		p.sentNames = make(map[string]string)
	}
	p.sentNames[field] = sent
}

// sentName returns the name that the caller sent for a field.
func (p *Params) sentName(field string) string {
	if sent, found := p.sentNames[field]; found {
		return sent
	}
	return field
}

// appendLower appends s in lower case. The names that decoders ask for are ASCII.
func appendLower(dst []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

// Excerpt returns text from the caller as error messages quote it: as valid UTF-8, and
// truncated to 64 characters and "..." if it is longer.
func Excerpt(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if utf8.RuneCountInString(text) > maxNameLength {
		text = string([]rune(text)[:maxNameLength]) + "..."
	}
	return text
}
