package batchfile

import (
	"cmp"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

var (
	shop = ledger.Account{ID: 1, Currency: "USD", Zone: "UTC"}
	env  = wire.Env{
		Now: time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC), Zone: time.UTC,
		HashIP: func(address string) string { return "hash-of-" + address }, NewOrder: func() string { return "made-up" },
	}
)

// result is what became of an entry: its lines, and a form that asks for the same
// or the fault.
type result struct {
	lines []int
	form  string
	fault *store.RowFault
}

func wrong(message string) *store.RowFault {
	return &store.RowFault{Code: ledger.CodeMalformed, Message: message}
}

func TestARowIsWhatTheSameFormWouldBe(t *testing.T) {
	t.Parallel()
	const order = "ActionTrackerId=2240&OrderId=A&Reason=ORDER_UPDATE"
	const sale = "CampaignId=1000&EventTypeId=2240&EventDate=NOW&MediaPartnerId=10&OrderId="
	const header = "CampaignId,EventTypeId,EventDate,OrderId,MediaPartnerId,ItemSku,ItemQuantity,ItemSubTotal\n"
	for says, c := range map[string]struct {
		file string
		kind ledger.Kind
		want []result
	}{
		"an item by its order": {
			file: "ActionTrackerID,Oid,Sku,Quantity,Reason\n2240,A,x,1,ORDER_UPDATE\n",
			want: []result{{lines: []int{2}, form: order + "&Sku=x&Quantity=1"}},
		},
		"letter case, a byte order mark, semicolons, CRLF and spaces around names": {
			file: "\ufeffactiontrackerid; OID ;sku;QUANTITY;reason\r\n2240;A;x, y;1;ORDER_UPDATE\r\n",
			want: []result{{lines: []int{2}, form: order + "&Sku=x,+y&Quantity=1"}},
		},
		"a column whose name grows in lower case": {
			file: "ActionTrackerID,Oid,Sku,Quantity,Reason,\u023a\n2240,A,x,1,ORDER_UPDATE,1\n",
			want: []result{{lines: []int{2}, form: order + "&Sku=x&Quantity=1"}},
		},
		"one whose name shrinks, with a number": {
			file: "ActionTrackerID,Oid,Sku,Quantity,Reason,\u212a7\n2240,A,x,1,ORDER_UPDATE,1\n",
			want: []result{{lines: []int{2}, form: order + "&Sku=x&Quantity=1"}},
		},
		"an action by its id, with a cell of several lines": {
			file: "ActionId,Amount,Reason,Note\n1.2.3,5.00,OTHER,\"a\n\"\"b\"\"\"\n1.2.4,0,ITEM_RETURNED,\n",
			want: []result{
				{lines: []int{2}, form: "ActionId=1.2.3&Amount=5.00&Reason=OTHER&Note=a%0A%22b%22"},
				{lines: []int{4}, form: "ActionId=1.2.4&Amount=0&Reason=ITEM_RETURNED"},
			},
		},
		"an empty cell is absent, and an empty row is none": {
			file: "ActionTrackerId,OrderId,Sku,Quantity,Amount,Category,Reason\n2240,A,x,,5,,ORDER_UPDATE\n,,,,,,\n\n",
			want: []result{{lines: []int{2}, form: order + "&Sku=x&Amount=5"}},
		},
		"numbered columns, some of them empty": {
			file: "ActionTrackerId,OrderId,Sku1,Quantity1,Sku2,Quantity2,Reason\n2240,A,x,1,y,0,ORDER_UPDATE\n2240,A,x,1,,,ORDER_UPDATE\n",
			want: []result{
				{lines: []int{2}, form: order + "&Sku1=x&Quantity1=1&Sku2=y&Quantity2=0"},
				{lines: []int{3}, form: order + "&Sku1=x&Quantity1=1"},
			},
		},
		"rows of one order are modifications of their own": {
			file: "ActionTrackerId,OrderId,Sku,Quantity,Reason\n2240,A,x,1,ORDER_UPDATE\n2240,A,y,0,ORDER_UPDATE\n",
			want: []result{
				{lines: []int{2}, form: order + "&Sku=x&Quantity=1"},
				{lines: []int{3}, form: order + "&Sku=y&Quantity=0"},
			},
		},
		"a row whose Sku is empty does not hit the whole order": {
			file: "ActionTrackerId,OrderId,Sku,Amount,Reason\n2240,A,,0,ORDER_UPDATE\n",
			want: []result{{lines: []int{2}, fault: &store.RowFault{
				EventType: 2240, Order: "A", Code: ledger.CodeMalformed, Message: "Sku: Must not be empty",
			}}},
		},
		"a list of orders to reverse": {
			kind: ledger.KindReversal,
			file: "ActionId,DispositionCode\n1.2.3,CONS_FRAUD\n",
			want: []result{{lines: []int{2}, form: "ActionId=1.2.3&DispositionCode=CONS_FRAUD"}},
		},
		"orders whose rows are apart are put together where they begin": {
			kind: ledger.KindConversion,
			file: header + "1000,2240,NOW,A,10,x,2,19.27\n1000,2240,NOW,B,10,z,,1\n1000,2240,NOW,A,10,y,1,2.72\n",
			want: []result{
				{lines: []int{2, 4}, form: sale + "A&ItemSku1=x&ItemQuantity1=2&ItemSubTotal1=19.27&ItemSku2=y&ItemQuantity2=1&ItemSubTotal2=2.72"},
				{lines: []int{3}, form: sale + "B&ItemSku=z&ItemSubTotal=1"},
			},
		},
		"rows with numbered items are numbered on": {
			kind: ledger.KindConversion,
			file: strings.ReplaceAll(header, "ItemQuantity", "ItemSku2") + "1000,2240,NOW,A,10,x,y,1\n1000,2240,NOW,A,10,z,,2\n",
			want: []result{{lines: []int{2, 3}, form: sale + "A&ItemSku1=x&ItemSku2=y&ItemSubTotal1=1&ItemSku3=z&ItemSubTotal3=2"}},
		},
		"older spellings, with the Amount of each line": {
			kind: ledger.KindConversion,
			file: "CampaignId,EventTypeId,EventDate,OrderId,MediaPartnerId,Sku,Amount\n1000,2240,NOW,A,10,x,1\n1000,2240,NOW,A,10,y,2\n",
			want: []result{{lines: []int{2, 3}, form: sale + "A&Sku1=x&Amount1=1&Sku2=y&Amount2=2"}},
		},
		"one order id under two campaigns is two orders": {
			kind: ledger.KindConversion,
			file: header + "1000,2240,NOW,A,10,x,1,1\n1001,2240,NOW,A,10,x,1,1\n",
			want: []result{
				{lines: []int{2}, form: sale + "A&ItemSku=x&ItemQuantity=1&ItemSubTotal=1"},
				{lines: []int{3}, form: strings.Replace(sale, "1000", "1001", 1) + "A&ItemSku=x&ItemQuantity=1&ItemSubTotal=1"},
			},
		},
		"orders that ask for an id stay apart": {
			kind: ledger.KindConversion,
			file: header + "1000,2240,NOW,IR_AN_64_TS,10,x,1,1\n1000,2240,NOW,IR_AN_64_TS,10,y,1,1\n",
			want: []result{
				{lines: []int{2}, form: sale + "IR_AN_64_TS&ItemSku=x&ItemQuantity=1&ItemSubTotal=1"},
				{lines: []int{3}, form: sale + "IR_AN_64_TS&ItemSku=y&ItemQuantity=1&ItemSubTotal=1"},
			},
		},
		"rows of an order that contradict each other": {
			kind: ledger.KindConversion,
			file: header + "1000,2240,NOW,A,10,x,1,1\n1000,2240,NOW,A,11,y,1,1\n",
			want: []result{{lines: []int{2, 3}, fault: &store.RowFault{
				Campaign: 1000, EventType: 2240, Partner: 10, Order: "A", Code: ledger.CodeMalformed,
				Message: "MediaPartnerId: Given twice with different values",
			}}},
		},
		"the codes of what a conversion lacks": {
			kind: ledger.KindConversion,
			file: header + "1000,2240,NOW,,10,x,1,1\n1000,2240,NOW,B,10,,,\n1000,2240,2999-01-01,C,10,x,1,1\n1000,2240,NOW,D,x,x,1,1\n",
			want: []result{
				{lines: []int{2}, fault: &store.RowFault{
					Campaign: 1000, EventType: 2240, Partner: 10, SKU: "x", Code: ledger.CodeOrderMissing, Message: "OrderId: Required",
				}},
				{lines: []int{3}, fault: &store.RowFault{
					Campaign: 1000, EventType: 2240, Partner: 10, Order: "B", Code: ledger.CodeNoItem,
					Message: "ItemSku: Send the order's items, or its Amount.",
				}},
				{lines: []int{4}, fault: &store.RowFault{
					Campaign: 1000, EventType: 2240, Partner: 10, Order: "C", SKU: "x", Code: ledger.CodeMalformed,
					Message: "EventDate: Must not be in the future.",
				}},
				{lines: []int{5}, fault: &store.RowFault{
					Campaign: 1000, EventType: 2240, Order: "D", SKU: "x", Code: ledger.CodeMalformed,
					Message: "MediaPartnerId: Not a whole number from 1, of at most 16 digits",
				}},
			},
		},
		"XML, whose lines are its rows": {
			file: "<?xml version=\"1.0\"?>\n<Returns><R><ActionTrackerId>2240</ActionTrackerId><Oid>A</Oid><Sku>a&amp;b</Sku>" +
				"<Quantity>1</Quantity><Reason>ORDER_UPDATE</Reason></R><R><Oid/></R><R><ActionTrackerId>2240</ActionTrackerId>" +
				"<Oid>A</Oid><Sku>y</Sku><Category> c</Category><Reason>ORDER_UPDATE</Reason></R></Returns>",
			want: []result{
				{lines: []int{1}, form: order + "&Sku=a%26b&Quantity=1"},
				{lines: []int{3}, form: order + "&Sku=y&Category=+c"},
			},
		},
		"rows that cannot be read stop nobody": {
			file: "ActionTrackerId,OrderId,Sku,Quantity,Reason\n2240,A,a\"b,1,ORDER_UPDATE\n2240,A,x,1,ORDER_UPDATE,more\n" +
				"2240,A,\xff,1,ORDER_UPDATE\n2240,A,x,1,ORDER_UPDATE\n2240,A,\"x,1",
			want: []result{
				{lines: []int{2}, fault: wrong("A quote stands where none may, or is not closed: put quotes around the whole cell and double those inside")},
				{lines: []int{3}, fault: wrong("The row has more cells than there are columns: put quotes around a cell with a comma in it")},
				{lines: []int{4}, fault: &store.RowFault{EventType: 2240, Order: "A", Code: ledger.CodeMalformed, Message: "Sku: Not valid UTF-8"}},
				{lines: []int{5}, form: order + "&Sku=x&Quantity=1"},
				{lines: []int{6}, fault: wrong("A quote stands where none may, or is not closed: put quotes around the whole cell and double those inside")},
			},
		},
		"a row cannot ask to be shown only": {
			file: "ActionId,Amount,Reason,DryRun\n1.2.3,5,OTHER,true\n",
			want: []result{{lines: []int{2}, fault: &store.RowFault{
				Campaign: 1, EventType: 2, Code: ledger.CodeMalformed, Message: "DryRun: Not served: leave it out to have the request carried out",
			}}},
		},
	} {
		t.Run(says, func(t *testing.T) { holdFile(t, c.file, cmp.Or(c.kind, ledger.KindModification), c.want) })
	}
}

func holdFile(t *testing.T, file string, kind ledger.Kind, want []result) {
	t.Helper()
	f, err := Parse([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	if f.Kind != kind || len(f.entries) != len(want) {
		t.Fatalf("%s with %d entries, want %s with %d", f.Kind, len(f.entries), kind, len(want))
	}
	for i, w := range want {
		got := f.entry(i, shop, env)
		lines := []int{}
		for _, row := range got.Rows {
			lines = append(lines, row.Line)
		}
		if diff := gocmp.Diff(w.lines, lines); diff != "" {
			t.Errorf("lines of entry %d (-want +got):\n%s", i, diff)
		}
		if diff := gocmp.Diff(w.fault, got.Fault); diff != "" {
			t.Errorf("fault of entry %d (-want +got):\n%s", i, diff)
		}
		if w.form == "" {
			continue
		}
		p, err := wire.ParseParams(w.form, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		same, err := f.decode(p, shop, env)
		if diff := gocmp.Diff(same, got.Submission.Command); diff != "" || err != nil {
			t.Errorf("command of entry %d: %v (-form +file):\n%s", i, err, diff)
		}
	}
}

func TestAFileThatSaysNothingIsRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	for says, c := range map[string]struct{ file, says string }{
		"nothing":               {"", "first line must name the columns"},
		"a header alone":        {"ActionId,Amount,Reason\n", "no rows"},
		"rows without a header": {"1.2.3,5,OTHER\n1.2.4,5,OTHER\n", "do not say which actions"},
		"no action":             {"OrderId,Sku,Quantity\na,b,1\n", "do not say which actions"},
		"no change":             {"ActionId,Note\n1.2.3,n\n", "do not say what changes"},
		"UTF-16":                {"\xff\xfea\x00", "UTF-8"},
		"a broken header":       {"Action\"Id,Amount\n1,2\n", "first line must name the columns"},
		"a name that is long":   {strings.Repeat("x", 65) + "\n1\n", "64 bytes"},
		"too many columns":      {strings.Repeat("a,", MaxColumns+1) + "\n1\n", "2,000 columns"},
		"too many rows":         {"ActionId,Reason\n" + strings.Repeat("a,b\n", MaxRows+1), "100,000 rows"},
		"XML that ends early":   {"<a><b><ActionId>1", "not well-formed"},
		"XML with endless rows": {"<a><b>" + strings.Repeat("<ActionId>1</ActionId>", MaxColumns+1) + "</b></a>", "2,000 cells"},
		"XML nested too deep":   {"<a><b><c><d/></c></b></a>", "nested too deep"},
		"XML with an entity":    {"<!DOCTYPE a [<!ENTITY e 'x'>]><a><b><ActionId>&e;</ActionId></b></a>", "not well-formed"},
	} {
		t.Run(says, func(t *testing.T) {
			_, err := Parse([]byte(c.file))
			unusable, is := err.(store.UnusableFile)
			if !is || !strings.Contains(string(unusable), c.says) {
				t.Errorf("error is %v, want one with %q", err, c.says)
			}
		})
	}
}

func TestAnAddressIsKeptHashed(t *testing.T) {
	t.Parallel()
	f, err := Parse([]byte("CampaignId,EventTypeId,EventDate,OrderId,MediaPartnerId,Amount,IpAddress\n1000,2240,NOW,A,10,1,192.0.2.7\n"))
	if err != nil {
		t.Fatal(err)
	}
	s := f.entry(0, shop, env).Submission
	if c := s.Command.(ledger.Conversion); c.IPHash != "hash-of-192.0.2.7" || strings.Contains(s.Payload, "=192") {
		t.Errorf("hash %q, payload %q", c.IPHash, s.Payload)
	}
}

// FuzzParse reads anything: every row is in one entry, and every entry is a command
// or a fault with a code and a message.
func FuzzParse(f *testing.F) {
	f.Add([]byte("ActionTrackerId;Oid;Sku;Quantity;Reason\n2240;A;x;1;ORDER_UPDATE\n\"a"))
	f.Add([]byte("CampaignId,EventTypeId,EventDate,OrderId,MediaPartnerId,ItemSku,ItemSku2\n1,2,NOW,A,3,x,y\n1,2,NOW,A,3,z,\n"))
	f.Add([]byte("<a><b><ActionId>1.2.3</ActionId><Amount>0</Amount><Reason>OTHER</Reason></b></a>"))
	f.Add([]byte("ActionId,DispositionCode\n1.2.3,\xff\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		file, err := Parse(content)
		if err != nil {
			if _, is := err.(store.UnusableFile); !is {
				t.Fatalf("error is %v", err)
			}
			return
		}
		lines := make(map[int]bool)
		for i := range file.entries {
			e := file.entry(i, shop, env)
			for _, row := range e.Rows {
				if lines[row.Line] {
					t.Fatalf("line %d is there twice", row.Line)
				}
				lines[row.Line] = true
			}
			if e.Fault != nil && (e.Fault.Code == "" || e.Fault.Message == "") || e.Fault == nil && e.Submission.Command == nil {
				t.Fatalf("entry %d: %+v", i, e)
			}
		}
		if len(lines) != file.Records {
			t.Fatalf("%d lines of %d records", len(lines), file.Records)
		}
	})
}
