package sqlstore

import (
	"errors"
	"fmt"
	"testing"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// TestHowOftenTheServerIsAsked counts answers of the server: who else has something to
// accept in the account waits for each of them.
func TestHowOftenTheServerIsAsked(t *testing.T) {
	r := newRoad(t)
	st := openPostgresAt(t, r.url)
	record(t, st)
	for says, do := range map[string]func(name string, many int) error{
		"rows of a file are written together": func(name string, many int) error {
			f, _, err := st.AcceptFile(t.Context(), account, now, store.NewFile{Name: "a.csv", Content: []byte(name)})
			if err != nil {
				t.Fatal(err)
			}
			good, bad := store.FileEntry{Submission: conversion(name, now)}, store.FileEntry{Fault: &store.RowFault{}}
			for line := range many {
				good.Rows = append(good.Rows, store.FileRow{Line: 2 + line})
				bad.Rows = append(bad.Rows, store.FileRow{Line: 2 + many + line})
			}
			return st.QueueRows(t.Context(), account, now, store.RowBatch{
				File: f.Number, Last: true, Entries: []store.FileEntry{good, bad},
			})
		},
		"keys are looked up, kept and forgotten together": func(name string, many int) error {
			batch := make([]store.Submission, many)
			for i := range batch {
				batch[i] = modification(1, 1)
				batch[i].Key.Text = fmt.Sprint(name, i)
			}
			_, err := st.Accept(t.Context(), account, now, batch)
			return err
		},
	} {
		counted := make(map[int]int)
		for _, many := range []int{3, 2, 200} { // what the first one prepares, the others have
			before := r.answered()
			if err := do(fmt.Sprintf("%s, %d", says, many), many); err != nil {
				t.Fatalf("%s: %v", says, err)
			}
			counted[many] = r.answered() - before
		}
		if counted[200] != counted[2] {
			t.Errorf("%s: %d answers of the server for 200, %d for 2", says, counted[200], counted[2])
		}
	}
	wantLawful(t, st)
}

// TestABatchIsAppliedInThreeJourneys has the server asked for the queue, for the actions
// that it names, which are few, and to write.
func TestABatchIsAppliedInThreeJourneys(t *testing.T) {
	r := newRoad(t)
	st := openPostgresAt(t, r.url)
	record(t, st)
	fill(t, st, 3)
	st.teller.close()
	st.teller = nil                         // it asks beside the applier
	for _, many := range []int{1, 2, 100} { // the first of one and of several is prepared
		batch := make([]store.Submission, many)
		for i := range batch {
			batch[i] = modification(int64(1+i%3), int64(1+i%2))
		}
		for prepared := range 2 {
			if _, err := st.Accept(t.Context(), account, now, batch); err != nil {
				t.Fatal(err)
			}
			before := r.answered()
			n, err := st.Apply(t.Context(), account, now, store.MaxBatch, ledger.Decide)
			if err != nil || n != many {
				t.Fatalf("%d applied: %v", n, err)
			}
			if asked := r.answered() - before; prepared > 0 && asked != 3 {
				t.Errorf("%d answers of the server for %d submissions", asked, many)
			}
		}
	}
	wantLawful(t, st)
}

// TestWhoIsNotAtWorkIsSentNoQueue has another apply while an account has much in its queue.
func TestWhoIsNotAtWorkIsSentNoQueue(t *testing.T) {
	r := newRoad(t)
	here, there := openPostgresAt(t, r.beside), openPostgresAt(t, r.url)
	record(t, here)
	fill(t, here, 1)
	batch := make([]store.Submission, store.MaxBatch)
	for i := range batch {
		batch[i] = modification(1, int64(1+i%2))
	}
	if _, err := here.Accept(t.Context(), account, now, batch); err != nil {
		t.Fatal(err)
	}
	said := func() int {
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.said
	}
	_, err := here.Apply(t.Context(), account, now, 1, func(w ledger.Lookup, s ledger.Submission, turn ledger.ApplyContext) (ledger.Change, error) {
		for try := range 2 { // the first prepares
			before := said()
			n, err := there.Apply(t.Context(), account, now, store.MaxBatch, ledger.Decide)
			if n != 0 || !errors.Is(err, store.ErrHeldElsewhere) {
				t.Errorf("the other applied %d meanwhile, error %v", n, err)
			}
			if sent := said() - before; try > 0 && sent > 1<<10 {
				t.Errorf("it was sent %d bytes", sent)
			}
		}
		return ledger.Decide(w, s, turn)
	})
	if err != nil {
		t.Error(err)
	}
}
