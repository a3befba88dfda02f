package bankfile_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/bankfile"
	"github.com/trueup-ledger/trueup/internal/spreadsheet/dialect"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

func id(partner, number int64) invoice.ID { return invoice.ID{Partner: partner, Number: number} }

func amount(t *testing.T, s string) money.Decimal {
	t.Helper()
	d, err := money.ParseDecimal(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// describe returns a line for each transfer.
func describe(transfers []bankfile.Transfer) (lines []string) {
	for _, t := range transfers {
		line := fmt.Sprintf("%d %v %s %s%s %q", t.Line, t.Invoices, t.Date, t.Amount, t.Currency, t.Reference)
		if t.Problem != "" {
			line += ": " + t.Problem
		}
		lines = append(lines, line)
	}
	return lines
}

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		content string
		options bankfile.Options
		want    []string
	}{
		"a list of payments": {
			content: "\ufeffInvoice,Date,Amount,Currency,Reference\r\n10001-7,2026-12-21,\"1,234.50\",usd,T1\r\n\r\n10002-1,2026-12-22,19.27,USD,\r\n",
			want:    []string{`2 [10001-7] 2026-12-21 1234.5USD "T1"`, `4 [10002-1] 2026-12-22 19.27USD ""`},
		},
		"a bank statement with semicolons and decimal commas": {
			content: "Kontoauszug\nKonto;DE00\n\nBuchungstag;Valuta;Verwendungszweck;Betrag;Währung\n21.12.2026;22.12.26;Payment 10001-7 thanks;-1.234,50;EUR\n22.12.26;22.12.26;Gebühr;-5,00;EUR\n23.12.2026;;Gutschrift INV-10002-1;19,27;EUR\n",
			want: []string{
				`5 [10001-7] 2026-12-21 1234.5EUR "Payment 10001-7 thanks"`, `6 [] 2026-12-22 5EUR "Gebühr"`,
				`7 [10002-1] 2026-12-23 -19.27EUR "Gutschrift INV-10002-1"`,
			},
		},
		"amounts of many digits": {
			content: "Date,Amount,Invoice\n2026-12-21,123456789012345.67,10-1\n2026-12-21,1234567890123456.78,10-2\n",
			want: []string{
				`2 [10-1] 2026-12-21 123456789012345.67 ""`,
				`3 [10-2] 2026-12-21 0 "": The amount "1234567890123456.78" has too many digits for a file: record the payment by hand`,
			},
		},
		"columns for both directions": {
			content: "Date\tDescription\tPaid Out\tPaid In\n2026-12-21 10:11:12\tPayment 10001-7\t12.00\t\n2026-12-21T10:11:12Z\t10001-7 returned\t\t12.00\n",
			want:    []string{`2 [10001-7] 2026-12-21 12 "Payment 10001-7"`, `3 [10001-7] 2026-12-21 -12 "10001-7 returned"`},
		},
		"a debit column with amounts below zero": {
			content: "Date,Description,Debit,Credit\n2026-12-21,10001-7,-12.00,\n2026-12-21,10001-7,,12.00\n",
			want:    []string{`2 [10001-7] 2026-12-21 12 "10001-7"`, `3 [10001-7] 2026-12-21 -12 "10001-7"`},
		},
		"a debit column with 0 in rows of incoming money": {
			content: "Date,Description,Debit,Credit\n2026-12-21,10001-7,0.00,12.00\n2026-12-21,10001-8,12.00,0.00\n",
			want:    []string{`2 [10001-7] 2026-12-21 -12 "10001-7"`, `3 [10001-8] 2026-12-21 12 "10001-8"`},
		},
		"several texts": {
			content: "Description,Amount,Booking Date,Value Date,Reference,Transaction-Reference\nOutgoing,7,2026-12-21,2026-12-23,10001-7,X\n",
			want:    []string{`2 [10001-7] 2026-12-21 7 "Outgoing 10001-7 X"`},
		},
		"the day comes first": {
			content: "date,amount,invoice\n03/12/2026,1,1-1\n13/12/2026,1,1-2\n",
			want:    []string{`2 [1-1] 2026-12-03 1 ""`, `3 [1-2] 2026-12-13 1 ""`},
		},
		"the month comes first": {
			content: "date,amount,invoice\n12/03/2026,1,1-1\n12/13/26,1,1-2\n",
			want:    []string{`2 [1-1] 2026-12-03 1 ""`, `3 [1-2] 2026-12-13 1 ""`},
		},
		"an order of dates that is not certain": {
			content: "date,amount,invoice\n03/12/2026,1,1-1\n12/12/2026,1,1-2\n",
			want: []string{
				`2 [1-1]  1 "": The date "03/12/2026" may begin with the day or with the month: say which one, or write 2026-12-31`,
				`3 [1-2] 2026-12-12 1 ""`,
			},
		},
		"a given order of dates": {
			content: "date,amount,invoice\n03/12/2026,1,1-1\n",
			options: bankfile.Options{Dates: bankfile.MonthFirst},
			want:    []string{`2 [1-1] 2026-03-12 1 ""`},
		},
		"an amount that is not certain": {
			content: "date,amount,invoice\n2026-12-03,1.500,1-1\n",
			want:    []string{`2 [1-1] 2026-12-03 0 "": The amount "1.500" may have a decimal comma or a decimal point: say which one the file has`},
		},
		"a given decimal separator": {
			content: "date;amount;invoice\n2026-12-03;1.500;1-1\n2026-12-03;1.50;1-2\n",
			options: bankfile.Options{Decimal: ","},
			want: []string{
				`2 [1-1] 2026-12-03 1500 ""`,
				`3 [1-2] 2026-12-03 0 "": The amount "1.50" contradicts the decimal separator "," of the file`,
			},
		},
		"amounts in many forms": {
			content: "date;amount;invoice\n2026-12-03;1 234,50;1-1\n2026-12-03;1'234,50;1-2\n2026-12-03;+7,5;1-3\n",
			want:    []string{`2 [1-1] 2026-12-03 1234.5 ""`, `3 [1-2] 2026-12-03 1234.5 ""`, `4 [1-3] 2026-12-03 7.5 ""`},
		},
		"amounts below zero in many forms": {
			content: "date;amount;invoice\n2026-12-03;12,50-;1-1\n2026-12-03;(12,50);1-2\n2026-12-03;−12,50;1-3\n",
			want:    []string{`2 [1-1] 2026-12-03 12.5 ""`, `3 [1-2] 2026-12-03 12.5 ""`, `4 [1-3] 2026-12-03 12.5 ""`},
		},
		"UTF-16 with vertical bars": {
			content: string(dialect.UTF16LE.Append(nil, "Datum|Betrag|Währung|Text\n2026-12-03|1,00|EUR|für 1-1\n")),
			want:    []string{`2 [1-1] 2026-12-03 1EUR "für 1-1"`},
		},
		"Latin-1": {
			content: "Datum;Betrag;W\xe4hrung;Text\n2026-12-03;1,00;EUR;f\xfcr 1-1\n",
			want:    []string{`2 [1-1] 2026-12-03 1EUR "für 1-1"`},
		},
		"values that can't be read": {
			content: "date,amount,currency,invoice\n31.02.2026,1,EUR,1-1\nsoon,1,EUR,1-1\n2026-12-03,x,EUR,1-1\n2026-12-03,0.00,EUR,1-1\n2026-12-03,,EUR,1-1\n2026-12-03,1,XXY,1-1\n2026-12-03\n",
			want: []string{
				`2 [1-1]  1EUR "": The date "31.02.2026" is not a date, such as 2026-12-31`,
				`3 [1-1]  1EUR "": The date "soon" is not a date, such as 2026-12-31`,
				`4 [1-1] 2026-12-03 0EUR "": The amount "x" is not a number, such as 1234.50`,
				`5 [1-1] 2026-12-03 0EUR "": The amount is 0`,
				`6 [1-1] 2026-12-03 0EUR "": The amount "" is not a number, such as 1234.50`,
				`7 [1-1] 2026-12-03 1 "": The currency "XXY" is not an ISO 4217 code, such as USD`,
				`8 [] 2026-12-03 0 "": The amount "" is not a number, such as 1234.50`,
			},
		},
		"a row with too many cells": {
			content: "date,invoice,amount\n2026-12-03,1-1,12,50\n2026-12-03,1-2,12,\n",
			want: []string{
				`2 [1-1]  0 "": The row has more cells than there are headings: put quotes around a cell with a separator in it`,
				`3 [1-2] 2026-12-03 12 ""`,
			},
		},
		"ids inside of texts": {
			content: "date,amount,reference\n" + strings.Join([]string{
				"2026-12-03,1,1-1. thanks", "2026-12-03,1,(1-1/1-2)", "2026-12-03,1,paid 2026-12-21", "2026-12-03,1,1-1-1", "2026-12-03,1,01-1",
				"2026-12-03,1,Rechnung RG1–1", "2026-12-03,1,call 555-1234 about 1-1 and 1-1", "2026-12-03,1,4.1-1",
			}, "\n"),
			want: []string{
				`2 [1-1] 2026-12-03 1 "1-1. thanks"`, `3 [1-1 1-2] 2026-12-03 1 "(1-1/1-2)"`, `4 [] 2026-12-03 1 "paid 2026-12-21"`,
				`5 [] 2026-12-03 1 "1-1-1"`, `6 [] 2026-12-03 1 "01-1"`, `7 [1-1] 2026-12-03 1 "Rechnung RG1–1"`,
				`8 [555-1234 1-1] 2026-12-03 1 "call 555-1234 about 1-1 and 1-1"`, `9 [] 2026-12-03 1 "4.1-1"`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := bankfile.Parse([]byte(c.content), c.options)
			if diff := cmp.Diff(c.want, describe(got)); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestUnusableFilesAreErrors(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"an empty file":         {"", "line 1: No headings"},
		"a cut workbook":        {"PK\x03\x04\x14\x00", "line 1: The file is damaged or incomplete: create the archive or workbook again"},
		"an old workbook":       {"\xd0\xcf\x11\xe0\xa1\xb1", "line 1: The file is a workbook of Excel 97 to 2003: save it as .xlsx or CSV"},
		"no headings":           {"2026-12-03,1,1-1\n", "line 1: No headings"},
		"no column of invoices": {"date,amount\n2026-12-03,1\n", "line 1: No headings"},
		"no column of dates":    {"amount,invoice\n1,1-1\n", "line 1: No headings"},
		"no rows":               {"date,amount,invoice\n\n,,\n", "line 1: The file has no rows"},
		"too many rows":         {"date,amount,invoice\n" + strings.Repeat("2026-12-03,1,1-1\n", bankfile.MaxRows+1), "line 10002: The file has over 10000 rows: split it"},
		"an open quote":         {"date,amount,invoice\n2026-12-03,1,\"1-1\n", "line 2: Is not a row"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := bankfile.Parse([]byte(c.content), bankfile.Options{})
			if !strings.Contains(fmt.Sprint(err), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestWorkbookHasNoDecimalComma(t *testing.T) {
	book := workbook(t, `<row r="1"><c t="str"><v>date</v></c><c t="str"><v>amount</v></c><c t="str"><v>invoice</v></c></row>`+
		`<row r="2"><c t="str"><v>2026-12-03</v></c><c><v>1.234</v></c><c t="str"><v>1-1</v></c></row>`)
	for decimal, refused := range map[string]bool{"": false, ".": false, ",": true} {
		got, err := bankfile.Parse(book, bankfile.Options{Decimal: decimal})
		if refused != (err != nil && strings.Contains(err.Error(), "have a decimal point")) || !refused && got[0].Amount != amount(t, "1.234") {
			t.Errorf("%q: %v, %v", decimal, got, err)
		}
	}
}

// workbook returns a workbook with rows of the sheet.
func workbook(t *testing.T, rows string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Target="s.xml"/></Relationships>`,
		"xl/s.xml":                   "<worksheet><sheetData>" + rows + "</sheetData></worksheet>",
	} {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("Invoice,Date,Amount,Currency,Reference\n10001-7,2026-12-21,\"1,234.50\",USD,T1\n"), "", "")
	f.Add([]byte("Datum;Betrag;W\xe4hrung;Text\n03.12.26;-1.000,00;EUR;f\xfcr 1-1\n04/05/2026;1.500;EUR;2-1\n"), ",", "DMY")
	f.Add([]byte("Date\tDescription\tPaid Out\tPaid In\n12/13/26\tPayment 10001-7\t12.00-\t\n"), ".", "MDY")
	f.Fuzz(func(t *testing.T, content []byte, decimal, dates string) {
		transfers, err := bankfile.Parse(content, bankfile.Options{Decimal: decimal, Dates: bankfile.DateOrder(dates)})
		if (err == nil) != (len(transfers) > 0) {
			t.Errorf("%v, %d transfers", err, len(transfers))
		}
		invoices := make(map[invoice.ID]invoice.Record)
		for i, transfer := range transfers {
			if transfer.Line <= i || len([]rune(transfer.Reference)) > invoice.MaxReference || transfer.Problem == "" && (transfer.Amount == 0 || transfer.Date == "") {
				t.Errorf("%+v", transfer)
			}
			for _, v := range transfer.Invoices {
				invoices[v] = invoice.Record{Invoice: invoice.Invoice{ID: v, Currency: "EUR", Totals: invoice.Totals{Total: money.Amount(transfer.Amount / 100)}}}
			}
		}
		paid := make(map[invoice.ID]bool)
		for _, r := range bankfile.Match(transfers, invoices, time.UTC, "2999-12-31") {
			if r.Status.IsProblem() != (r.Message != "") {
				t.Errorf("%+v", r)
			}
			if r.Status == bankfile.Matched {
				if paid[r.Invoice.ID] || r.Invoice.Currency.Compare(r.Invoice.Total, r.Amount) != 0 {
					t.Errorf("invoice %s is paid twice, or by another amount: %+v", r.Invoice.ID, r)
				}
				paid[r.Invoice.ID] = true
			}
		}
	})
}

func TestMatch(t *testing.T) {
	created := time.Date(2026, 12, 1, 5, 0, 0, 0, time.UTC) // midnight in New York
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	invoices := make(map[invoice.ID]invoice.Record)
	for number := range int64(5) {
		invoices[id(10, number+1)] = invoice.Record{Invoice: invoice.Invoice{
			ID: id(10, number+1), Currency: "USD", Created: created, Totals: invoice.Totals{Total: 1200},
		}}
	}
	paid := invoices[id(10, 5)]
	paid.Payment = &invoice.Payment{Invoice: paid.ID, Date: program.Midnight(2026, 12, 20, zone), Reference: "T5"}
	invoices[paid.ID] = paid
	transfer := func(line int, v invoice.ID, change func(*bankfile.Transfer)) bankfile.Transfer {
		x := bankfile.Transfer{Line: line, Invoices: []invoice.ID{v}, Date: "2026-12-20", Amount: amount(t, "12"), Currency: "USD", Reference: "T5"}
		if change != nil {
			change(&x)
		}
		return x
	}
	for name, c := range map[string]struct {
		transfers []bankfile.Transfer
		want      []string
	}{
		"a transfer matches by id and amount": {
			[]bankfile.Transfer{transfer(2, id(10, 1), nil), transfer(3, id(10, 2), func(x *bankfile.Transfer) { x.Currency = "" })},
			[]string{"MATCHED ", "MATCHED "},
		},
		"of several ids the one that exists counts": {
			[]bankfile.Transfer{transfer(2, id(10, 1), func(x *bankfile.Transfer) { x.Invoices = []invoice.ID{id(555, 1234), id(10, 1)} })},
			[]string{"MATCHED "},
		},
		"no id": {
			[]bankfile.Transfer{transfer(2, id(10, 1), func(x *bankfile.Transfer) { x.Invoices = nil })},
			[]string{"UNMATCHED Names no invoice: write its id, such as 10001-7, into the reference, or remove the row"},
		},
		"an id that doesn't exist": {
			[]bankfile.Transfer{transfer(2, id(10, 99), nil)}, []string{"UNMATCHED There is no invoice 10-99: correct its id, or remove the row"},
		},
		"two invoices": {
			[]bankfile.Transfer{transfer(2, id(10, 1), func(x *bankfile.Transfer) { x.Invoices = []invoice.ID{id(10, 1), id(10, 2)} })},
			[]string{"UNMATCHED Names invoices 10-1 and 10-2: a row pays one invoice; split it"},
		},
		"another amount": {
			[]bankfile.Transfer{transfer(2, id(10, 1), func(x *bankfile.Transfer) { x.Amount = amount(t, "11.999") })},
			[]string{"MISMATCHED The amount is 11.999, and that of invoice 10-1 is 12.00: correct the row, or clear up the difference with the partner"},
		},
		"another currency": {
			[]bankfile.Transfer{transfer(2, id(10, 1), func(x *bankfile.Transfer) { x.Currency = "EUR" })},
			[]string{"MISMATCHED The currency is EUR, and that of invoice 10-1 is USD: record a payment in another currency by hand"},
		},
		"incoming money": {
			[]bankfile.Transfer{transfer(2, id(10, 1), func(x *bankfile.Transfer) { x.Amount = -x.Amount })},
			[]string{"MISMATCHED Is incoming money of 12.00: if the transfer came back, clear that up with the partner; then remove the row"},
		},
		"a date in the future": {
			[]bankfile.Transfer{transfer(2, id(10, 1), func(x *bankfile.Transfer) { x.Date = "2026-12-22" })},
			[]string{"MISMATCHED The date 2026-12-22 is in the future: correct it"},
		},
		"a date before the invoice": {
			[]bankfile.Transfer{
				transfer(2, id(10, 1), func(x *bankfile.Transfer) { x.Date = "2026-11-30" }),
				transfer(3, id(10, 2), func(x *bankfile.Transfer) { x.Date = "2026-12-01" }),
			},
			[]string{"MISMATCHED The date 2026-11-30 is before that of invoice 10-1, 2026-12-01: correct it, or say whether dates begin with the day or the month", "MATCHED "},
		},
		"two rows for an invoice": {
			[]bankfile.Transfer{transfer(2, id(10, 1), nil), transfer(3, id(10, 2), nil), transfer(7, id(10, 1), nil)},
			[]string{
				"DUPLICATE Lines 2 and 7 name invoice 10-1, which one transfer pays: keep one of them", "MATCHED ",
				"DUPLICATE Lines 2 and 7 name invoice 10-1, which one transfer pays: keep one of them",
			},
		},
		"the same payment again": {[]bankfile.Transfer{transfer(2, id(10, 5), nil)}, []string{"RECORDED "}},
		"the same payment twice": {
			[]bankfile.Transfer{transfer(2, id(10, 5), nil), transfer(3, id(10, 5), nil)},
			[]string{"RECORDED ", `ALREADY_PAID Invoice 10-5 was paid on 2026-12-20 with the reference "T5": remove the row if it is the same payment, or else ask the partner to pay it back`},
		},
		"another payment of a paid invoice": {
			[]bankfile.Transfer{transfer(2, id(10, 5), func(x *bankfile.Transfer) { x.Date = "2026-12-21" })},
			[]string{`ALREADY_PAID Invoice 10-5 was paid on 2026-12-20 with the reference "T5": remove the row if it is the same payment, or else ask the partner to pay it back`},
		},
		"a row that can't be read": {
			[]bankfile.Transfer{transfer(2, id(10, 1), func(x *bankfile.Transfer) { x.Problem = "The amount is 0" })}, []string{"INVALID The amount is 0"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, r := range bankfile.Match(c.transfers, invoices, zone, "2026-12-21") {
				got = append(got, string(r.Status)+" "+r.Message)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAFileOfSeparatorsIsRefusedBeforeItIsRead(t *testing.T) {
	const heading = "date;reference;amount\n"
	for name, c := range map[string]struct {
		content string
		refused bool
	}{
		"too many cells":            {heading + strings.Repeat(";", 500_001), true},
		"as many as there can be":   {heading + "2026-12-21;10001-7;5.00\n" + strings.Repeat(";", 499_996), false},
		"commas that separate none": {heading + "2026-12-21;10001-7" + strings.Repeat(",", 500_001) + ";5.00\n", false},
	} {
		_, err := bankfile.Parse([]byte(c.content), bankfile.Options{})
		if refused := err != nil && strings.Contains(err.Error(), "over 500000 cells"); refused != c.refused || err != nil && !refused {
			t.Errorf("%s: %v", name, err)
		}
	}
}
