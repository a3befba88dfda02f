package wire

import (
	"mime"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Params are the parameters of one request, from its query string and its body
// alike. Names match without regard to case. They remember which were read, so
// that those nobody asked for can be named.
type Params struct {
	list []param
	// at finds a parameter by its name in lower case.
	at map[string]int
	// sent has the names that were sent where the rules know another.
	sent map[string]string
	// count is how many were given, repeated ones included.
	count int
}

// param is one parameter with every value it was given.
type param struct {
	// lower is the name in lower case.
	name, lower string
	values      []string
	// shown stands in the payload for a value that must not.
	shown string
	read  bool
}

// text answers the first value that is not empty, or "".
func (q *param) text() string {
	for _, v := range q.values {
		if v != "" {
			return v
		}
	}
	return ""
}

// ParseParams reads the parameters of a request: those of its body (form, JSON
// object, or by its first byte if the content type is "") and those of its query
// string. Values of a name that was given more than once are all kept; decoding
// refuses them if they differ once parsed. Its error is an [*Error].
func ParseParams(rawQuery, contentType string, body []byte) (*Params, error) {
	p := &Params{at: make(map[string]int)}
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
	if contentType != "" {
		var err error
		if media, _, err = mime.ParseMediaType(contentType); err != nil {
			return unsupported(contentType)
		}
	}
	object := strings.HasPrefix(text, "{")
	switch {
	case media == "application/json", object && (media == "" || media == formType):
		return p.parseJSON(text)
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
		Message: "Send " + formType + " or application/json, not " + shown(media),
	}
}

// parseForm reads name=value pairs between "&". Unlike url.ParseQuery it takes
// ";" as a character like any other.
func (p *Params) parseForm(form string) error {
	for pair := range strings.SplitSeq(form, "&") {
		if pair == "" {
			continue
		}
		rawName, rawValue, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(rawName)
		if err != nil {
			return Invalid(Fault{shown(rawName), "Badly percent-encoded"})
		}
		value, err := url.QueryUnescape(rawValue)
		if err != nil {
			return Invalid(Fault{shown(name), "Badly percent-encoded"})
		}
		if err := p.add(name, value); err != nil {
			return err
		}
	}
	return nil
}

// Add puts in a parameter that the path carries, as if it had been sent: an
// ActionId or Sku that the body repeats must agree with it.
func (p *Params) Add(name, value string) error { return p.add(name, value) }

func (p *Params) add(name, value string) error {
	if !utf8.ValidString(name) || !utf8.ValidString(value) {
		return Invalid(Fault{shown(name), "Not valid UTF-8"})
	}
	if strings.ContainsRune(name, 0) || strings.ContainsRune(value, 0) {
		return Invalid(Fault{shown(name), "Must not contain NUL"})
	}
	if name == "" {
		return nil
	}
	if p.count++; p.count > MaxParameters {
		return malformed("Too many parameters")
	}
	lower := strings.ToLower(name)
	if i, found := p.at[lower]; found {
		p.list[i].values = append(p.list[i].values, value)
		return nil
	}
	p.at[lower] = len(p.list)
	p.list = append(p.list, param{name: name, lower: lower, values: []string{value}})
	return nil
}

// find answers the parameter with the name in any case, and a number behind it
// unless that is 0; it marks the parameter as read.
func (p *Params) find(name string, number int) *param {
	var room [maxNameShown]byte
	key := appendLower(room[:0], name)
	if number > 0 {
		key = strconv.AppendInt(key, int64(number), 10)
	}
	i, found := p.at[string(key)]
	if !found {
		return nil
	}
	p.list[i].read = true
	return &p.list[i]
}

// Order answers the order id that was sent, or "". It is for whoever looks at a
// request from outside: the parameter does not count as read.
func (p *Params) Order() string {
	for _, name := range []string{"orderid", "oid"} {
		if i, found := p.at[name]; found && p.list[i].text() != "" {
			return p.list[i].text()
		}
	}
	return ""
}

// spelled remembers that a field was sent under another name than its first.
func (p *Params) spelled(field, sent string) {
	if field == sent {
		return
	}
	if p.sent == nil {
		p.sent = make(map[string]string)
	}
	p.sent[field] = sent
}

// spelling answers the name under which a field was sent, if it was.
func (p *Params) spelling(field string) string {
	if sent, found := p.sent[field]; found {
		return sent
	}
	return field
}

// appendLower lowers ASCII, which all names that are asked for are made of.
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

// shown answers as much of a strange name as an answer may repeat.
func shown(name string) string {
	name = strings.ToValidUTF8(name, "\uFFFD")
	if utf8.RuneCountInString(name) > maxNameShown {
		name = string([]rune(name)[:maxNameShown]) + "..."
	}
	return name
}
