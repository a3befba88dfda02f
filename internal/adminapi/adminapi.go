// Package adminapi serves the admin API for operators: accounts and their reference data,
// tokens, actions, submissions, inquiries, notifications and the audit log. Entries of
// reference data have the form of a reference file (see package refdata).
package adminapi

import (
	"context"
	"log/slog"
	"time"

	"github.com/trueup-ledger/trueup/internal/accounting"
	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/fair"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/invoicefile"
	"github.com/trueup-ledger/trueup/internal/refdata/ratefile"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/testclock"
	"github.com/trueup-ledger/trueup/internal/whatif"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Root is the path prefix of the admin API.
const Root = "/admin/v1"

// Store is the part of a store that the admin API needs.
type Store interface {
	store.Tokens
	store.Administration
	Accounts(ctx context.Context) ([]int64, error)
	Record(ctx context.Context, account int64, now time.Time, e store.AuditEvent, amend store.AmendReference) (int, error)
	CurrentReference(ctx context.Context, account int64) (*program.Reference, error)
	Read(ctx context.Context, account int64, f func(store.Reader) error) error
	CreateInquiry(ctx context.Context, account int64, now time.Time, c inquiry.Claim, e store.AuditEvent) (inquiry.Inquiry, error)
}

// Notifications is the part of a store that holds the deliveries and secrets of event notifications.
type Notifications interface {
	Deliveries(ctx context.Context, account, notification, below int64, limit int) ([]store.Delivery, error)
	Resend(ctx context.Context, account, notification int64, now time.Time, event store.EventID, e store.AuditEvent) (int, error)
	SigningSecret(ctx context.Context, account, notification int64) (store.SigningSecret, error)
	RotateSecret(ctx context.Context, account, notification int64, now time.Time, overlap time.Duration, e store.AuditEvent) (store.SigningSecret, error)
}

// References is the part of a store that records files of reference data and exchange rates, and
// lists these.
type References interface {
	ratefile.Store
	Click(ctx context.Context, account int64, id string) (program.Click, error)
}

// Bridges is the part of a store that has the orders of bridges.
type Bridges interface {
	BridgeOrders(ctx context.Context, account, bridge int64, state store.BridgeState, after string, limit int) ([]store.BridgeOrder, error)
	RetryBridgeOrder(ctx context.Context, account int64, now time.Time, key store.BridgeKey, e store.AuditEvent, update store.UpdateBridgeOrder) (store.BridgeOrder, int, error)
}

// Invoices are the invoices of a store.
type Invoices struct {
	Store accounting.Store
	// Font is that of [invoicefile.Options].
	Font []byte
}

// Customers are the customers of a store.
type Customers struct {
	Store CustomerStore
	// Archive is the folder of the archives of removed records, or nil.
	Archive store.ArchiveFolder
	// Unlimited lets erasures, removals and estimates take as long as they need. A command waits for
	// them, and a caller over the network can't.
	Unlimited bool
}

// limit returns a context that is done after a time, unless Unlimited is set.
func (c Customers) limit(ctx context.Context, t time.Duration) (context.Context, context.CancelFunc) {
	if c.Unlimited {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, t)
}

// CustomerStore is the part of a store that reads, erases and removes what it holds of customers.
type CustomerStore interface {
	whatif.Scanner
	store.Eraser
	store.Retainer
}

// handler handles the requests of operators.
type handler struct {
	store         Store
	notifications Notifications
	references    References
	bridges       Bridges
	invoices      Invoices
	// notify schedules an account's queue.
	notify func(account int64)
	clock  Clock
	// customers are read for estimates. Estimating is a semaphore of them.
	customers  Customers
	estimating chan struct{}
	// imports lends slots for files in memory.
	imports fair.Scheduler
	missing invoicefile.MissingLog
	log     *slog.Logger
}

// maxImports is the maximum number of files in memory at the same time.
const maxImports = 4

// Clock is the clock of the server. Log writes the audit event of accepting or moving it. Move
// moves a test clock, and is nil without one.
type Clock struct {
	*clockguard.Guard
	Log  func(ctx context.Context, detail string, e store.AuditEvent) error
	Move testclock.MoveFunc
}

// Config configures the admin API.
type Config struct {
	Store         Store
	Notifications Notifications
	References    References
	Bridges       Bridges
	Invoices      Invoices
	Customers     Customers
	// Keys holds the idempotency keys.
	Keys store.Keys
	// Queued is called after a submission was added to an account's queue.
	Queued func(account int64)
	Clock  Clock
	Log    *slog.Logger
	// Additional are routes whose paths are relative to [Root].
	Additional []httpapi.OperatorRoute
}

// New returns the handler of all paths below [Root].
func New(c Config) *httpapi.API {
	h := &handler{
		store: c.Store, notifications: c.Notifications, references: c.References, bridges: c.Bridges, invoices: c.Invoices, customers: c.Customers,
		notify: c.Queued, clock: c.Clock, estimating: make(chan struct{}, 1), imports: fair.NewPool(maxImports), log: c.Log,
	}
	routes := append(h.routes(), h.deprecatedRoutes()...)
	routes = append(routes, c.Additional...)
	for i := range routes {
		routes[i].Path = Root + routes[i].Path
		routes[i].Handle = mapErrors(routes[i].Handle)
	}
	return httpapi.NewOperatorHandler(c.Store, c.Keys, routes, c.Clock.Guard, c.Log)
}
