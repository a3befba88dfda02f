package bankfile

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/spreadsheet"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// rowParser parses the cells of rows.
type rowParser struct {
	numbers spreadsheet.NumberFormat
	dates   DateOrder
}

// transfer returns the transfer of a row, with its first problem.
func (p rowParser) transfer(r row) Transfer {
	t := Transfer{Line: r.line, Invoices: findIDs(r.id), Reference: truncate(r.details)}
	if len(t.Invoices) == 0 {
		t.Invoices = findIDs(r.details)
	}
	if r.long {
		t.Problem = "The row has more cells than there are headings: put quotes around a cell with a separator in it"
		return t
	}
	var problems [3]string
	t.Date, problems[0] = p.date(r.date)
	if p.isIncoming(r) {
		t.Amount, problems[1] = p.amount(r.incoming)
		t.Amount = min(t.Amount, -t.Amount)
	} else {
		t.Amount, problems[1] = p.amount(r.amount)
	}
	if r.currency != "" {
		var err error
		if t.Currency, err = money.ParseCurrency(r.currency); err != nil {
			problems[2] = fmt.Sprintf("The currency %s is not an ISO 4217 code, such as USD", quote(r.currency))
		}
	}
	for _, problem := range problems {
		if t.Problem == "" {
			t.Problem = problem
		}
	}
	return t
}

// isIncoming reports whether a row has its amount in the column of incoming money: the other one
// is empty or zero.
func (p rowParser) isIncoming(r row) bool {
	if r.incoming == "" {
		return false
	}
	number, _ := p.numbers.Normalize(cleanAmount(r.amount))
	outgoing, err := money.ParseSum(number)
	return r.amount == "" || err == nil && outgoing == 0
}

// quote returns the beginning of a cell in quotation marks.
func quote(cell string) string {
	const limit = 40
	if runes := []rune(cell); len(runes) > limit {
		cell = string(runes[:limit]) + "…"
	}
	return strconv.Quote(cell)
}

// truncate returns the reference that a payment can have, without control characters.
func truncate(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	if runes := []rune(text); len(runes) > invoice.MaxReference {
		text = string(runes[:invoice.MaxReference])
	}
	return strings.TrimSpace(text)
}

// token matches the text of an id together with what would make it a part of something else.
var token = regexp.MustCompile(`[0-9A-Za-z]+(?:[-.][0-9A-Za-z]+)*`)

// prefix is what can precede an id, as in INV-10001-7.
var prefix = regexp.MustCompile(`^[A-Za-z]+-?`)

// findIDs returns the texts that look like ids of invoices, each once.
func findIDs(text string) (found []invoice.ID) {
	text = strings.NewReplacer("‐", "-", "‑", "-", "–", "-", "−", "-").Replace(text)
	for _, word := range token.FindAllString(text, -1) {
		id, err := invoice.ParseID(prefix.ReplaceAllString(word, ""))
		if err == nil && !slices.Contains(found, id) {
			if found = append(found, id); len(found) == maxIDs {
				break
			}
		}
	}
	return found
}

// amount parses an amount, or returns a problem.
func (p rowParser) amount(text string) (money.Decimal, string) {
	number, ok := p.numbers.Normalize(cleanAmount(text))
	if !ok && p.numbers.Requested {
		return 0, fmt.Sprintf("The amount %s contradicts the decimal separator %q of the file", quote(text), p.numbers.Separator)
	}
	if !ok {
		return 0, fmt.Sprintf("The amount %s may have a decimal comma or a decimal point: say which one the file has", quote(text))
	}
	amount, err := money.ParseSum(number)
	switch {
	case errors.Is(err, money.ErrTooLarge):
		return 0, fmt.Sprintf("The amount %s has too many digits for a file: record the payment by hand", quote(text))
	case err != nil:
		return 0, fmt.Sprintf("The amount %s is not a number, such as 1234.50", quote(text))
	case amount == 0:
		return 0, "The amount is 0"
	}
	return amount, ""
}

// cleanAmount returns a number with its sign in front, and without the blanks and apostrophes
// that separate thousands.
func cleanAmount(text string) string {
	text = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "\u2009", "", "'", "", "’", "", "−", "-").Replace(text)
	if number, negative := strings.CutSuffix(text, "-"); negative && number != "" {
		return "-" + number
	}
	if strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")") {
		return "-" + text[1:len(text)-1]
	}
	return text
}

// DateOrder is the order of the parts of a date.
type DateOrder string

// The orders.
const (
	DayFirst   DateOrder = "DMY"
	MonthFirst DateOrder = "MDY"
)

// DateOrders lists every DateOrder.
var DateOrders = []DateOrder{DayFirst, MonthFirst}

var (
	isoDate   = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$`)
	shortDate = regexp.MustCompile(`^(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4}|\d{2})(?: .*)?$`)
)

// detectOrder returns the order that the dates of all rows agree on, or "".
func detectOrder(rows []row) DateOrder {
	var dayFirst, monthFirst bool
	for _, r := range rows {
		if parts := shortDate.FindStringSubmatch(r.date); parts != nil && parts[2] != "." {
			first, second := atoi(parts[1]), atoi(parts[3])
			dayFirst, monthFirst = dayFirst || first > 12, monthFirst || second > 12
		}
	}
	switch {
	case dayFirst && !monthFirst:
		return DayFirst
	case monthFirst && !dayFirst:
		return MonthFirst
	}
	return ""
}

// date parses a date, or returns a problem.
func (p rowParser) date(text string) (program.Date, string) {
	var year, month, day int
	if parts := isoDate.FindStringSubmatch(text); parts != nil {
		year, month, day = atoi(parts[1]), atoi(parts[2]), atoi(parts[3])
	} else if parts := shortDate.FindStringSubmatch(text); parts != nil {
		day, month, year = atoi(parts[1]), atoi(parts[3]), atoi(parts[4])
		switch {
		case parts[2] == "." || p.dates == DayFirst || day == month:
		case p.dates == MonthFirst:
			day, month = month, day
		default:
			return "", fmt.Sprintf("The date %s may begin with the day or with the month: say which one, or write 2026-12-31", quote(text))
		}
		if year < 100 {
			year += 2000
		}
	}
	at := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if y, m, d := at.Date(); year < 1970 || year > 2999 || y != year || int(m) != month || d != day {
		return "", fmt.Sprintf("The date %s is not a date, such as 2026-12-31", quote(text))
	}
	return program.DateOf(at, time.UTC), ""
}

// atoi returns the value of a text of a few digits.
func atoi(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
