package wire_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/money"
)

const (
	byID    = "ActionId=1000.4636.158133&"
	forItem = byID + "Reason=ORDER_UPDATE&"
)

var address = ledger.Address{Action: ids.ActionID{Campaign: 1000, EventType: 4636, Number: 158133}}

func TestSection12AnItemModificationIsDecoded(t *testing.T) {
	change := func(items ...ledger.ItemChange) ledger.Modification {
		return ledger.Modification{Address: address, Reason: "ORDER_UPDATE", Items: items}
	}
	one := ledger.ItemChange{Number: 1, SKU: "A", Quantity: new(int64(2)), Amount: wiretest.Decimal("15")}
	two := ledger.ItemChange{Number: 2, SKU: "B", Quantity: new(int64(0))}
	cases := map[string]struct {
		query string
		want  ledger.Modification
	}{
		"quantity and amount":      {"Sku=A&Quantity=2&Amount=15.00", change(one)},
		"the number 1 is optional": {"Sku1=A&Quantity1=2&Amount=15", change(one)},
		"the spellings of conversions": {
			"ItemSku=A&ItemQuantity1=2&ItemSubTotal1=15&itemsku2=B&itemquantity2=0", change(one, two),
		},
		"several items, the first without a number": {"Sku=A&Quantity=2&Amount=15&Sku2=B&Quantity2=0", change(one, two)},
		"numbers with gaps, in any order": {
			"Sku9=C&Rebate9=1.5&Sku=A&Quantity=2&Amount=15",
			change(one, ledger.ItemChange{Number: 9, SKU: "C", Rebate: wiretest.Decimal("1.5")}),
		},
		"deltas": {
			"Sku=A&ItemSubTotalDelta=-5.00&Sku2=B&QuantityDelta2=-1",
			change(
				ledger.ItemChange{Number: 1, SKU: "A", AmountDelta: wiretest.Decimal("-5")},
				ledger.ItemChange{Number: 2, SKU: "B", QuantityDelta: new(int64(-1))},
			),
		},
		"a positive delta with an unescaped plus": {
			"Sku=A&QuantityDelta=+3", change(ledger.ItemChange{Number: 1, SKU: "A", QuantityDelta: new(int64(3))}),
		},
		"texts, including an empty one": {
			"Sku=A&ItemName=Shirt&Category=",
			change(ledger.ItemChange{Number: 1, SKU: "A", Name: new("Shirt"), Category: new("")}),
		},
		"synonyms that agree": {"Sku=A&ItemSku=A&Quantity=2&ItemQuantity=2.0&Amount=15&DispositionCode=ORDER_UPDATE", change(one)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := wire.DecodeModification(wiretest.Params(t, forItem+c.query), env)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSection12AnItemErrorNamesItsParameter(t *testing.T) {
	cases := map[string]struct {
		query string
		want  []string
	}{
		"no identifier": {"Reason=ORDER_UPDATE&Sku=A&Quantity=1", []string{"ActionId: Required"}},
		"an order without its tracker": {
			"Reason=ORDER_UPDATE&OrderId=1&Sku=A&Quantity=1", []string{"ActionTrackerId: Required"},
		},
		"a tracker without its order": {
			"Reason=ORDER_UPDATE&ActionTrackerId=1&Sku=A&Quantity=1", []string{"OrderId: Required"},
		},
		"a malformed id":                                   {"ActionId=x&Reason=ORDER_UPDATE&Sku=A&Quantity=1", []string{"ActionId: Not an ActionId"}},
		"no reason":                                        {byID + "Sku=A&Quantity=1", []string{"Reason: Required"}},
		"a reason that is not for items":                   {byID + "Reason=ITEM_RETURNED&Sku=A&Quantity=1", []string{"Reason: "}},
		"a DispositionCode that is not for items":          {byID + "DispositionCode=OTHER&Sku=A&Quantity=1", []string{"DispositionCode: "}},
		"reasons that differ":                              {forItem + "DispositionCode=OTHER&Sku=A&Quantity=1", []string{"DispositionCode: Contradicts Reason"}},
		"RESET of an item":                                 {byID + "Reason=RESET&Sku=A&Quantity=1", []string{"Reason: "}},
		"nothing to change":                                {forItem + "Sku=A", []string{"Sku: "}},
		"only a status":                                    {forItem + "Sku=A&CustomerStatus=NEW", []string{"Sku: "}},
		"an empty Sku":                                     {forItem + "Sku=&Amount=0", []string{"Sku: Must not be empty"}},
		"a field without its Sku":                          {forItem + "Sku=A&Quantity=1&Quantity2=1", []string{"Sku2: Required"}},
		"an amount without its Sku":                        {forItem + "Sku2=A&Quantity2=1&Amount=3", []string{"Sku: Required"}},
		"a repeated Sku":                                   {forItem + "Sku=A&Quantity=1&ItemSku2=A&Quantity2=2", []string{"ItemSku2: Named twice"}},
		"a fractional quantity":                            {forItem + "Sku=A&Quantity=1.5", []string{"Quantity: Not a whole number"}},
		"a malformed quantity":                             {forItem + "Sku=A&Quantity=many", []string{"Quantity: Not a whole number"}},
		"an empty quantity":                                {forItem + "Sku=A&Quantity=", []string{"Quantity: Not a whole number"}},
		"a negative quantity":                              {forItem + "Sku=A&Quantity=-1", []string{"Quantity: Must not be negative"}},
		"ten digits":                                       {forItem + "Sku=A&Quantity=1000000000", []string{"Quantity: At most 9 digits"}},
		"twenty digits":                                    {forItem + "Sku=A&Quantity=10000000000000000000", []string{"Quantity: At most 9 digits"}},
		"a negative amount":                                {forItem + "Sku=A&Amount=-0.01", []string{"Amount: Must not be negative"}},
		"an amount with five decimals":                     {forItem + "Sku=A&Amount=1.00001", []string{"Amount: More than 12 digits"}},
		"a malformed amount":                               {forItem + "Sku=A&ItemSubTotal=1,5", []string{"ItemSubTotal: Not a decimal number"}},
		"a malformed quantity with an amount":              {forItem + "Sku=A&Quantity=x&Amount=1", []string{"Quantity: Not a whole"}},
		"a negative rebate":                                {forItem + "Sku=A&Rebate=-1", []string{"Rebate: Must not be negative"}},
		"a reversal with an amount":                        {forItem + "Sku=A&Quantity=0&Amount=1", []string{"Amount: "}},
		"a reversal with a delta":                          {forItem + "Sku=A&Quantity=0&ItemSubTotalDelta=1", []string{"ItemSubTotalDelta: "}},
		"an amount and its delta":                          {forItem + "Sku=A&Amount=1&ItemSubTotalDelta=1", []string{"ItemSubTotalDelta: "}},
		"a quantity and its delta":                         {forItem + "Sku=A&Quantity=1&QuantityDelta=1", []string{"QuantityDelta: "}},
		"a quantity delta with an amount":                  {forItem + "Sku=A&Amount=1&QuantityDelta=1", []string{"QuantityDelta: "}},
		"a long Sku":                                       {forItem + "Quantity=1&Sku=" + strings.Repeat("%C3%A9", 256), []string{"Sku: At most 255 characters"}},
		"a number with a leading zero":                     {forItem + "Sku=A&Quantity=1&Sku02=B&Quantity02=1", []string{"Quantity02: The number", "Sku02: The number"}},
		"the number 0":                                     {forItem + "Sku0=A&Quantity0=1", []string{"Quantity0: The number", "Sku0: The number"}},
		"a number out of range":                            {forItem + "Sku=A&Quantity=1&Sku1000000=B", []string{"Sku1000000: The number"}},
		"synonyms that differ":                             {forItem + "Sku=A&Quantity=1&ItemQuantity=2", []string{"ItemQuantity: Contradicts Quantity"}},
		"a repeated name with different values":            {forItem + "Sku=A&Quantity=1&quantity=2", []string{"Quantity: Given twice"}},
		"the number 1 and no number with different values": {forItem + "Sku=A&Sku1=B&Quantity=1", []string{"Sku1: Contradicts Sku"}},
		"State":                 {forItem + "Sku=A&Quantity=1&State=REVERSED", []string{"State: Use DELETE /Actions to reverse an action"}},
		"an unknown currency":   {forItem + "Sku=A&Amount=1&currencyCode=XXY", []string{"currencyCode: Not an ISO 4217"}},
		"a long note":           {forItem + "Sku=A&Amount=1&Note=" + strings.Repeat("n", 256), []string{"Note: At most 255"}},
		"a malformed update id": {forItem + "Sku=A&Amount=1&ExpectedUpdateId=1.2.3", []string{"ExpectedUpdateId: Not the id"}},
		"several errors at once": {
			"Reason=OTHER&Sku=A&Quantity=x&Amount=y&Sku3=B&Rebate3=-1",
			[]string{"ActionId: ", "Amount: ", "Quantity: ", "Reason: ", "Rebate3: "},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := wire.DecodeModification(wiretest.Params(t, c.query), env)
			wiretest.CheckErrors(t, err, c.want...)
		})
	}
}

func TestSection12TooManyItemsAreRejected(t *testing.T) {
	var b strings.Builder
	b.WriteString(forItem)
	for i := range wire.MaxItems + 1 {
		fmt.Fprintf(&b, "Sku%d=%d&Quantity%d=1&", i+1, i, i+1)
	}
	_, err := wire.DecodeModification(wiretest.Params(t, b.String()), env)
	wiretest.CheckErrors(t, err, "Sku: At most 1000 items")
}

func TestSection12IdentifiersInThePathMustNotContradictTheBody(t *testing.T) {
	decode := func(query string) (ledger.Modification, *wire.Params, error) {
		p := wiretest.Params(t, query)
		for name, value := range map[string]string{"ActionId": "1000.4636.158133", "Sku": "a/b"} {
			if err := p.Add(name, value); err != nil {
				t.Fatal(err)
			}
		}
		m, err := wire.DecodeModification(p, env)
		return m, p, err
	}
	m, p, err := decode("Reason=ORDER_UPDATE&Quantity=1&ItemSku=a/b")
	if err != nil || m.Action != address.Action || m.Items[0].SKU != "a/b" {
		t.Fatalf("decoded %+v (%v)", m, err)
	}
	if again, err := wire.DecodeModification(wiretest.Params(t, p.Payload()), env); err != nil || !cmp.Equal(m, again) {
		t.Errorf("the payload gives %+v (%v)", again, err)
	}
	_, _, err = decode("Reason=ORDER_UPDATE&Quantity=1&Sku=b&ActionId=1000.4636.1")
	wiretest.CheckErrors(t, err, "ActionId: Given twice", "Sku: Given twice")
}

func TestSection13AnActionModificationIsDecoded(t *testing.T) {
	cases := map[string]struct {
		query string
		want  ledger.Modification
	}{
		"an amount": {
			byID + "Reason=ITEM_RETURNED&Amount=10&currencyCode=usd",
			ledger.Modification{Address: address, Reason: "ITEM_RETURNED", Amount: wiretest.Decimal("10"), Currency: money.Currency("USD")},
		},
		"by tracker and order": {
			"EventTypeId=2240&Oid=X&DispositionCode=OTHER&Amount=0",
			ledger.Modification{Address: ledger.Address{EventType: 2240, Order: "X"}, Reason: "OTHER", Amount: wiretest.Decimal("0")},
		},
		"a status": {
			byID + "Reason=OTHER&CustomerStatus=NEW&Note=why&ExpectedUpdateId=1000.4636.158133.7",
			ledger.Modification{
				Address: address, Reason: "OTHER", CustomerStatus: new("NEW"), Note: "why",
				Expected: ids.UpdateID{Action: address.Action, Number: 7},
			},
		},
		"RESET":         {byID + "Reason=RESET", ledger.Modification{Address: address, Reason: "RESET"}},
		"a custom code": {byID + "Reason=Check", ledger.Modification{Address: address, Reason: "Check"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := wire.DecodeModification(wiretest.Params(t, c.query), env)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSection13AnActionErrorNamesItsParameter(t *testing.T) {
	cases := map[string]struct {
		query string
		want  []string
	}{
		"nothing to change":              {byID + "Reason=OTHER", []string{"Amount: "}},
		"no reason":                      {byID + "Amount=1", []string{"Reason: Required"}},
		"an empty reason":                {byID + "Amount=1&Reason=", []string{"Reason: Required"}},
		"a long reason":                  {byID + "Amount=1&Reason=" + strings.Repeat("R", 65), []string{"Reason: At most 64"}},
		"RESET with an amount":           {byID + "Reason=RESET&Amount=1", []string{"Reason: "}},
		"a negative amount":              {byID + "Reason=OTHER&Amount=-1", []string{"Amount: Must not be negative"}},
		"an empty amount":                {byID + "Reason=OTHER&Amount=", []string{"Amount: Not a decimal number"}},
		"a quantity without a Sku":       {byID + "Reason=ORDER_UPDATE&Quantity=1", []string{"Sku: Required"}},
		"a rebate with an amount":        {byID + "Reason=ORDER_UPDATE&Amount=1&Rebate=1", []string{"Sku: Required"}},
		"the amount of a line":           {byID + "Reason=ORDER_UPDATE&Amount=1&ItemSubTotal=1", []string{"Sku: Required"}},
		"a numbered amount":              {byID + "Reason=ORDER_UPDATE&Amount1=1", []string{"Sku: Required"}},
		"a numbered amount with a total": {byID + "Reason=ORDER_UPDATE&Amount=1&Amount2=1", []string{"Sku: Required"}},
		"amounts that differ":            {byID + "Reason=OTHER&Amount=1&amount=1.01", []string{"Amount: Given twice"}},
		"State":                          {byID + "Reason=OTHER&State=REVERSED&Amount=1", []string{"State: Use DELETE"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := wire.DecodeModification(wiretest.Params(t, c.query), env)
			wiretest.CheckErrors(t, err, c.want...)
		})
	}
}
