package sqlstore_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
	"github.com/trueup-ledger/trueup/ledger"
)

// TestRowsShareRoundTrips counts round trips: each prolongs the time for which the
// transaction locks the account's intake.
func TestRowsShareRoundTrips(t *testing.T) {
	proxy := pgtest.NewProxy(t)
	st := openPostgres(t, proxy.URL)
	createAccount(t, st)
	const accounts = 200
	for id := range int64(accounts) {
		createAccountWith(t, st, id+1)
	}
	for name, run := range map[string]func(name string, size int) error{
		"rows of a file are written together": func(name string, size int) error {
			f, _, err := st.AcceptFile(t.Context(), account, now, store.NewFile{Event: byTest, Name: "a.csv", Content: []byte(name)})
			if err != nil {
				t.Fatal(err)
			}
			valid, invalid := store.FileEntry{Submission: conversion(name, now)}, store.FileEntry{Error: &store.RowError{}}
			for line := range size {
				valid.Rows = append(valid.Rows, store.FileRow{Line: 2 + line})
				invalid.Rows = append(invalid.Rows, store.FileRow{Line: 2 + size + line})
			}
			return st.QueueRows(t.Context(), account, now, store.RowBatch{
				File: f.Number, Last: true, Entries: []store.FileEntry{valid, invalid},
			})
		},
		"keys of several accounts are looked up, stored and deleted together": func(name string, size int) error {
			var all []store.Batch
			for id := range int64(size) {
				s := conversion(name, now)
				s.Key.Text = name
				all = append(all, store.Batch{Account: id + 1, Submissions: []store.Submission{s}})
			}
			_, err := st.Commit(t.Context(), &storetest.Batches{Now: now, All: all}, nil)
			return err
		},
		"keys are looked up, stored and deleted together": func(name string, size int) error {
			batch := make([]store.Submission, size)
			for i := range batch {
				batch[i] = modification(1, 1)
				batch[i].Key.Text = fmt.Sprint(name, i)
			}
			_, err := st.Accept(t.Context(), account, now, batch)
			return err
		},
	} {
		roundTrips := make(map[int]int)
		for _, size := range []int{3, 2, 200} { // the first run prepares the statements
			before := proxy.RoundTrips()
			if err := run(fmt.Sprintf("%s, %d", name, size), size); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			roundTrips[size] = proxy.RoundTrips() - before
		}
		if roundTrips[200] != roundTrips[2] {
			t.Errorf("%s: %d round trips for 200, %d for 2", name, roundTrips[200], roundTrips[2])
		}
	}
	wantSound(t, st)
}

// TestABatchIsAppliedInThreeRoundTrips applies batches that name few actions. One round trip
// loads the queue, one the actions, and one writes.
func TestABatchIsAppliedInThreeRoundTrips(t *testing.T) {
	proxy := pgtest.NewProxy(t)
	st := openPostgresWith(t, proxy.URL, func(c *sqldb.Config) { c.DisableNotify = true })
	createAccount(t, st)
	fill(t, st, 3)
	for _, size := range []int{1, 2, 100} { // one row and many are written by different statements
		batch := make([]store.Submission, size)
		for i := range batch {
			batch[i] = modification(int64(1+i%3), int64(1+i%2))
		}
		for try := range 2 { // the first try prepares the statements
			if _, err := st.Accept(t.Context(), account, now, batch); err != nil {
				t.Fatal(err)
			}
			before := proxy.RoundTrips()
			n, err := st.Apply(t.Context(), account, now, store.MaxBatch, ledger.Decide)
			if err != nil || n != size {
				t.Fatalf("%d applied: %v", n, err)
			}
			if trips := proxy.RoundTrips() - before; try > 0 && trips != 3 {
				t.Errorf("%d round trips for %d submissions, want 3", trips, size)
			}
		}
	}
	wantSound(t, st)
}

// TestACommitTakesThreeRoundTrips commits submissions of one account and of several. One round
// trip locks the accounts, one loads the actions, and one writes.
func TestACommitTakesThreeRoundTrips(t *testing.T) {
	proxy := pgtest.NewProxy(t)
	st := openPostgresWith(t, proxy.URL, func(c *sqldb.Config) { c.DisableNotify = true })
	fill(t, st, 3)
	const accounts = 20
	for id := range int64(accounts) {
		if id+1 != account {
			createAccountWith(t, st, id+1)
		}
	}
	for name, batches := range map[string]func(size int) []store.Batch{
		"of one account": func(size int) []store.Batch {
			b := store.Batch{Account: account}
			for i := range size {
				b.Submissions = append(b.Submissions, modification(int64(1+i%3), int64(1+i%2)))
			}
			return []store.Batch{b}
		},
		"of several accounts": func(size int) (all []store.Batch) {
			for id := range int64(min(size, accounts)) {
				all = append(all, store.Batch{Account: id + 1, Submissions: []store.Submission{modification(1, int64(1+size%2))}})
			}
			return all
		},
	} {
		for _, size := range []int{1, 2, 100} { // one row and many are written by different statements
			for try := range 2 { // the first try prepares the statements
				before := proxy.RoundTrips()
				results, err := st.Commit(t.Context(), &storetest.Batches{Now: now, All: batches(size)}, ledger.Decide)
				if err != nil || results[0].Queued || results[0].Failure != nil {
					t.Fatalf("%d submissions %s: %+v, %v", size, name, results, err)
				}
				if trips := proxy.RoundTrips() - before; try > 0 && trips != 3 {
					t.Errorf("%d round trips for %d submissions %s, want 3", trips, size, name)
				}
			}
		}
	}
	wantSound(t, st)
}

// TestAProcessWithoutTheLockReceivesNoQueue applies in two processes while the account's
// queue is long.
func TestAProcessWithoutTheLockReceivesNoQueue(t *testing.T) {
	proxy := pgtest.NewProxy(t)
	here, there := openPostgres(t, proxy.Direct), openPostgres(t, proxy.URL)
	createAccount(t, here)
	fill(t, here, 1)
	batch := make([]store.Submission, store.MaxBatch)
	for i := range batch {
		batch[i] = modification(1, int64(1+i%2))
	}
	if _, err := here.Accept(t.Context(), account, now, batch); err != nil {
		t.Fatal(err)
	}
	_, err := here.Apply(t.Context(), account, now, 1, func(l ledger.Lookup, s ledger.Submission, actx ledger.ApplyContext) (ledger.Change, error) {
		for attempt := range 2 { // the first attempt prepares the statements
			before := proxy.BytesSent()
			n, err := there.Apply(t.Context(), account, now, store.MaxBatch, ledger.Decide)
			if n != 0 || !errors.Is(err, store.ErrHeldElsewhere) {
				t.Errorf("the other process applied %d meanwhile, error %v", n, err)
			}
			if sent := proxy.BytesSent() - before; attempt > 0 && sent > 1<<10 {
				t.Errorf("it received %d bytes", sent)
			}
		}
		return ledger.Decide(l, s, actx)
	})
	if err != nil {
		t.Error(err)
	}
}
