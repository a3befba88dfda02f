package template

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/money"
)

// The values of macros for an invoice. docs/protocol.md, section 21, lists the macros.

func invoicedPartner(n Notification) encode.Field { return integer(n.Invoice.ID.Partner) }

func invoicedName(n Notification) encode.Field {
	return text(n.Reference.Partners[n.Invoice.ID.Partner].Name)
}
func invoiceEvent(n Notification) encode.Field { return text(string(n.Event)) }
func invoiceStatus(n Notification) encode.Field {
	return text(string(n.Invoice.Status(n.Invoice.Created)))
}
func invoiceTotal(n Notification) encode.Field    { return n.amount(n.Invoice.Total) }
func invoiceVAT(n Notification) encode.Field      { return n.amount(n.Invoice.VAT) }
func invoiceCurrency(n Notification) encode.Field { return text(string(n.Invoice.Currency)) }
func invoiceCreated(n Notification) encode.Field  { return timestamp(n.Invoice.Created) }
func invoiceDue(n Notification) encode.Field      { return timestamp(n.Invoice.Due) }
func invoiceID(n Notification) encode.Field       { return text(n.Invoice.ID.String()) }

func invoicePaid(n Notification) encode.Field {
	if n.Invoice.Payment == nil {
		return timestamp(time.Time{})
	}
	return timestamp(n.Invoice.Payment.Date)
}

func text(s string) encode.Field { return encode.Field{Text: s} }

func integer(n int64) encode.Field { return encode.Field{Kind: encode.IntegerField, Number: n} }

func timestamp(t time.Time) encode.Field {
	return encode.Field{Kind: encode.TimeField, Time: t, Absent: t.IsZero()}
}

func (n Notification) amount(a money.Amount) encode.Field {
	return encode.Field{Kind: encode.AmountField, Number: int64(a), Digits: n.Invoice.Currency.Digits()}
}
