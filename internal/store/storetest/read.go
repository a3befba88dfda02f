package storetest

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// page is the result of a list.
type page[T any] struct {
	search.PageInfo
	objects []T
}

// lister is the type of the list methods of a Reader.
type lister[F, T any] func(f F, p search.Page) (search.PageInfo, iter.Seq2[T, error], error)

// list returns the page of a list method of the account's Reader.
func list[F, T any](f *fixture, of func(r store.Reader) lister[F, T], filter F, p search.Page) page[T] {
	f.Helper()
	return read(f, func(r store.Reader) (page[T], error) {
		found, objects, err := of(r)(filter, p)
		if err != nil {
			return page[T]{}, err
		}
		got := page[T]{PageInfo: found}
		for object, err := range objects {
			if err != nil {
				return page[T]{}, err
			}
			got.objects = append(got.objects, object)
		}
		return got, nil
	})
}

func (f *fixture) actions(filter search.ActionFilter, p search.Page) page[ledger.Action] {
	f.Helper()
	got := list(f, func(r store.Reader) lister[search.ActionFilter, ledger.Action] { return r.Actions }, filter, p)
	if p == everything {
		exported := export(f, func(r store.ExportReader) iter.Seq2[ledger.Action, error] { return r.ExportActions(filter, false) })
		same(f, got.objects, exported, "exported actions")
	}
	return got
}

func (f *fixture) updates(filter search.ActionFilter, p search.Page) page[store.UpdateView] {
	f.Helper()
	got := list(f, func(r store.Reader) lister[search.ActionFilter, store.UpdateView] { return r.Updates }, filter, p)
	if p == everything {
		exported := export(f, func(r store.ExportReader) iter.Seq2[store.UpdateView, error] { return r.ExportUpdates(filter) })
		same(f, got.objects, exported, "exported updates")
	}
	return got
}

// export returns what a method of the account's ExportReader returns.
func export[T any](f *fixture, of func(r store.ExportReader) iter.Seq2[T, error]) (all []T) {
	f.Helper()
	err := f.Export(f.Context(), account, func(r store.ExportReader) error {
		for object, err := range of(r) {
			if err != nil {
				return err
			}
			all = append(all, object)
		}
		return nil
	})
	if err != nil {
		f.Error(err)
	}
	return all
}

func (f *fixture) submissions(filter search.SubmissionFilter, p search.Page) page[store.Submission] {
	f.Helper()
	return list(f, func(r store.Reader) lister[search.SubmissionFilter, store.Submission] { return r.Submissions }, filter, p)
}

// numbers returns the numbers of the objects.
func (p page[T]) numbers() []int64 {
	numbers := []int64{}
	for _, object := range p.objects {
		switch o := any(object).(type) {
		case ledger.Action:
			numbers = append(numbers, o.ID.Number)
		case store.UpdateView:
			numbers = append(numbers, o.Number)
		case store.Submission:
			numbers = append(numbers, o.Number)
		case inquiry.Inquiry:
			numbers = append(numbers, o.Number)
		}
	}
	return numbers
}

var everything = search.Page{Size: 1000, Number: 1}

var readGuarantees = []guarantee{
	{"an action and an update are found only by their complete id", func(f *fixture) {
		f.accept(f.order("a"))
		f.apply()
		a := f.action(1)
		wrong := []ids.ActionID{
			{Campaign: a.ID.Campaign + 1, EventType: a.ID.EventType, Number: 1},
			{Campaign: a.ID.Campaign, EventType: a.ID.EventType + 1, Number: 1},
			{Campaign: a.ID.Campaign, EventType: a.ID.EventType, Number: 2},
			{},
		}
		err := f.Read(f.Context(), account, func(r store.Reader) error {
			for _, id := range wrong {
				_, err := r.Action(id)
				wantError(f, ledger.ErrNotFound, err)
				_, err = r.Update(ids.UpdateID{Action: id, Number: a.Last.Number})
				wantError(f, ledger.ErrNotFound, err)
			}
			_, err := r.Update(ids.UpdateID{Action: a.ID, Number: a.Last.Number + 1})
			wantError(f, ledger.ErrNotFound, err)
			u, err := r.Update(ids.UpdateID{Action: a.ID, Number: a.Last.Number})
			same(f, a.Last.Number, u.Number, "the update")
			return err
		})
		wantError(f, nil, err)
	}},
	{"accounts don't see each other's objects", func(f *fixture) {
		f.accept(f.order("a"), setQuantity("a", "12345", 1))
		f.apply()
		err := f.Read(f.Context(), otherAccount, func(r store.Reader) error {
			_, err := r.Action(idOf(1))
			wantError(f, ledger.ErrNotFound, err)
			actions, _, err := r.Actions(search.ActionFilter{}, everything)
			wantError(f, nil, err)
			updates, _, err := r.Updates(search.ActionFilter{}, everything)
			wantError(f, nil, err)
			submissions, _, err := r.Submissions(search.SubmissionFilter{}, everything)
			same(f, []int{0, 0, 0}, []int{actions.Total, updates.Total, submissions.Total}, "totals")
			return err
		})
		wantError(f, nil, err)
	}},
	{"long lists are complete, in order, and equal to single reads", func(f *fixture) {
		const orders = 600
		commands := make([]ledger.Command, orders)
		for i := range commands {
			commands[i] = f.order(fmt.Sprintf("o%d", i))
		}
		f.accept(commands...)
		same(f, orders, f.apply(), "completed")
		p := search.Page{Size: 2 * orders, Number: 1}
		actions, updates, submissions := f.actions(search.ActionFilter{}, p), f.updates(search.ActionFilter{}, p), f.submissions(search.SubmissionFilter{}, p)
		wantDescending(f, orders, actions.numbers())
		wantDescending(f, 2*orders, updates.numbers())
		wantDescending(f, orders, submissions.numbers())
		for _, i := range []int{0, 255, 256, 599} {
			want := f.action(actions.objects[i].ID.Number)
			want.Items = nil
			same(f, want, actions.objects[i], "the action")
			same(f, f.submission(submissions.objects[i]), submissions.objects[i], "the submission")
			want.ID = updates.objects[i].Action
			same(f, read(f, func(r store.Reader) (store.UpdateView, error) { return r.Update(updates.objects[i].ID()) }), updates.objects[i], "the update")
		}
	}},
	{"an iteration can stop early and ends when its context ends", func(f *fixture) {
		f.accept(f.order("a"), f.order("b"))
		f.apply()
		ctx, cancel := context.WithCancel(f.Context())
		err := f.Read(ctx, account, func(r store.Reader) error {
			_, actions, err := r.Actions(search.ActionFilter{}, everything)
			wantError(f, nil, err)
			for a, err := range actions {
				wantError(f, nil, err)
				same(f, "b", a.Order, "the first")
				break
			}
			cancel()
			for _, err := range actions {
				return err
			}
			return nil
		})
		wantError(f, context.Canceled, err)
		same(f, 2, f.actions(search.ActionFilter{}, everything).Count, "actions afterwards")
	}},
	{"an update has the current state of its action", func(f *fixture) {
		f.accept(f.order("a"))
		f.apply()
		f.now = f.now.Add(time.Hour)
		f.accept(setQuantity("a", "12345", 1))
		f.apply()
		want := f.action(1)
		want.Items = nil
		for _, u := range f.updates(search.ActionFilter{}, everything).objects {
			same(f, want, u.Parent, "the action")
		}
	}},
}

// wantDescending fails the test unless the numbers run from count down to 1.
func wantDescending(f *fixture, count int, numbers []int64) {
	f.Helper()
	same(f, count, len(numbers), "count")
	for i, number := range numbers {
		same(f, int64(count-i), number, "number")
	}
}
