package storetest

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

var keyGuarantees = []guarantee{
	{"a key that was seen returns its submission, complete or not", func(f *fixture) {
		first := f.send(keyed("k", 1, f.order("a")))[0]
		f.now = f.now.Add(time.Hour)
		f.accept(setQuantity("a", "12345", 1))
		again := f.send(keyed("k", 1, f.order("a")))[0]
		f.wantReplay(first, again)
		same(f, f.submission(first.Submission), again.Submission, "the submission")
		f.apply()
		f.wantReplay(first, f.send(keyed("k", 1, f.order("a")))[0])
		same(f, []int{2, 0}, []int{len(read(f, allSubmissions)), f.apply()}, "submissions, and completed ones")
	}},
	{"a key of another request rejects only its own submission of the batch", func(f *fixture) {
		first := f.send(keyed("k", 1, f.order("a")))[0]
		got := f.send(keyed("l", 2, f.order("b")), keyed("k", 2, f.order("c")), keyed("", 0, f.order("d")), keyed("k", 1, f.order("a")))
		wantError(f, store.ErrKeyReused, got[1].Err)
		same(f, store.Submission{}, got[1].Submission, "the one in conflict")
		same(f, []int64{2, 3}, []int64{got[0].Number, got[2].Number}, "the others' numbers")
		f.wantReplay(first, got[3])
		same(f, int64(4), f.accept(f.order("e"))[0].Number, "the next number")
	}},
	{"of two submissions in a batch with the same key, the first is accepted", func(f *fixture) {
		got := f.send(keyed("k", 1, f.order("a")), keyed("k", 1, f.order("a")), keyed("l", 1, f.order("b")), keyed("k", 2, f.order("c")))
		same(f, int64(1), got[0].Number, "the first")
		same(f, false, got[0].Replayed, "the first is replayed")
		f.wantReplay(got[0], got[1])
		same(f, int64(2), got[2].Number, "another key")
		wantError(f, store.ErrKeyReused, got[3].Err)
	}},
	{"submissions without a key are all accepted", func(f *fixture) {
		got := f.send(keyed("", 1, f.order("a")), keyed("", 1, f.order("a")))
		same(f, []int64{1, 2}, []int64{got[0].Number, got[1].Number}, "numbers")
	}},
	{"keys belong to one account", func(f *fixture) {
		f.send(keyed("k", 1, f.order("a")))
		other := must(f.Accept(f.Context(), otherAccount, f.now, []store.Submission{keyed("k", 2, f.order("a"))}))(f)[0]
		same(f, store.Accepted{Submission: other.Submission}, other, "the other account's")
		_, err := f.FindKey(f.Context(), 99, f.now, store.Key{Text: "k"})
		wantError(f, ledger.ErrNotFound, err)
	}},
	{"an operation with an operator's key takes effect once and keeps its response", func(f *fixture) {
		e := f.auditEvent(store.OperationCreateInquiry)
		e.Key = store.Key{Text: "k", Request: ids.Hash{1}}
		must(f.CreateInquiry(f.Context(), account, f.now, f.claim("a"), e))(f)
		same(f, store.KeyUse{}, must(f.FindKey(f.Context(), store.Operator, f.now, e.Key))(f), "the use without a response")
		wantError(f, nil, f.KeepResponse(f.Context(), e.Key, "kept"))
		other := e
		other.Key.Request = ids.Hash{2}
		wantError(f, nil, f.KeepResponse(f.Context(), other.Key, "of another request"))
		for _, again := range []store.AuditEvent{e, other} {
			_, err := f.CreateInquiry(f.Context(), account, f.now, f.claim("a"), again)
			wantError(f, store.ErrKeyReused, err)
		}
		same(f, 1, f.inquiries(search.InquiryFilter{}, everything).Total, "inquiries")
		f.restart()
		same(f, store.KeyUse{Resource: "kept"}, must(f.FindKey(f.Context(), store.Operator, f.now, e.Key))(f), "the use")
		_, err := f.FindKey(f.Context(), account, f.now, e.Key)
		wantError(f, ledger.ErrNotFound, err)
		f.now = f.now.Add(store.KeyRetention)
		must(f.CreateInquiry(f.Context(), account, f.now, f.claim("b"), other))(f)
		same(f, store.KeyUse{}, must(f.FindKey(f.Context(), store.Operator, f.now, other.Key))(f), "the use after the key expired")
	}},
	{"a key survives a restart", func(f *fixture) {
		first := f.send(keyed("k", 1, f.order("a")))[0]
		f.restart()
		f.wantReplay(first, f.send(keyed("k", 1, f.order("a")))[0])
		wantError(f, store.ErrKeyReused, f.send(keyed("k", 2, f.order("a")))[0].Err)
	}},
	{"FindKey returns the submission of a key", func(f *fixture) {
		key := keyed("k", 1, nil).Key
		_, err := f.FindKey(f.Context(), account, f.now, key)
		wantError(f, ledger.ErrNotFound, err)
		first := f.send(keyed("k", 1, f.order("a")))[0]
		f.apply()
		seen := must(f.FindKey(f.Context(), account, f.now, key))(f)
		same(f, store.KeyUse{Submission: f.submission(first.Submission)}, seen, "the result of the first request")
		_, err = f.FindKey(f.Context(), account, f.now, keyed("k", 2, nil).Key)
		wantError(f, store.ErrKeyReused, err)
	}},
	{"a key expires after 30 days and can be used again", keyExpires},
	{"a failed batch stores no keys", func(f *fixture) {
		_, err := f.Accept(f.Context(), account, f.now, []store.Submission{keyed("k", 1, f.order("a")), keyed("l", 1, nil)})
		if err == nil {
			f.Error("a batch without a command was accepted")
		}
		same(f, false, f.send(keyed("k", 2, f.order("b")))[0].Replayed, "replayed")
	}},
	{"of concurrent submissions with the same key, one is accepted", keysConcurrently},
}

func keyExpires(f *fixture) {
	first := f.send(keyed("k", 1, f.order("a")))[0]
	f.now = f.now.Add(store.KeyRetention - time.Microsecond)
	f.wantReplay(first, f.send(keyed("k", 1, f.order("a")))[0])
	f.now = f.now.Add(time.Microsecond)
	_, err := f.FindKey(f.Context(), account, f.now, keyed("k", 1, nil).Key)
	wantError(f, ledger.ErrNotFound, err)
	second := f.send(keyed("k", 2, f.order("b")))[0]
	same(f, int64(2), second.Number, "the number")
	f.now = f.now.Add(store.KeyRetention - time.Microsecond)
	f.wantReplay(second, f.send(keyed("k", 2, f.order("b")))[0])
}

func keysConcurrently(f *fixture) {
	const callers, keys = 16, 10
	var mu sync.Mutex
	byKey := make(map[string][]int64)
	fresh := 0
	var wait sync.WaitGroup
	for caller := range callers {
		wait.Go(func() {
			for i := range keys {
				key := strconv.Itoa((i + caller) % keys)
				got, err := f.Accept(context.Background(), account, f.now, []store.Submission{
					keyed("", 0, f.order("x")), keyed(key, 1, f.order("k"+key)),
				})
				mu.Lock()
				if err == nil {
					err = errors.Join(got[0].Err, got[1].Err)
				}
				if err != nil {
					f.Error(err)
				} else {
					byKey[key] = append(byKey[key], got[1].Number)
					if !got[1].Replayed {
						fresh++
					}
				}
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	for key, numbers := range byKey {
		if same := slices.Compact(slices.Sorted(slices.Values(numbers))); len(same) != 1 || len(numbers) != callers {
			f.Errorf("key %s has submissions %v", key, numbers)
		}
	}
	same(f, []int{keys, callers*keys + keys}, []int{fresh, len(read(f, allSubmissions))}, "submissions with a key, and all")
}

// keyed returns a submission with a key. The byte request stands for the request's hash.
func keyed(key string, request byte, command ledger.Command) store.Submission {
	s := store.Submission{Key: store.Key{Text: key, Request: ids.Hash{request}}}
	s.Command = command
	return s
}

// send accepts a batch and returns the results.
func (f *fixture) send(batch ...store.Submission) []store.Accepted {
	f.Helper()
	return must(f.Accept(f.Context(), account, f.now, batch))(f)
}

// wantReplay fails the test unless the second result repeats the first.
func (f *fixture) wantReplay(first, again store.Accepted) {
	f.Helper()
	wantError(f, nil, again.Err)
	same(f, []any{first.Number, first.Accepted, first.ID, true}, []any{again.Number, again.Accepted, again.ID, again.Replayed}, "the first again")
}

func allSubmissions(r store.Reader) (all []store.Submission, err error) {
	_, found, err := r.Submissions(search.SubmissionFilter{}, search.Page{Size: 20_000, Number: 1})
	if err != nil {
		return nil, err
	}
	for s, err := range found {
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}
