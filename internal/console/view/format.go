package view

import (
	"fmt"
	"html/template"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/money"
)

// minus is the sign of amounts below zero. It is as wide as a digit.
const minus = "−"

// Money returns an amount with its currency: exact, with the digits of the currency, in groups of
// three.
func (View) Money(a money.Amount, c money.Currency) template.HTML {
	return moneyHTML("money", Digits(a, c)+" "+string(c))
}

// Number returns an amount without its currency, for columns whose title has it.
func (View) Number(a money.Amount, c money.Currency) template.HTML {
	return moneyHTML("money", Digits(a, c))
}

// Change returns an amount with its sign, which is marked by a colour too.
func (View) Change(a money.Amount, c money.Currency) template.HTML {
	switch text := Digits(a, c); {
	case a > 0:
		return moneyHTML("money up", "+"+text)
	case a < 0:
		return moneyHTML("money down", text)
	default:
		return moneyHTML("money", text)
	}
}

func moneyHTML(class, text string) template.HTML {
	return template.HTML(`<span class="` + class + `">` + template.HTMLEscapeString(text) + `</span>`) //nolint:gosec // escaped
}

// Digits returns an amount as exact text, such as "−1,234.50".
func Digits(a money.Amount, c money.Currency) string {
	text := c.Format(a)
	text, negative := strings.CutPrefix(text, "-")
	whole, fraction, _ := strings.Cut(text, ".")
	var b strings.Builder
	if negative {
		b.WriteString(minus)
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		b.WriteString("." + fraction)
	}
	return b.String()
}

// Time returns an instant to the minute in the account's zone. Its title has the seconds and the
// zone. A zero instant is a dash.
func (v View) Time(t time.Time) template.HTML { return v.time(t, "2006-01-02 15:04") }

// Day returns the day of an instant in the account's zone.
func (v View) Day(t time.Time) template.HTML { return v.time(t, time.DateOnly) }

func (v View) time(t time.Time, layout string) template.HTML {
	if t.IsZero() {
		return `<span class="soft">–</span>`
	}
	zone := v.Zone
	if zone == nil {
		zone = time.UTC
	}
	local := t.In(zone)
	return template.HTML(fmt.Sprintf(`<time datetime="%s" title="%s">%s</time>`, t.UTC().Format(time.RFC3339), //nolint:gosec // times have no markup
		template.HTMLEscapeString(local.Format("2006-01-02 15:04:05 MST (-07:00)")), local.Format(layout)))
}

// URL returns the path of a page of the account.
func (v View) URL(segments ...string) string { return v.Base + strings.Join(segments, "") }

// kinds holds the colours of states. Others are plain.
var kinds = map[string]string{
	"PENDING": "note", "OPEN": "note", "APPROVED": "good", "REVERSED": "bad",
	"PAYMENT_PENDING": "note", "PAID": "good", "OVERDUE": "bad",
	"Queued": "note", "In Progress": "note", "Complete": "good", "Applied": "good", "Failed": "bad", "Parked": "warn",
	"UNRESOLVED": "warn", "VALID": "good", "DECLINED": "bad", "INCOMPLETE": "warn",
	"ACTIVE": "good", "EXPIRED": "plain", "UPCOMING": "note", "INACTIVE": "plain",
	"WAITING": "warn", "GIVEN UP": "bad",
}

// Badge returns a state as a badge, or nothing for an empty one.
func Badge(state string) template.HTML {
	if state == "" {
		return ""
	}
	kind, found := kinds[state]
	if !found {
		kind = "plain"
	}
	return template.HTML(`<span class="badge ` + kind + `">` + template.HTMLEscapeString(Words(state)) + `</span>`) //nolint:gosec // escaped
}

// reasons holds the reasons of changes whose codes are no words.
var reasons = map[string]string{
	"CONS_INFO_INVALID": "Customer: invalid details", "CONS_ERROR": "Customer: error", "CONS_FRAUD": "Customer: fraud",
	"PUB_ACT_DISPUTE": "Disputed by the partner", "ADV_ACT_DISPUTE": "Disputed by the brand", "MP_RETURNED": "Returned by the partner",
	"NOT_COMPLIANCE_TERMS": "Against the terms", "CREDITED_DIFFERENT_MP": "Credited to another partner",
	"RECALC_COMM": "Commission recalculated", "ITEM_OUT_OF_STOCK": "Item out of stock", "TEST_ACTION": "Test order",
}

// Words returns a name of the protocol as words: "PAYMENT_PENDING" as "Payment pending", and a reason
// by its meaning.
func Words(name string) string {
	if text := reasons[name]; text != "" {
		return text
	}
	if name != strings.ToUpper(name) {
		return name
	}
	text := strings.ToLower(strings.ReplaceAll(name, "_", " "))
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
