package platform

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/internal/bridge"
	"github.com/trueup-ledger/trueup/money"
)

// amount is a decimal, as a JSON string or number.
type amount money.Decimal

// UnmarshalJSON implements [json.Unmarshaler]. It reads null and "" as 0.
func (a *amount) UnmarshalJSON(text []byte) error {
	s := strings.Trim(string(text), `"`)
	if s == "" || s == "null" {
		*a = 0
		return nil
	}
	d, err := money.ParseDecimal(s)
	if err != nil {
		return fmt.Errorf("%w: %.40s", err, s)
	}
	*a = amount(d)
	return nil
}

// id is an id, as a JSON string or number.
type id string

// UnmarshalJSON implements [json.Unmarshaler]. It reads null and 0 as "".
func (i *id) UnmarshalJSON(text []byte) error {
	if text[0] == '"' {
		return json.Unmarshal(text, (*string)(i))
	}
	var n int64
	if err := json.Unmarshal(text, &n); err != nil {
		return err
	}
	*i = ""
	if n != 0 {
		*i = id(fmt.Sprint(n))
	}
	return nil
}

// pair is a name or key with a value. Values of other types than strings are left out.
type pair struct {
	Name  string `json:"name"`
	Key   string `json:"key"`
	Value any    `json:"value"`
}

// find returns the value of a name or key, or "".
func find(pairs []pair, name string) string {
	for _, p := range pairs {
		if text, ok := p.Value.(string); ok && (strings.EqualFold(p.Name, name) || strings.EqualFold(p.Key, name)) {
			return text
		}
	}
	return ""
}

// parameterOf returns the value of a parameter of a URL, or "".
func parameterOf(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Query().Get(name)
}

// clickOf returns the first text that is not empty, if it can be the id of a click. Any other text
// must not keep a promo code from crediting the order.
func clickOf(texts ...string) string {
	click := cmp.Or(texts...)
	if utf8.RuneCountInString(click) > maxClick {
		return ""
	}
	return click
}

// unmarshal decodes a body. Unknown fields are ignored. An error names the order, a field of v, if
// that was decoded.
func unmarshal[T ~string](body []byte, v any, order *T) error {
	err := json.Unmarshal(body, v)
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &kind):
		return unusable(id(*order), "%s: not of the documented type", kind.Field)
	}
	return unusable(id(*order), "The body is not the JSON of the platform: %s", err)
}

func unusable(order id, format string, args ...any) error {
	return &bridge.UnusableError{Order: string(order), Reason: fmt.Sprintf(format, args...)}
}

// parser converts the values of an order and keeps the first error.
type parser struct {
	order id
	err   error
}

func (p *parser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = unusable(p.order, format, args...)
	}
}

func (p *parser) currency(code string) money.Currency {
	c, err := money.ParseCurrency(code)
	if err != nil {
		p.fail("currency: %q is not a currency", code)
	}
	return c
}

func (p *parser) time(field, layout, value string) time.Time {
	t, err := time.Parse(layout, value)
	if err != nil {
		p.fail("%s: %q is not a time", field, value)
	}
	return t
}

// line adds a line of the order with the first SKU that is not empty. Lines without a quantity are
// left out.
func (p *parser) line(lines []bridge.Line, line bridge.Line, skus ...id) []bridge.Line {
	i := slices.IndexFunc(skus, func(s id) bool { return s != "" })
	switch {
	case line.Quantity < 1:
		return lines
	case line.Amount < 0:
		p.fail("line %s: its discounts exceed its price", line.ID)
	case line.Quantity > maxQuantity:
		p.fail("line %s: its quantity has more than 9 digits", line.ID)
	case len(lines) == maxLines:
		p.fail("The order has more than %d lines", maxLines)
	case i < 0:
		p.fail("line %s: it has no SKU and no id", line.ID)
	default:
		line.SKU = string(skus[i])
	}
	if p.err != nil {
		return lines
	}
	return append(lines, line)
}

// times returns price × quantity as a decimal.
func (p *parser) times(c money.Currency, price amount, quantity int64) money.Decimal {
	if price < 0 || quantity < 0 {
		p.fail("A price or a quantity is negative")
		return 0
	}
	a, err := c.Times(money.Decimal(price), quantity)
	var d money.Decimal
	if err == nil {
		d, err = bridge.Decimal(c, a)
	}
	if err != nil {
		p.fail("A line has more than %d digits", money.MaxIntegerDigits)
	}
	return d
}

// refundLine adds a line to a refund.
func (p *parser) refundLine(r *bridge.Refund, line bridge.RefundLine) {
	switch {
	case line.Quantity < 0 || line.Amount < 0 || line.Tax < 0:
		p.fail("refund %s: a line takes off less than nothing", r.ID)
	case line.Quantity > maxQuantity:
		p.fail("refund %s: a quantity has more than 9 digits", r.ID)
	case len(r.Lines) == maxLines:
		p.fail("refund %s: more than %d lines", r.ID, maxLines)
	default:
		r.Lines = append(r.Lines, line)
	}
}

// refunds returns the refunds of an order.
func refunds[T interface{ refund(p *parser) bridge.Refund }](p *parser, list []T) (all []bridge.Refund) {
	if len(list) > maxLines {
		p.fail("The order has more than %d refunds", maxLines)
		return nil
	}
	for _, r := range list {
		all = append(all, r.refund(p))
	}
	return all
}
