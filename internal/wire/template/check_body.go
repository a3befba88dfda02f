package template

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/url"
	"strings"

	"github.com/trueup-ledger/trueup/internal/wire"
)

// Sample values for the checks. No sample can become a part of a longer token. A template
// that is valid with the sample is therefore valid with every value.
const (
	// sampleJSON after a backslash is not an escape sequence.
	sampleJSON = "\u00e9"
	// sampleXML cannot be a part of an XML name, and is unlikely in a template.
	sampleXML = "\ue000"
	// sampleURL and otherSampleURL cannot be a part of a percent-encoded byte.
	sampleURL      = "zz"
	otherSampleURL = "yy"
)

// fill returns the template with items in place of {items[]}, and with value in place of
// the other macros.
func (t Template) fill(value, items string) string {
	var b strings.Builder
	for _, p := range t.parts {
		switch {
		case p.macro == nil:
			b.WriteString(p.text)
		case p.macro.items:
			b.WriteString(items)
		case p.encoding == jsonValue:
			b.WriteString("null")
		default:
			b.WriteString(value)
		}
	}
	return b.String()
}

func (t Template) checkJSON() error {
	if !json.Valid([]byte(t.fill(sampleJSON, "null"))) {
		return syntaxError("Not valid JSON once the macros have values: a macro must be inside quotation marks, or be a value of its own")
	}
	return nil
}

func (t Template) checkForm() error {
	if err := t.checkComponents("&"); err != nil {
		return err
	}
	if _, err := url.ParseQuery(t.fill(sampleURL, sampleURL)); err != nil {
		return syntaxError("Not a form, such as a={ActionId}&b={Payout}, once the macros have values")
	}
	return nil
}

func (t Template) checkXML() error {
	const item = "<item>" + sampleXML + "</item>"
	text := t.fill(sampleXML, item+item) // two items cannot be the root element
	if strings.Contains(text, "<![CDATA[") {
		return syntaxError("Write it without CDATA: values are escaped anyway")
	}
	var d document
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := decoder.Token()
		if err != nil {
			if syntax := (*xml.SyntaxError)(nil); errors.As(err, &syntax) || decoder.InputOffset() != int64(len(text)) {
				return syntaxError("Not well-formed XML once the macros have values: " + err.Error())
			}
			break // end of input
		}
		d.add(token)
	}
	switch {
	case d.directive != "":
		return syntaxError("Write it without <!" + wire.Excerpt(d.directive) + ">")
	case d.roots != 1 || d.outside:
		return syntaxError("Must have one root element that contains everything")
	case d.samples != strings.Count(text, sampleXML):
		return syntaxError("Macros are allowed only in the content of an element and in the value of an attribute")
	}
	return nil
}

// document summarizes an XML document.
type document struct {
	depth, roots int
	// outside reports whether there is text outside the root element.
	outside bool
	// samples counts the sample values in text and in attributes, where values are
	// escaped.
	samples int
	// directive is the last directive, such as a DOCTYPE.
	directive string
}

func (d *document) add(token xml.Token) {
	switch token := token.(type) {
	case xml.StartElement:
		if d.depth++; d.depth == 1 {
			d.roots++
		}
		for _, a := range token.Attr {
			d.samples += strings.Count(a.Value, sampleXML)
		}
	case xml.EndElement:
		d.depth--
	case xml.CharData:
		d.outside = d.outside || d.depth == 0 && strings.TrimSpace(string(token)) != ""
		d.samples += strings.Count(string(token), sampleXML)
	case xml.Directive:
		d.directive = string(token)
	}
}
