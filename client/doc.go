// Package client calls a Trueup server, or the Brand API of impact.com, which has the same
// protocol.
//
//	c, err := client.New(client.Options{}) // TRUEUP_URL, TRUEUP_SID and TRUEUP_TOKEN
//	…
//	write, err := c.Modify(ctx, client.Modification{
//		ActionTrackerID: 2240, OrderID: "A-1",
//		Items: []client.ItemChange{{SKU: "LANTERN", Quantity: new(1)}},
//	})
//	…
//	submission, err := write.Wait(ctx)
//
// # Writes
//
// The server stores a write and applies it in order. [Client.Convert], [Client.Modify],
// [Client.Reverse], [Client.Reset] and [Client.Undo] therefore return a [Pending] once the write
// is stored. [Pending.Wait] returns its submission once it is applied, with a [*Rejection] if the
// rules rejected it. [Client.DryRun] returns the effect that a write would have.
//
// # Money
//
// Amounts are [money.Amount] values in the currency beside them. They are whole numbers of minor
// units, never floats. An amount that the server sends without a currency is a [money.Decimal].
//
// # Lists
//
// A list is an iterator over objects and errors. It reads a page when the previous one is used
// up. After an error it stops:
//
//	for action, err := range c.Actions(ctx, client.ActionFilter{OrderID: "A-1"}) {
//		if err != nil {
//			return err
//		}
//		…
//	}
//
// # Retries
//
// A request that failed is sent again after a pause that grows with each attempt, or after the
// pause that the server asks for. After a 429 or a refused connection, every request is sent again.
// After a dropped connection, 500, 502, 503 or 504, one is if to send it twice has the effect of
// sending it once: reads, dry runs, and writes to a Trueup server, which recognizes a repeated write
// by its Idempotency-Key. The Brand API has no such keys; see [Options.Original].
//
// [Options.Retry] and the context bound the attempts. If the server asks for a pause longer than
// [Retry.MaxDelay], its response is returned as an [*Error] at once, with the pause in RetryAfter.
//
// # Observation
//
// [Options.Logger] logs every attempt. For traces and metrics, set [Options.HTTPClient] to one
// with an instrumented transport, such as that of OpenTelemetry:
//
//	client.Options{HTTPClient: &http.Client{Transport: otelhttp.NewTransport(http.DefaultTransport)}}
package client
