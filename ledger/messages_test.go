package ledger_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

func TestADiscountThatIsTooHighIsNamed(t *testing.T) {
	account := program.Account{ID: 1, Currency: "USD", Zone: "UTC"}
	line := func(change func(l *ledger.ConversionLine)) ledger.ConversionLine {
		l := ledger.ConversionLine{Number: 2, SKU: "B", SubTotal: decimal("10")}
		change(&l)
		return l
	}
	for name, c := range map[string]struct {
		line        ledger.ConversionLine
		order, rate string
		want        string
	}{
		"per unit":                    {line: line(func(l *ledger.ConversionLine) { l.UnitDiscount = decimal("10.01") }), want: "ItemDiscount2"},
		"a rate":                      {line: line(func(l *ledger.ConversionLine) { l.DiscountRate = decimal("101") }), want: "ItemDiscountRate2"},
		"of the line":                 {line: line(func(l *ledger.ConversionLine) { l.LineDiscount = decimal("11") }), want: "ItemTotalDiscount2"},
		"a rate and one of the line":  {line: line(func(l *ledger.ConversionLine) { l.DiscountRate, l.LineDiscount = decimal("50"), decimal("6") }), want: "ItemTotalDiscount2"},
		"per unit and a rate":         {line: line(func(l *ledger.ConversionLine) { l.UnitDiscount, l.DiscountRate = decimal("11"), decimal("150") }), want: "ItemDiscount2"},
		"the rate of the order":       {line: line(func(*ledger.ConversionLine) {}), rate: "101", want: "OrderDiscountRate"},
		"of the order":                {line: line(func(*ledger.ConversionLine) {}), order: "99", want: "OrderDiscount"},
		"a negative one of the order": {line: line(func(*ledger.ConversionLine) {}), order: "-1", want: "OrderDiscount"},
		"a negative one of an order without prices": {line: ledger.ConversionLine{Number: 2, SKU: "B"}, order: "-1", want: "OrderDiscount"},
		"of a final amount":                         {line: ledger.ConversionLine{Number: 2, SKU: "B", Amount: decimal("5"), DiscountRate: decimal("1")}, want: "ItemDiscountRate2"},
		"of the order with a final amount": {
			line: ledger.ConversionLine{Number: 2, SKU: "B", Amount: decimal("5")}, order: "1", want: "OrderDiscount",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := report()
			r.Lines = []ledger.ConversionLine{c.line}
			if c.order != "" {
				r.Discount = decimal(c.order)
			}
			if c.rate != "" {
				r.DiscountRate = decimal(c.rate)
			}
			if got := rejectedFields(r.Validate(ordered, account)); len(got) != 1 || got[0] != c.want {
				t.Errorf("rejected for %v, want %s", got, c.want)
			}
		})
	}
}

func TestRejectionsNameWhatIsMissing(t *testing.T) {
	unknown, coded := report("1 × 1 = 10.00"), report("1 × 1 = 10.00")
	unknown.EventType = 9
	coded.EventType, coded.EventTypeCode = 0, "NONE"
	elsewhere, missing := theOrder, theOrder
	elsewhere.EventType, missing.Order = 9, "none"
	code := func(amount string) ledger.Modification {
		return ledger.Modification{Address: theOrder, Reason: "NOPE", Amount: decimal(amount)}
	}
	for name, c := range map[string]struct {
		command             ledger.Command
		field, has, without string
	}{
		"an event type":                   {unknown, "EventTypeId", "There is no event type 9.", "code"},
		"a code of an event type":         {coded, "EventTypeCode", `no event type with the code "NONE"`, "There is no event type"},
		"an order of an event type":       {ledger.Reversal{Address: elsewhere, Reason: "OTHER"}, "ActionTrackerId", "There is no event type 9.", "report"},
		"an order":                        {ledger.Reversal{Address: missing, Reason: "OTHER"}, "", "report the conversion first", "event type"},
		"an action":                       {ledger.Reversal{Address: ledger.Address{Action: ids.ActionID{Campaign: 1, EventType: 9, Number: 9}}, Reason: "OTHER"}, "", "report the conversion first", "event type"},
		"a reason of a reversal":          {ledger.Reversal{Address: theOrder, Reason: "NOPE"}, "DispositionCode", "FAKE", "HOLD"},
		"a reason of a modification":      {code("5"), "Reason", "HOLD", "FAKE"},
		"a reason with an amount of 0":    {code("0"), "Reason", "FAKE", "nothing"},
		"a reason with a customer status": {ledger.Modification{Address: theOrder, Reason: "NOPE", CustomerStatus: new("NEW")}, "Reason", "HOLD", "FAKE"},
	} {
		t.Run(name, func(t *testing.T) {
			m := versionedAccount(t)
			applied(t, m, 1, report("1 × 1 = 10.00"))
			at := ordered.Add(2 * time.Minute)
			_, err := m.Apply(ledger.Submission{Number: 2, Accepted: at, Command: c.command}, at)
			var r *rejection.Rejection
			if !errors.As(err, &r) || r.Field != c.field || !strings.Contains(r.Message, c.has) || strings.Contains(r.Message, c.without) {
				t.Errorf("%v: want %q and no %q in a rejection of %q", err, c.has, c.without, c.field)
			}
		})
	}
}

func TestLinesWithPricesMustAddUpToTheAmount(t *testing.T) {
	account := program.Account{ID: 1, Currency: "USD", Zone: "UTC"}
	for amount, want := range map[string]int{"9.99": 1, "10": 0, "10.01": 1} {
		r := report()
		r.Lines = []ledger.ConversionLine{{Number: 1, SKU: "A", SubTotal: decimal("10")}}
		r.Amount = decimal(amount)
		if got := rejectedFields(r.Validate(ordered, account)); len(got) != want || want == 1 && got[0] != "Amount" {
			t.Errorf("an amount of %s is rejected for %v", amount, got)
		}
	}
}
