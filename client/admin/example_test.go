package admin_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/trueup-ledger/trueup/client/admin"
)

// The examples read the URL and the credentials from TRUEUP_ADMIN_URL, TRUEUP_ADMIN_SID and
// TRUEUP_ADMIN_TOKEN.

func ExampleClient_CreateToken() {
	c, err := admin.New(admin.Options{})
	if err != nil {
		log.Fatal(err)
	}
	token, err := c.CreateToken(context.Background(), admin.NewToken{Account: 1, Name: "returns desk", Limit: 1000}, admin.WriteOptions{
		Reason: "for the returns desk",
	})
	if err != nil {
		log.Fatal(err)
	}
	// token.SID and token.Secret are the credentials. The secret can't be read again.
	fmt.Println(token.Name, "may send", token.Limit, "requests per hour")
	// Output: returns desk may send 1000 requests per hour
}

// Issuing invoices and recording their payments takes a few calls. A server issues the invoices
// that are due by itself, too.
func ExampleClient_IssueInvoices() {
	ctx := context.Background()
	c, err := admin.New(admin.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for more := true; more; {
		issued, err := c.IssueInvoices(ctx, 1)
		if err != nil {
			log.Fatal(err)
		}
		more = issued.More
	}
	for invoice, err := range c.Invoices(ctx, 1, admin.InvoiceFilter{}) {
		if err != nil {
			log.Fatal(err)
		}
		if invoice.Status == "PAID" {
			continue
		}
		paid, err := c.RecordPayment(ctx, 1, invoice.ID, admin.Payment{
			Date: invoice.Created, Reference: "transfer 4711", Amount: &invoice.Total, Currency: invoice.Currency,
		}, admin.WriteOptions{Reason: "statement of the bank"})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(paid.Status, "by", paid.Payment.Reference)
		break // the newest one
	}
	// Output: PAID by transfer 4711
}

func ExampleClient_ImportRates() {
	c, err := admin.New(admin.Options{})
	if err != nil {
		log.Fatal(err)
	}
	file, err := os.ReadFile("testdata/rates.csv")
	if err != nil {
		log.Fatal(err)
	}
	imported, err := c.ImportRates(context.Background(), 1, admin.RateFile{Content: string(file)}, admin.WriteOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(imported.Rates, "rates,", imported.New, "new")
	fmt.Println("on", imported.Last.Date, "1", imported.Last.Base, "is", imported.Last.Rate, imported.Last.Currency)
	// Output:
	// 4 rates, 4 new
	// on 2019-11-05 1 EUR is 121.18 JPY
}
