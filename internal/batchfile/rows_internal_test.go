package batchfile

import (
	"strings"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

const (
	orderForm    = "ActionTrackerId=2240&OrderId=A&Reason=ORDER_UPDATE"
	changeHeader = "ActionTrackerId,OrderId,Sku,Quantity,Reason\n"
	saleForm     = "CampaignId=1000&EventTypeId=2240&EventDate=NOW&MediaPartnerId=10&OrderId="
	saleHeader   = "CampaignId,EventTypeId,EventDate,OrderId,MediaPartnerId,ItemSku,ItemQuantity,ItemSubTotal\n"
)

// rowTests are files with the expected results of their entries.
var rowTests = map[string]struct {
	file string
	kind ledger.Kind
	want []result
}{
	"an item by its order": {
		file: "ActionTrackerID,Oid,Sku,Quantity,Reason\n2240,A,x,1,ORDER_UPDATE\n",
		want: []result{{lines: []int{2}, form: orderForm + "&Sku=x&Quantity=1"}},
	},
	"letter case, a byte order mark, semicolons, CRLF and spaces around names": {
		file: "\ufeffactiontrackerid; OID ;sku;QUANTITY;reason\r\n2240;A;x, y;1;ORDER_UPDATE\r\n",
		want: []result{{lines: []int{2}, form: orderForm + "&Sku=x,+y&Quantity=1"}},
	},
	"a column whose name grows in lower case": {
		file: "ActionTrackerID,Oid,Sku,Quantity,Reason,\u023a\n2240,A,x,1,ORDER_UPDATE,1\n",
		want: []result{{lines: []int{2}, form: orderForm + "&Sku=x&Quantity=1"}},
	},
	"a numbered column whose name shrinks in lower case": {
		file: "ActionTrackerID,Oid,Sku,Quantity,Reason,\u212a7\n2240,A,x,1,ORDER_UPDATE,1\n",
		want: []result{{lines: []int{2}, form: orderForm + "&Sku=x&Quantity=1"}},
	},
	"an action by its id, with a cell of several lines": {
		file: "ActionId,Amount,Reason,Note\n1.2.3,5.00,OTHER,\"a\n\"\"b\"\"\"\n1.2.4,0,ITEM_RETURNED,\n",
		want: []result{
			{lines: []int{2}, form: "ActionId=1.2.3&Amount=5.00&Reason=OTHER&Note=a%0A%22b%22"},
			{lines: []int{4}, form: "ActionId=1.2.4&Amount=0&Reason=ITEM_RETURNED"},
		},
	},
	"empty cells and empty rows are ignored": {
		file: "ActionTrackerId,OrderId,Sku,Quantity,Amount,Category,Reason\n2240,A,x,,5,,ORDER_UPDATE\n,,,,,,\n\n",
		want: []result{{lines: []int{2}, form: orderForm + "&Sku=x&Amount=5"}},
	},
	"numbered columns, some of them empty": {
		file: "ActionTrackerId,OrderId,Sku1,Quantity1,Sku2,Quantity2,Reason\n2240,A,x,1,y,0,ORDER_UPDATE\n2240,A,x,1,,,ORDER_UPDATE\n",
		want: []result{
			{lines: []int{2}, form: orderForm + "&Sku1=x&Quantity1=1&Sku2=y&Quantity2=0"},
			{lines: []int{3}, form: orderForm + "&Sku1=x&Quantity1=1"},
		},
	},
	"each row of an order is a separate modification": {
		file: "ActionTrackerId,OrderId,Sku,Quantity,Reason\n2240,A,x,1,ORDER_UPDATE\n2240,A,y,0,ORDER_UPDATE\n",
		want: []result{
			{lines: []int{2}, form: orderForm + "&Sku=x&Quantity=1"},
			{lines: []int{3}, form: orderForm + "&Sku=y&Quantity=0"},
		},
	},
	"a row with an empty Sku does not change the whole order": {
		file: "ActionTrackerId,OrderId,Sku,Amount,Reason\n2240,A,,0,ORDER_UPDATE\n",
		want: []result{{lines: []int{2}, err: &store.RowError{
			EventType: 2240, Order: "A", Code: rejection.CodeMalformed, Message: "Sku: Must not be empty",
		}}},
	},
	"fields of items that no rule uses follow their rows": {
		kind: ledger.KindConversion,
		file: "CampaignId,EventTypeId,EventDate,OrderId,MediaPartnerId,ItemSku,ItemSubTotal,ItemDeliveryType,ItemText_7,ItemMoney1_2\n" +
			"1000,2240,NOW,A,10,x,1,pickup,first,2.50\n1000,2240,NOW,A,10,y,2,post,second,\n",
		want: []result{{lines: []int{2, 3}, form: saleForm + "A&ItemSku1=x&ItemSubTotal1=1&ItemDeliveryType1=pickup&ItemText1_7=first&ItemMoney1_2=2.50" +
			"&ItemSku2=y&ItemSubTotal2=2&ItemDeliveryType2=post&ItemText2_7=second"}},
	},
	"reversals": {
		kind: ledger.KindReversal,
		file: "ActionId,DispositionCode\n1.2.3,CONS_FRAUD\n",
		want: []result{{lines: []int{2}, form: "ActionId=1.2.3&DispositionCode=CONS_FRAUD"}},
	},
	"separate rows of an order are grouped": {
		kind: ledger.KindConversion,
		file: saleHeader + "1000,2240,NOW,A,10,x,2,19.27\n1000,2240,NOW,B,10,z,,1\n1000,2240,NOW,A,10,y,1,2.72\n",
		want: []result{
			{lines: []int{2, 4}, form: saleForm + "A&ItemSku1=x&ItemQuantity1=2&ItemSubTotal1=19.27&ItemSku2=y&ItemQuantity2=1&ItemSubTotal2=2.72"},
			{lines: []int{3}, form: saleForm + "B&ItemSku=z&ItemSubTotal=1"},
		},
	},
	"numbered items are numbered consecutively": {
		kind: ledger.KindConversion,
		file: strings.ReplaceAll(saleHeader, "ItemQuantity", "ItemSku2") + "1000,2240,NOW,A,10,x,y,1\n1000,2240,NOW,A,10,z,,2\n",
		want: []result{{lines: []int{2, 3}, form: saleForm + "A&ItemSku1=x&ItemSku2=y&ItemSubTotal1=1&ItemSku3=z&ItemSubTotal3=2"}},
	},
	"older parameter names": {
		kind: ledger.KindConversion,
		file: "CampaignId,EventTypeId,EventDate,OrderId,MediaPartnerId,Sku,Amount\n1000,2240,NOW,A,10,x,1\n1000,2240,NOW,A,10,y,2\n",
		want: []result{{lines: []int{2, 3}, form: saleForm + "A&Sku1=x&Amount1=1&Sku2=y&Amount2=2"}},
	},
	"the same order id in two campaigns is two orders": {
		kind: ledger.KindConversion,
		file: saleHeader + "1000,2240,NOW,A,10,x,1,1\n1001,2240,NOW,A,10,x,1,1\n",
		want: []result{
			{lines: []int{2}, form: saleForm + "A&ItemSku=x&ItemQuantity=1&ItemSubTotal=1"},
			{lines: []int{3}, form: strings.Replace(saleForm, "1000", "1001", 1) + "A&ItemSku=x&ItemQuantity=1&ItemSubTotal=1"},
		},
	},
	"orders that request a generated id stay separate": {
		kind: ledger.KindConversion,
		file: saleHeader + "1000,2240,NOW,IR_AN_64_TS,10,x,1,1\n1000,2240,NOW,IR_AN_64_TS,10,y,1,1\n",
		want: []result{
			{lines: []int{2}, form: saleForm + "IR_AN_64_TS&ItemSku=x&ItemQuantity=1&ItemSubTotal=1"},
			{lines: []int{3}, form: saleForm + "IR_AN_64_TS&ItemSku=y&ItemQuantity=1&ItemSubTotal=1"},
		},
	},
	"contradicting rows of an order": {
		kind: ledger.KindConversion,
		file: saleHeader + "1000,2240,NOW,A,10,x,1,1\n1000,2240,NOW,A,11,y,1,1\n",
		want: []result{{lines: []int{2, 3}, err: &store.RowError{
			Campaign: 1000, EventType: 2240, Partner: 10, Order: "A", Code: rejection.CodeMalformed,
			Message: "MediaPartnerId: Given twice with different values",
		}}},
	},
	"codes of incomplete conversions, and the published minimum": {
		kind: ledger.KindConversion,
		file: saleHeader + "1000,2240,NOW,,10,x,1,1\n1000,2240,NOW,B,10,,,\n1000,2240,2999-01-01,C,10,x,1,1\n1000,2240,NOW,D,x,x,1,1\n",
		want: []result{
			{lines: []int{2}, err: &store.RowError{
				Campaign: 1000, EventType: 2240, Partner: 10, SKU: "x", Code: rejection.CodeOrderMissing, Message: "OrderId: Required",
			}},
			{lines: []int{3}, form: saleForm + "B"},
			{lines: []int{4}, err: &store.RowError{
				Campaign: 1000, EventType: 2240, Partner: 10, Order: "C", SKU: "x", Code: rejection.CodeMalformed,
				Message: "EventDate: Must not be in the future.",
			}},
			{lines: []int{5}, err: &store.RowError{
				Campaign: 1000, EventType: 2240, Order: "D", SKU: "x", Code: rejection.CodeMalformed,
				Message: "MediaPartnerId: Not a whole number from 1, of at most 16 digits",
			}},
		},
	},
	"XML": {
		file: "<?xml version=\"1.0\"?>\n<Returns><R><ActionTrackerId>2240</ActionTrackerId><Oid>A</Oid><Sku>a&amp;b</Sku>" +
			"<Quantity>1</Quantity><Reason>ORDER_UPDATE</Reason></R><R><Oid/></R><R><ActionTrackerId>2240</ActionTrackerId>" +
			"<Oid>A</Oid><Sku>y</Sku><Category> c</Category><Reason>ORDER_UPDATE</Reason></R></Returns>",
		want: []result{
			{lines: []int{1}, form: orderForm + "&Sku=a%26b&Quantity=1"},
			{lines: []int{3}, form: orderForm + "&Sku=y&Category=+c"},
		},
	},
	"unreadable rows don't block others": {
		file: "ActionTrackerId,OrderId,Sku,Quantity,Reason\n2240,A,a\"b,1,ORDER_UPDATE\n2240,A,x,1,ORDER_UPDATE,more\n" +
			"2240,A,é\xff,1,ORDER_UPDATE\n2240,A,x,1,ORDER_UPDATE\n2240,A,\"x,1",
		want: []result{
			{lines: []int{2}, err: malformed("A quote is misplaced or not closed: put quotes around the whole cell and double those inside")},
			{lines: []int{3}, err: malformed("The row has more cells than there are columns: put quotes around a cell with a separator in it")},
			{lines: []int{4}, err: &store.RowError{EventType: 2240, Order: "A", Code: rejection.CodeMalformed, Message: "Sku: Not valid UTF-8"}},
			{lines: []int{5}, form: orderForm + "&Sku=x&Quantity=1"},
			{lines: []int{6}, err: malformed("A quote is misplaced or not closed: put quotes around the whole cell and double those inside")},
		},
	},
	"an unclosed quote hides no row": {
		file: changeHeader + "2240,A,\"x,1,ORDER_UPDATE\n2240,A,y,1,ORDER_UPDATE\n2240,A,\"z\",1,ORDER_UPDATE\n",
		want: []result{
			{lines: []int{2}, err: malformed(problemQuote)},
			{lines: []int{3}, form: orderForm + "&Sku=y&Quantity=1"},
			{lines: []int{4}, form: orderForm + "&Sku=z&Quantity=1"},
		},
	},
	"two stray quotes hide no row between them": {
		file: changeHeader + "2240,A,\"x,1,ORDER_UPDATE\n2240,A,y,1,ORDER_UPDATE\n2240,A,z,12\",ORDER_UPDATE\n",
		want: []result{
			{lines: []int{2}, err: malformed(problemQuote)},
			{lines: []int{3}, form: orderForm + "&Sku=y&Quantity=1"},
			{lines: []int{4}, err: malformed(problemQuote)},
		},
	},
	"lines of a quoted cell that look like rows are neither dropped nor carried out": {
		file: changeHeader + "2240,A,\"x\n2240,B,y,1,ORDER_UPDATE\nz\",1,ORDER_UPDATE\n2240,A,y,1,ORDER_UPDATE\n",
		want: []result{
			{lines: []int{2}, err: malformed(problemInside)},
			{lines: []int{3}, err: malformed(problemInside)},
			{lines: []int{4}, err: malformed(problemInside)},
			{lines: []int{5}, form: orderForm + "&Sku=y&Quantity=1"},
		},
	},
	"rows with the wrong number of cells": {
		file: changeHeader + "2240,A,x,1\n2240,A,x,1,ORDER_UPDATE,more\n2240,A,x,1,ORDER_UPDATE,,\n",
		want: []result{
			{lines: []int{2}, err: malformed(problemFewer)},
			{lines: []int{3}, err: malformed(problemMore)},
			{lines: []int{4}, form: orderForm + "&Sku=x&Quantity=1"},
		},
	},
	"rows that are too long": {
		file: changeHeader + "2240,A,\"x\n" + strings.Repeat("y", maxRecord) + "\",1,ORDER_UPDATE\n" + strings.Repeat("z", maxRecord+1) + "\n2240,A,x,1,ORDER_UPDATE\n",
		want: []result{
			{lines: []int{2}, err: malformed(problemLong)},
			{lines: []int{3}, err: malformed(problemLong)},
			{lines: []int{4}, err: malformed(problemLong)},
			{lines: []int{5}, form: orderForm + "&Sku=x&Quantity=1"},
		},
	},
	"carriage returns as line ends": {
		file: strings.ReplaceAll(changeHeader+"2240,A,x,1,ORDER_UPDATE\n\n2240,A,y,1,ORDER_UPDATE\n", "\n", "\r"),
		want: []result{{lines: []int{2}, form: orderForm + "&Sku=x&Quantity=1"}, {lines: []int{4}, form: orderForm + "&Sku=y&Quantity=1"}},
	},
	"a single carriage return": {
		file: changeHeader + "2240,A,x,1,ORDER_UPDATE\r2240,A,y,1,ORDER_UPDATE\n2240,A,x,1,ORDER_UPDATE\r\r\n",
		want: []result{{lines: []int{2}, err: malformed(problemReturn)}, {lines: []int{3}, form: orderForm + "&Sku=x&Quantity=1"}},
	},
	"blank lines before the header": {
		file: "\n \n" + changeHeader + "2240,A,x,1,ORDER_UPDATE\n",
		want: []result{{lines: []int{4}, form: orderForm + "&Sku=x&Quantity=1"}},
	},
	"XML with attributes": {
		file: `<Returns xmlns="urn:r" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="1">
			<Row xsi:type="Return" ActionTrackerId="2240" Oid="A" Sku="a&amp;b" Quantity="1" Reason="ORDER_UPDATE"/>
			<Row/>
			<Row ActionTrackerId="2240" Oid="A" Sku="y"><Quantity unit="piece">0</Quantity><Reason>ORDER_UPDATE</Reason></Row></Returns>`,
		want: []result{
			{lines: []int{1}, form: orderForm + "&Sku=a%26b&Quantity=1"},
			{lines: []int{3}, form: orderForm + "&Sku=y&Quantity=0"},
		},
	},
	"XML whose values are somewhere else": {
		file: `<Returns><Row>2240,A,x,1,ORDER_UPDATE</Row><Row ActionTrackerId="2240" OrderId="A" Amount="1"><Reason code="OTHER"/></Row>` +
			`<Row ActionTrackerId="2240" OrderId="A" Amount="1" Reason="OTHER"><Amount>2</Amount></Row></Returns>`,
		want: []result{
			{lines: []int{1}, err: malformed(problemText)},
			{lines: []int{2}, err: malformed(problemValue)},
			{lines: []int{3}, err: &store.RowError{EventType: 2240, Order: "A", Code: rejection.CodeMalformed, Message: "Amount: Given twice with different values"}},
		},
	},
	"a row can't be a dry run": {
		file: "ActionId,Amount,Reason,DryRun\n1.2.3,5,OTHER,true\n",
		want: []result{{lines: []int{2}, err: &store.RowError{
			Campaign: 1, EventType: 2, Code: rejection.CodeMalformed, Message: "DryRun: Not supported here: leave it out to carry out the request",
		}}},
	},
}
