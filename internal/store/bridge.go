package store

import (
	"context"
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// BridgeState is the state of an order of a bridge.
type BridgeState string

// The states.
const (
	// BridgeSubmitted is the state of an order whose conversion was submitted.
	BridgeSubmitted BridgeState = "SUBMITTED"
	// BridgeWaiting is that of an order of which only refunds are known, BridgeUnpaid that of one
	// without a payment, BridgeUncredited that of one which no partner is credited with, and
	// BridgeUnusable that of one with a webhook that can't be mapped.
	BridgeWaiting    BridgeState = "WAITING"
	BridgeUnpaid     BridgeState = "UNPAID"
	BridgeUncredited BridgeState = "UNCREDITED"
	BridgeUnusable   BridgeState = "UNUSABLE"
)

// BridgeStates lists every BridgeState.
var BridgeStates = []BridgeState{BridgeSubmitted, BridgeWaiting, BridgeUnpaid, BridgeUncredited, BridgeUnusable}

// Bridges stores the orders of shops that bridges turn into submissions.
type Bridges interface {
	// UpdateBridgeOrder calls update with an order, or with a new one, and the current reference
	// data. It stores the order that update leaves and accepts the submissions that update
	// returns, in one commit, as by [Queue.Accept]. Calls for one account don't overlap. It
	// returns the stored order and the number of submissions. If update returns an error, it
	// stores nothing. It returns [ledger.ErrNotFound] for an unknown account.
	UpdateBridgeOrder(ctx context.Context, account int64, now time.Time, key BridgeKey, update UpdateBridgeOrder) (BridgeOrder, int, error)

	// RetryBridgeOrder is UpdateBridgeOrder for an order that exists, and else returns
	// [ledger.ErrNotFound]. It writes an audit event.
	RetryBridgeOrder(ctx context.Context, account int64, now time.Time, key BridgeKey, e AuditEvent, update UpdateBridgeOrder) (BridgeOrder, int, error)

	// BridgeOrders returns up to limit orders of a bridge in the state, with ids after the given
	// one, in the order of their ids. It returns [ledger.ErrNotFound] for an unknown bridge.
	BridgeOrders(ctx context.Context, account, bridge int64, state BridgeState, after string, limit int) ([]BridgeOrder, error)
}

// UpdateBridgeOrder changes an order and returns submissions that follow from the change.
type UpdateBridgeOrder func(o *BridgeOrder, r *program.Reference) ([]Submission, error)

// BridgeKey identifies an order of a bridge by the id that it has at the platform.
type BridgeKey struct {
	Bridge int64
	Order  string
}

// BridgeOrder is an order of a bridge.
type BridgeOrder struct {
	BridgeKey
	// Received is the time of the first webhook, and Changed that of the last one that changed
	// the order.
	Received, Changed time.Time
	State             BridgeState
	// Reason is a sentence that says why nothing was submitted, with the remedy.
	Reason string
	// Document is the JSON form of what the webhooks said. It is empty in a new order.
	Document string
}
