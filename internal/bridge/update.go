package bridge

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Receive returns a function that merges an event into the stored order and submits what follows.
func Receive(bridge int64, e Event, now time.Time) store.UpdateBridgeOrder {
	return update(bridge, now, func(o *Order) { o.Merge(e) })
}

// Retry returns a function that submits a stored order again, with the present reference
// data. It returns [ErrEmpty] for an order without facts.
func Retry(bridge int64, now time.Time) store.UpdateBridgeOrder {
	resubmit := update(bridge, now, (*Order).Resubmit)
	return func(stored *store.BridgeOrder, r *program.Reference) ([]store.Submission, error) {
		if stored.Document == "" {
			return nil, ErrEmpty
		}
		return resubmit(stored, r)
	}
}

// Reject returns a function that stores why a webhook of the order can't be mapped. An order of
// which others could be keeps its state.
func Reject(reason string) store.UpdateBridgeOrder {
	return func(stored *store.BridgeOrder, _ *program.Reference) ([]store.Submission, error) {
		if stored.Document == "" {
			stored.State = store.BridgeUnusable
		}
		stored.Reason = Clean(reason)
		return nil, nil
	}
}

func update(bridge int64, now time.Time, change func(*Order)) store.UpdateBridgeOrder {
	return func(stored *store.BridgeOrder, r *program.Reference) ([]store.Submission, error) {
		b, exists := r.Bridges[bridge]
		if !exists {
			return nil, ledger.ErrNotFound
		}
		var o Order
		if stored.Document != "" {
			if err := json.Unmarshal([]byte(stored.Document), &o); err != nil {
				return nil, err
			}
		}
		sent := slices.Clone(o.Sent)
		change(&o)
		list, state, reason, err := o.Submit(Input{Bridge: b, Reference: r, Order: stored.Order, Now: now})
		var unusable *UnusableError
		if errors.As(err, &unusable) {
			list, state, reason, err, o.Sent = nil, store.BridgeUnusable, Clean(unusable.Reason), nil, sent
		}
		if err != nil {
			return nil, err
		}
		document, err := json.Marshal(o)
		stored.State, stored.Reason, stored.Document = state, reason, string(document)
		return list, err
	}
}

// Limits of texts of platforms in characters.
const (
	maxOrderID = 64
	maxText    = 500
)

// IsOrderID reports whether a text can be the id of an order.
func IsOrderID(s string) bool {
	return s != "" && utf8.RuneCountInString(s) <= maxOrderID && !strings.ContainsFunc(s, unicode.IsControl)
}

// Clean returns a text of a platform for storing and logging: without control characters, and
// truncated.
func Clean(s string) string {
	runes := []rune(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return utf8.RuneError
		}
		return r
	}, s))
	return string(runes[:min(len(runes), maxText)])
}
