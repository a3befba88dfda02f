package bankfile

import (
	"slices"
	"strings"
	"unicode"
)

// role is what a column holds.
type role int

const (
	roleDate role = iota
	roleAmount
	// roleIncoming is a column for incoming money beside one for outgoing money.
	roleIncoming
	roleCurrency
	roleInvoice
	// roleReference is a text that may name an invoice. A file can have several.
	roleReference
	roles
)

// headings are the headings of columns without blanks, marks and capital letters. If a file has
// several for a role, the first one in the list holds it.
var headings = [roles][]string{
	roleDate: {
		"paymentdate", "bookingdate", "bookeddate", "transactiondate", "completeddate", "dateofpayment", "date", "posteddate", "valuedate",
		"buchungstag", "buchungsdatum", "datum", "valutadatum", "valuta", "wertstellung", "boekingsdatum", "datedoperation", "fecha", "data",
	},
	roleAmount: {
		"paymentamount", "transactionamount", "amountpaid", "amount", "debitamount", "debit", "paidout", "moneyout", "withdrawals", "withdrawal",
		"betrag", "umsatz", "soll", "bedrag", "montant", "importe", "importo", "belopp",
	},
	roleIncoming: {"creditamount", "credit", "paidin", "moneyin", "deposits", "deposit", "haben"},
	roleCurrency: {"paymentcurrency", "currencycode", "currency", "ccy", "währung", "waehrung", "devise", "munt", "moneda", "divisa"},
	roleInvoice: {
		"invoiceid", "invoicenumber", "invoiceno", "invoice", "rechnungsnummer", "rechnungsnr", "rechnung", "factuurnummer", "factuur", "facture",
		"factura", "fattura",
	},
	roleReference: {
		"reference", "paymentreference", "transactionreference", "description", "details", "paymentdetails", "memo", "narrative", "notes", "note",
		"remittanceinformation", "purpose", "text", "message", "verwendungszweck", "buchungstext", "omschrijving", "mededelingen", "libellé",
		"libelle", "concepto", "causale", "descrizione",
	},
}

// columns are the positions of the columns by role.
type columns [roles][]int

// newColumns returns the columns of headings.
func newColumns(cells []string) (c columns) {
	names := make([]string, len(cells))
	for i, cell := range cells {
		names[i] = strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, cell)
	}
	for r, known := range headings {
		for _, name := range known {
			if i := slices.Index(names, name); i >= 0 {
				c[r] = append(c[r], i)
			}
		}
	}
	slices.Sort(c[roleReference])
	return c
}

func (c columns) has(r role) bool { return len(c[r]) > 0 }

// complete reports whether the columns are enough to find the invoice of a transfer.
func (c columns) complete() bool {
	return c.has(roleDate) && c.has(roleAmount) && (c.has(roleInvoice) || c.has(roleReference))
}

// row returns the cells of a row by role.
func (c columns) row(cells []string, line int) row {
	first := func(r role) string {
		if !c.has(r) || c[r][0] >= len(cells) {
			return ""
		}
		return cells[c[r][0]]
	}
	var details []string
	for _, i := range c[roleReference] {
		if i < len(cells) && cells[i] != "" {
			details = append(details, cells[i])
		}
	}
	return row{
		line: line, date: first(roleDate), amount: first(roleAmount), incoming: first(roleIncoming), currency: first(roleCurrency),
		id: first(roleInvoice), details: strings.Join(details, " "),
	}
}
