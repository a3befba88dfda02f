package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/money"
)

// The examples read the URL and the credentials from TRUEUP_URL, TRUEUP_SID and TRUEUP_TOKEN.

func ExampleClient_Convert() {
	ctx := context.Background()
	c, err := client.New(client.Options{})
	if err != nil {
		log.Fatal(err)
	}
	write, err := c.Convert(ctx, client.Conversion{
		CampaignID: 1000, ActionTrackerID: 2240, OrderID: "ORDER-1", MediaPartnerID: 10001, Currency: "USD",
		Items: []client.ConversionItem{
			{SKU: "LANTERN", Quantity: 2, SubTotal: new(money.Amount(1927))},
			{SKU: "WICK", Quantity: 1, SubTotal: new(money.Amount(272))},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	submission, err := write.Wait(ctx)
	if err != nil {
		log.Fatal(err)
	}
	action, err := c.Action(ctx, submission.ActionID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("commission:", action.Currency.Format(action.Payout), action.Currency)
	// Output: commission: 0.88 USD
}

func ExampleClient_Modify() {
	ctx := context.Background()
	c, err := client.New(client.Options{})
	if err != nil {
		log.Fatal(err)
	}
	order(ctx, c, "RETURN-1")

	// One of two lanterns comes back.
	change := client.Modification{
		ActionTrackerID: 2240, OrderID: "RETURN-1",
		Items: []client.ItemChange{{SKU: "LANTERN", Quantity: new(1)}},
	}
	preview, err := c.DryRun(ctx, change)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("commission would change by", money.Currency("USD").Format(preview.DeltaPayout))

	write, err := c.Modify(ctx, change)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := write.Wait(ctx); err != nil {
		log.Fatal(err)
	}
	for action, err := range c.Actions(ctx, client.ActionFilter{OrderID: "RETURN-1"}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("commission:", action.Currency.Format(action.Payout))
	}
	// Output:
	// commission would change by -0.38
	// commission: 0.50
}

func ExampleClient_Reverse() {
	ctx := context.Background()
	c, err := client.New(client.Options{})
	if err != nil {
		log.Fatal(err)
	}
	order(ctx, c, "REVERSAL-1")
	for _, id := range []string{"REVERSAL-1", "REVERSAL-2"} {
		write, err := c.Reverse(ctx, client.Reversal{ActionTrackerID: 2240, OrderID: id, Reason: "ITEM_RETURNED"})
		if err != nil {
			log.Fatal(err)
		}
		_, err = write.Wait(ctx)
		if rejection := (*client.Rejection)(nil); errors.As(err, &rejection) {
			fmt.Println(id, "is rejected:", rejection.Code)
		} else if err != nil {
			log.Fatal(err)
		} else {
			fmt.Println(id, "is reversed")
		}
	}
	// Output:
	// REVERSAL-1 is reversed
	// REVERSAL-2 is rejected: ACTION_NOT_FOUND
}

func ExampleClient_Follow() {
	ctx := context.Background()
	c, err := client.New(client.Options{})
	if err != nil {
		log.Fatal(err)
	}
	start := time.Now()
	order(ctx, c, "FOLLOW-1")
	updates := c.Follow(ctx, client.Follow{Since: start, Filter: client.UpdateFilter{OrderID: "FOLLOW-1"}})
	count := 0
	for update, err := range updates {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(update.SKU, update.Quantity, update.Currency.Format(update.DeltaPayout))
		if count++; count == 2 {
			break // a program that follows for good doesn't
		}
	}
	// Output:
	// LANTERN 2 0.77
	// WICK 1 0.11
}

func ExampleClient_Import() {
	ctx := context.Background()
	c, err := client.New(client.Options{})
	if err != nil {
		log.Fatal(err)
	}
	order(ctx, c, "IMPORT-1")
	file := "ActionTrackerId,OrderId,Sku,Quantity,Reason\n" +
		"2240,IMPORT-1,LANTERN,0,ORDER_UPDATE\n" +
		"2240,IMPORT-1,CANDLE,0,ORDER_UPDATE\n"
	upload, err := c.Import(ctx, client.Upload{Name: "returns.csv", Content: strings.NewReader(file)})
	if err != nil {
		log.Fatal(err)
	}
	result, err := upload.Wait(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.TotalRecords, "rows,", result.TotalErrors, "failed")
	for row, err := range c.FileErrors(ctx, result.ID) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("line", row.Line, row.SKU, row.Reason)
	}
	// Output:
	// 2 rows, 1 failed
	// line 3 CANDLE ITEM_NOT_FOUND
}

// Reconciling an invoice compares its total with the entries that it has.
func ExampleClient_Entries() {
	ctx := context.Background()
	c, err := client.New(client.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for invoice, err := range c.Invoices(ctx, client.InvoiceFilter{MediaPartnerID: 10002}) {
		if err != nil {
			log.Fatal(err)
		}
		difference := invoice.TotalAmount - invoice.TotalVATAmount
		for entry, err := range c.Entries(ctx, client.EntryFilter{InvoiceID: invoice.ID}) {
			if err != nil {
				log.Fatal(err)
			}
			difference -= entry.Amount
		}
		fmt.Println("difference:", invoice.Currency.Format(difference))
		break // the newest one
	}
	// Output: difference: 0.00
}

// order reports an order of two lanterns and a wick, and waits until it is applied.
func order(ctx context.Context, c *client.Client, id string) {
	write, err := c.Convert(ctx, client.Conversion{
		CampaignID: 1000, ActionTrackerID: 2240, OrderID: id, MediaPartnerID: 10001, Currency: "USD",
		Items: []client.ConversionItem{
			{SKU: "LANTERN", Quantity: 2, SubTotal: new(money.Amount(1927))},
			{SKU: "WICK", Quantity: 1, SubTotal: new(money.Amount(272))},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := write.Wait(ctx); err != nil {
		log.Fatal(err)
	}
}

func ExampleVerifyWebhook() {
	secret := os.Getenv("TRUEUP_WEBHOOK_SECRET")
	receiver := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil || client.VerifyWebhook(secret, r.Header, body) != nil {
			http.Error(w, "the webhook is not authentic", http.StatusUnauthorized)
			return
		}
		// Process the event, unless r.Header.Get("Webhook-Id") was processed before.
	})

	response := httptest.NewRecorder()
	receiver(response, httptest.NewRequest(http.MethodPost, "/trueup", strings.NewReader("{}")))
	fmt.Println("without a signature:", response.Code)
	// Output: without a signature: 401
}
