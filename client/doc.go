// Package client calls a Trueup server, or the Brand API of impact.com, which has the same
// protocol.
//
//	c, err := client.New(client.Options{}) // TRUEUP_URL, TRUEUP_SID and TRUEUP_TOKEN
//	…
//	write, err := c.Modify(ctx, client.Modification{
//		EventTypeID: 2240, OrderID: "A-1",
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
// pause that the server asks for: a 429 always, and a dropped connection, 500, 502, 503 or 504 if
// to send it twice has the effect of sending it once. That is so for reads and for dry runs. For
// writes, the client sends an Idempotency-Key, by which a Trueup server recognizes a repeated
// request. The Brand API has no such keys, so the client sends its writes once; see
// [Options.Original]. [Options.Retry] and the context bound the attempts.
//
// # Observation
//
// [Options.Logger] logs every attempt. For traces and metrics, set [Options.HTTPClient] to one
// with an instrumented transport, such as that of OpenTelemetry:
//
//	client.Options{HTTPClient: &http.Client{Transport: otelhttp.NewTransport(http.DefaultTransport)}}
package client
