package storetest

import (
	"context"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
)

// Call names a method of a store that a [FaultInjector] can make fail.
type Call string

// The calls that can fail. CallAccept includes Commit.
const (
	CallAccept         Call = "Accept"
	CallApply          Call = "Apply"
	CallRead           Call = "Read"
	CallQueueRows      Call = "QueueRows"
	CallSaveDeliveries Call = "SaveDeliveries"
)

// Moment is the moment at which a call fails.
type Moment int

// The moments. A call that fails [After] has stored its changes, but returns only the error.
const (
	Before Moment = iota
	After
)

// FaultInjector wraps a store and injects errors into its calls.
type FaultInjector struct {
	store.Store
	mu     sync.Mutex
	faults map[Call][]injectedFault
}

// Unavailable is an error of a store that is unavailable, as [store.IsUnavailable] defines
// it. Its value is the message.
type Unavailable string

// Error implements error.
func (u Unavailable) Error() string { return string(u) }

// Unavailable reports true.
func (Unavailable) Unavailable() bool { return true }

type injectedFault struct {
	moment Moment
	err    error
}

// NewFaultInjector returns a FaultInjector that wraps s and injects no errors yet.
func NewFaultInjector(s store.Store) *FaultInjector {
	return &FaultInjector{Store: s, faults: make(map[Call][]injectedFault)}
}

// Fail makes a call of a method return err. Each Fail applies to one call, in order: the
// first to the next call, the second to the one after it.
func (f *FaultInjector) Fail(call Call, moment Moment, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults[call] = append(f.faults[call], injectedFault{moment, err})
}

// next removes and returns the next fault of a call, or the zero value if there is none.
func (f *FaultInjector) next(call Call) injectedFault {
	f.mu.Lock()
	defer f.mu.Unlock()
	faults := f.faults[call]
	if len(faults) == 0 {
		return injectedFault{}
	}
	f.faults[call] = faults[1:]
	return faults[0]
}

// around calls work and injects the next fault before or after it.
func (f *FaultInjector) around(call Call, work func() error) error {
	fault := f.next(call)
	if fault.err != nil && fault.moment == Before {
		return fault.err
	}
	if err := work(); err != nil {
		return err
	}
	return fault.err
}

// Accept implements [store.Queue].
func (f *FaultInjector) Accept(
	ctx context.Context, account int64, now time.Time, batch []store.Submission,
) (accepted []store.Accepted, err error) {
	err = f.around(CallAccept, func() error {
		accepted, err = f.Store.Accept(ctx, account, now, batch)
		return err
	})
	if err != nil {
		return nil, err
	}
	return accepted, nil
}

// Commit implements [store.Queue]. The next fault of CallApply, at any moment, keeps it from
// applying anything.
func (f *FaultInjector) Commit(
	ctx context.Context, source store.BatchSource, decide store.Decide,
) (committed []store.Committed, err error) {
	if f.next(CallApply).err != nil {
		decide = nil
	}
	err = f.around(CallAccept, func() error {
		committed, err = f.Store.Commit(ctx, source, decide)
		return err
	})
	if err != nil {
		return nil, err
	}
	return committed, nil
}

// Apply implements [store.Queue].
func (f *FaultInjector) Apply(
	ctx context.Context, account int64, now time.Time, limit int, decide store.Decide,
) (done int, err error) {
	fault := f.next(CallApply)
	if fault.err != nil && fault.moment == Before {
		return 0, fault.err
	}
	done, err = f.Store.Apply(ctx, account, now, limit, decide)
	if fault.err != nil {
		return 0, fault.err
	}
	return done, err
}

// Read implements [store.Snapshots].
func (f *FaultInjector) Read(ctx context.Context, account int64, read func(store.Reader) error) error {
	return f.around(CallRead, func() error { return f.Store.Read(ctx, account, read) })
}

// QueueRows implements [store.Files].
func (f *FaultInjector) QueueRows(ctx context.Context, account int64, now time.Time, b store.RowBatch) error {
	return f.around(CallQueueRows, func() error { return f.Store.QueueRows(ctx, account, now, b) })
}

// SaveDeliveries implements [store.Webhooks].
func (f *FaultInjector) SaveDeliveries(ctx context.Context, account, notification int64, now time.Time, b store.DeliveryBatch) error {
	return f.around(CallSaveDeliveries, func() error { return f.Store.SaveDeliveries(ctx, account, notification, now, b) })
}
