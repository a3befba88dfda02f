package storetest

import (
	"context"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
)

// Call names a method of a store that can be made to fail.
type Call string

// The calls that can fail.
const (
	CallAccept Call = "Accept"
	CallApply  Call = "Apply"
	CallRecord Call = "Record"
	CallRead   Call = "Read"
	CallTake   Call = "TakeRows"
	CallKeep   Call = "KeepDeliveries"
)

// Moment says when a call fails.
type Moment int

// The moments. A call that fails After has done its work, which is on disk: only
// the answer is lost.
const (
	Before Moment = iota
	After
)

// Faulty is a store that fails on demand.
type Faulty struct {
	store.Store
	mu     sync.Mutex
	faults map[Call][]fault
}

type fault struct {
	moment Moment
	err    error
}

// NewFaulty wraps a store; it works until told to fail.
func NewFaulty(s store.Store) *Faulty {
	return &Faulty{Store: s, faults: make(map[Call][]fault)}
}

// Fail makes the next of the calls fail that is not spoken for by an earlier Fail.
func (f *Faulty) Fail(call Call, moment Moment, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults[call] = append(f.faults[call], fault{moment, err})
}

// next takes the fault of a call, if it has one.
func (f *Faulty) next(call Call) fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	faults := f.faults[call]
	if len(faults) == 0 {
		return fault{}
	}
	f.faults[call] = faults[1:]
	return faults[0]
}

// around runs work between the two moments.
func (f *Faulty) around(call Call, work func() error) error {
	fault := f.next(call)
	if fault.err != nil && fault.moment == Before {
		return fault.err
	}
	if err := work(); err != nil {
		return err
	}
	return fault.err
}

// Accept implements [store.Store].
func (f *Faulty) Accept(
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

// Apply implements [store.Store].
func (f *Faulty) Apply(
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

// Record implements [store.Store].
func (f *Faulty) Record(ctx context.Context, account int64, now time.Time, d store.AuditEvent, change store.AmendReference) (changed int, err error) {
	err = f.around(CallRecord, func() error {
		changed, err = f.Store.Record(ctx, account, now, d, change)
		return err
	})
	if err != nil {
		return 0, err
	}
	return changed, nil
}

// Read implements [store.Store].
func (f *Faulty) Read(ctx context.Context, account int64, read func(store.Reader) error) error {
	return f.around(CallRead, func() error { return f.Store.Read(ctx, account, read) })
}

// TakeRows implements [store.Store].
func (f *Faulty) QueueRows(ctx context.Context, account int64, now time.Time, t store.RowBatch) error {
	return f.around(CallTake, func() error { return f.Store.QueueRows(ctx, account, now, t) })
}

// KeepDeliveries implements [store.Store].
func (f *Faulty) KeepDeliveries(ctx context.Context, account, notification int64, now time.Time, told store.DeliveryBatch) error {
	return f.around(CallKeep, func() error { return f.Store.KeepDeliveries(ctx, account, notification, now, told) })
}
