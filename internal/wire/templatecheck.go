package wire

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/url"
	"strings"
)

// What stands for values while a template is checked. A template that is sound
// with these is so with every value: none can be a part of something longer.
const (
	// anyJSON is no letter that a backslash makes something of.
	anyJSON = "\u00e9"
	// anyXML is no letter of a name, and not likely in a text.
	anyXML = "\ue000"
	// anyURL and otherURL are no hexadecimal digits.
	anyURL   = "zz"
	otherURL = "yy"
)

// filled answers the template with a text in place of each value, and another for the items.
func (t Template) filled(value, items string) string {
	var b strings.Builder
	for _, p := range t.parts {
		switch {
		case p.macro == nil:
			b.WriteString(p.text)
		case p.macro.list:
			b.WriteString(items)
		case p.as == asJSON:
			b.WriteString("null")
		default:
			b.WriteString(value)
		}
	}
	return b.String()
}

func (t Template) checkJSON() error {
	if !json.Valid([]byte(t.filled(anyJSON, "null"))) {
		return fault("Not valid JSON once the macros have values: a macro stands inside quotation marks, or alone as a value")
	}
	return nil
}

func (t Template) checkXML() error {
	const item = "<item>" + anyXML + "</item>"
	text := t.filled(anyXML, item+item) // two, so that they are no root
	if strings.Contains(text, "<![CDATA[") {
		return fault("Write it without CDATA: values are escaped as they are")
	}
	var d document
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := decoder.Token()
		if err != nil {
			if syntax := (*xml.SyntaxError)(nil); errors.As(err, &syntax) || decoder.InputOffset() != int64(len(text)) {
				return fault("Not well-formed XML once the macros have values: " + err.Error())
			}
			break // it is read to its end
		}
		d.add(token)
	}
	switch {
	case d.strange != "":
		return fault("Write it without <!" + shown(d.strange) + ">")
	case d.roots != 1 || d.outside:
		return fault("Must be one element with all in it")
	case d.seen != strings.Count(text, anyXML):
		return fault("A macro stands in an element or in the value of an attribute, nowhere else")
	}
	return nil
}

// document is what there is in an XML text.
type document struct {
	depth, roots int
	// outside says that there is text outside of elements.
	outside bool
	// seen counts the values in places where they are escaped.
	seen int
	// strange is the text of a directive.
	strange string
}

func (d *document) add(token xml.Token) {
	switch token := token.(type) {
	case xml.StartElement:
		if d.depth++; d.depth == 1 {
			d.roots++
		}
		for _, a := range token.Attr {
			d.seen += strings.Count(a.Value, anyXML)
		}
	case xml.EndElement:
		d.depth--
	case xml.CharData:
		d.outside = d.outside || d.depth == 0 && strings.TrimSpace(string(token)) != ""
		d.seen += strings.Count(string(token), anyXML)
	case xml.Directive:
		d.strange = string(token)
	}
}

func (t Template) checkForm() error {
	if err := t.checkFields("&"); err != nil {
		return err
	}
	if _, err := url.ParseQuery(t.filled(anyURL, anyURL)); err != nil {
		return fault("Not a form, as a={ActionId}&b={Payout}, once the macros have values")
	}
	return nil
}

func (t Template) checkURL() error {
	if err := t.checkFields("?&"); err != nil {
		return err
	}
	text := t.filled(anyURL, anyURL)
	u, err := url.Parse(text)
	if err == nil {
		_, err = url.ParseQuery(u.RawQuery)
	}
	other, err2 := url.Parse(t.filled(otherURL, otherURL))
	switch {
	case err != nil || err2 != nil:
		return fault("Not a URL once the macros have values")
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return fault("Must begin with https:// or http:// and a host")
	case u.Host != other.Host:
		return fault("Macros stand after the host, which is the same for all")
	case u.User != nil:
		return fault("Must not have a user or a password: put a secret into the path or the query")
	case strings.Contains(text, "#"):
		return fault("Must not have a fragment (#): it is never sent")
	}
	return t.checkPath()
}

// checkPath sees to it that every value leads to the same place: a segment that is empty,
// . or .. can be taken out of a path on the way, and another with it.
func (t Template) checkPath() error {
	for _, segment := range strings.Split(t.path(), "/") {
		if strings.Contains(segment, anyXML) && strings.Trim(segment, "."+anyXML) == "" {
			return fault("A segment of the path must not be a value alone, which can be empty or \"..\": " +
				"write something beside it, as /o-{Oid}, or put it into the query")
		}
	}
	return nil
}

// path answers what is before the query, decoded, with [anyXML] for values that a segment
// of a path cannot be.
func (t Template) path() string {
	var b strings.Builder
	for _, p := range t.parts {
		text, _, ends := strings.Cut(p.text, "?")
		switch {
		case p.macro == nil:
			decoded, _ := url.PathUnescape(text) // the whole was parsed before
			b.WriteString(decoded)
		case p.macro.solid:
			b.WriteString(anyURL)
		default:
			b.WriteString(anyXML)
		}
		if ends {
			break
		}
	}
	return b.String()
}

// checkFields checks the literal parts of a URL or a form, and that the items are
// fields of their own; starts are what can stand before a field.
func (t Template) checkFields(starts string) error {
	before := ""
	for i, p := range t.parts {
		if p.macro == nil {
			if at := strings.IndexFunc(p.text, unfit); at >= 0 {
				return fault("Write it percent-encoded, as %20 for a space: " + shown(p.text[at:]))
			}
			before = p.text
			continue
		}
		after := i+1 == len(t.parts) || strings.HasPrefix(t.parts[i+1].text, "&")
		first := i == 0 && starts == "&"
		if p.macro.list && (!first && (before == "" || !strings.ContainsRune(starts, rune(before[len(before)-1]))) || !after) {
			return fault("{items[]} makes fields of its own: write it between " + starts + " and &, or at the end")
		}
		before = ""
	}
	return nil
}

// unfit reports whether a character cannot stand in a URL as it is.
func unfit(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("\"<>\\^`{|}", r) }
