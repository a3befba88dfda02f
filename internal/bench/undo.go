package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// UndoLoad configures the load of [RunUndo]: an account undoes changes of a large action
// with a long history, while another account modifies its actions.
type UndoLoad struct {
	// Undos is the number of undos. Every other one is stale, because a later change was made.
	Undos int
	// Duration bounds the time of the measurement. It ends earlier once all undos are
	// complete.
	Duration time.Duration
	// Action is the action whose changes are undone. Changes are the paths of their
	// submissions.
	Action  string
	Changes []string
	// Targets are items of the other account.
	Targets []Target
}

// Size of the action whose changes are undone.
const (
	undoItems   = 1_000
	undoChanges = 990
)

// Indexes of the accounts in [Client.Accounts].
const undoer, other = 0, 1

// UndoReport holds the measurements of [RunUndo].
type UndoReport struct {
	// Undos is the number of undos that were accepted, and Refused that of those with an error
	// response.
	Undos   int64 `json:"undos"`
	Refused int64 `json:"refused"`
	// Drained reports whether all undos were complete at the end.
	Drained bool   `json:"drained"`
	Elapsed Millis `json:"elapsed_ms"`
	// CallerLatency measures the writes of the other account.
	CallerLatency
}

// PrepareUndo fills an empty store for [RunUndo] and returns the load, without a number of
// undos, and the credentials of the accounts.
func PrepareUndo(ctx context.Context, st Store, now time.Time) (UndoLoad, []Account, error) {
	targets, accounts, err := Prepare(ctx, st, now, Fixture{Actions: 20, Accounts: 2, Items: 1})
	if err != nil {
		return UndoLoad{}, nil, err
	}
	l := UndoLoad{Targets: targetsOf(other, targets)}
	created, err := applied(ctx, st, now, store.Batch{Account: undoer + 1, Submissions: []store.Submission{largeOrder(now)}})
	if err != nil {
		return UndoLoad{}, nil, err
	}
	id := actionID(created[0].Accepted[0].Number)
	changes := make([]store.Submission, undoChanges)
	for i := range changes {
		one := int64(1)
		changes[i].Command = ledger.Modification{
			Address: ledger.Address{Action: id}, Reason: ledger.ReasonOrderUpdate,
			Items: []ledger.ItemChange{{SKU: sku(i % undoItems), QuantityDelta: &one}},
		}
	}
	changed, err := applied(ctx, st, now, store.Batch{Account: undoer + 1, Submissions: changes})
	if err != nil {
		return UndoLoad{}, nil, err
	}
	for _, s := range changed[0].Accepted {
		l.Changes = append(l.Changes, "/APISubmissions/"+string(s.ID))
	}
	l.Action = id.String()
	return l, accounts, nil
}

// largeOrder returns a conversion with undoItems items.
func largeOrder(now time.Time) store.Submission {
	c := ledger.Conversion{Campaign: campaign, EventType: eventType, Partner: partner, Order: "LARGE", EventDate: now.Add(-time.Minute).Truncate(time.Second)}
	for i := range undoItems {
		price, quantity := money.Whole(5), int64(2)
		c.Lines = append(c.Lines, ledger.ConversionLine{Number: i + 1, SKU: sku(i), Category: "Bench", Price: &price, Quantity: &quantity})
	}
	return store.Submission{Submission: ledger.Submission{Command: c}, Payload: "OrderId=" + c.Order}
}

// RunUndo applies the load and returns the measurements.
func RunUndo(ctx context.Context, c *Client, l UndoLoad) (r UndoReport, err error) {
	times, begin, sent := newCallerTimes(), time.Now(), false
	ctx, stop := context.WithTimeout(ctx, l.Duration)
	defer stop()
	err = c.runBeside(ctx, []*caller{newCaller("U", 1, l.Targets, times)}, func(ctx context.Context) error {
		if err := r.sendUndos(ctx, c, l); err != nil {
			return err
		}
		sent = true
		err := c.drain(ctx)
		r.Drained = err == nil
		return err
	})
	if errors.Is(err, context.DeadlineExceeded) && sent {
		err = nil // the undos are slow, which the report shows
	}
	r.Elapsed, r.CallerLatency = Millis(time.Since(begin)), times.latency()
	return r, err
}

// sendUndos sends the undos one after another, without waiting for their effect.
func (r *UndoReport) sendUndos(ctx context.Context, c *Client, l UndoLoad) error {
	random := rand.New(rand.NewPCG(5, 0))
	for i := range l.Undos {
		change := l.Changes[random.IntN(len(l.Changes)/2)]
		if i%2 == 1 { // the newest change
			var err error
			if change, err = c.submit(ctx, form(undoer, http.MethodPut, "/Actions", url.Values{
				"ActionId": {l.Action}, "Sku": {sku(i)}, "QuantityDelta": {"1"}, "Reason": {"ORDER_UPDATE"},
			})); err != nil {
				return err
			}
		}
		_, err := c.submit(ctx, request{account: undoer, method: http.MethodPost, path: change + "/Undo"})
		switch refused := (*statusError)(nil); {
		case errors.As(err, &refused) && refused.status < http.StatusInternalServerError:
			r.Refused++
		case err != nil:
			return err
		default:
			r.Undos++
		}
	}
	return nil
}

// Print prints the report as text.
func (r UndoReport) Print(w io.Writer) error {
	drained := "all complete"
	if !r.Drained {
		drained = "not all complete"
	}
	fmt.Fprintf(w, "%d undos of an action with %d items and %d changes were accepted and %d refused in %v, %s\n\n",
		r.Undos, undoItems, undoChanges, r.Refused, r.Elapsed, drained)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "writes of another account\tcount\tp50\tp99\tp99.9\tmax\t")
	for _, row := range []struct {
		name string
		Latency
	}{{"until QUEUED", r.Response}, {"until applied", r.Effect}} {
		fmt.Fprintf(table, "%s\t%d\t%v\t%v\t%v\t%v\t\n", row.name, row.Count, row.P50, row.P99, row.P999, row.Max)
	}
	return table.Flush()
}

// Check returns an error if the 99th percentile of the other account's writes is above limit.
func (r UndoReport) Check(limit time.Duration) error { return r.check(limit) }
