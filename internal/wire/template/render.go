package template

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

// Append appends the text of the template for n to dst.
func (t Template) Append(dst []byte, n Notification) []byte {
	var action []encode.Field
	if slices.ContainsFunc(t.parts, func(p part) bool { return p.macro != nil && p.macro.field != "" }) {
		action = n.encoder().ActionFields(nil, n.Action, "")
	}
	for _, p := range t.parts {
		switch {
		case p.macro == nil:
			dst = append(dst, p.text...)
		case p.macro.items:
			dst = appendItems(dst, n.Action, p.encoding)
		default:
			field := n.field(p.macro, action)
			value := string(field.AppendText(nil, n.Reference.Zone()))
			dst = appendValue(dst, p.encoding, value, field.IsNumber())
		}
	}
	return dst
}

// field returns the value of a macro. The fields of the action have the kind of a value that
// an invoice doesn't have.
func (n Notification) field(m *macro, action []encode.Field) (f encode.Field) {
	isInvoice := n.Invoice != nil
	switch {
	case isInvoice && m.invoice != nil:
		return m.invoice(n)
	case m.field != "":
		f = action[slices.IndexFunc(action, func(f encode.Field) bool { return f.Name == m.field })]
	case m.value != nil && !isInvoice:
		return text(m.value(n))
	case m.invoice != nil:
		n.Invoice = new(invoice.Record)
		f = m.invoice(n)
		isInvoice = true
	}
	if isInvoice {
		f.Text, f.Absent = "", true
	}
	return f
}

// appendValue appends a text, or a number in digits, with the escapes of its encoding.
func appendValue(dst []byte, as encoding, text string, number bool) []byte {
	switch {
	case as == urlComponent:
		return appendComponent(dst, text)
	case as == xmlText:
		return encode.AppendXML(dst, text)
	case as == jsonText:
		return encode.AppendJSON(dst, text)
	case !number:
		return append(encode.AppendJSON(append(dst, '"'), text), '"')
	case text == "":
		return append(dst, '0')
	default:
		return append(dst, text...)
	}
}

// appendComponent appends s with escapes that are valid in paths, queries and forms.
func appendComponent(dst []byte, s string) []byte {
	return append(dst, strings.ReplaceAll(url.QueryEscape(s), "+", "%20")...)
}

// appendItems appends the items of an action: a JSON array of objects, an XML
// element for each, or form fields such as items[0][sku].
func appendItems(dst []byte, a ledger.Action, as encoding) []byte {
	switch as {
	case jsonValue:
		dst = append(dst, '[')
		for i, item := range a.Items {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendJSONItem(dst, item, a.Currency.Digits())
		}
		return append(dst, ']')
	case xmlText:
		for _, item := range a.Items {
			dst = appendXMLItem(dst, item, a.Currency.Digits())
		}
	default:
		for i, item := range a.Items {
			if i > 0 {
				dst = append(dst, '&')
			}
			dst = appendFormItem(dst, i, item, a.Currency.Digits())
		}
	}
	return dst
}

func appendJSONItem(dst []byte, item ledger.Item, digits int) []byte {
	dst = append(encode.AppendJSON(append(dst, `{"sku":"`...), item.SKU), `","qty":"`...)
	dst = append(strconv.AppendInt(dst, item.Quantity, 10), `","amt":"`...)
	return append(encode.AppendAmount(dst, item.Amount, digits), `"}`...)
}

func appendXMLItem(dst []byte, item ledger.Item, digits int) []byte {
	dst = append(encode.AppendXML(append(dst, "<item><sku>"...), item.SKU), "</sku><qty>"...)
	dst = append(strconv.AppendInt(dst, item.Quantity, 10), "</qty><amt>"...)
	return append(encode.AppendAmount(dst, item.Amount, digits), "</amt></item>"...)
}

func appendFormItem(dst []byte, i int, item ledger.Item, digits int) []byte {
	field := "items%5B" + strconv.Itoa(i) + "%5D%5B"
	dst = appendComponent(append(dst, field+"sku%5D="...), item.SKU)
	dst = strconv.AppendInt(append(dst, "&"+field+"qty%5D="...), item.Quantity, 10)
	return encode.AppendAmount(append(dst, "&"+field+"amt%5D="...), item.Amount, digits)
}
