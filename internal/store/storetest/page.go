package storetest

import (
	"fmt"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/ledger"
)

var pageGuarantees = []guarantee{
	{"pages are numbered from the newest object and have totals", func(f *fixture) {
		f.sevenOrders()
		for _, c := range []struct {
			page search.Page
			want search.PageInfo
			of   []int64
		}{
			{search.Page{Size: 3, Number: 1}, search.PageInfo{Total: 7, Count: 3, First: 7, Last: 5, More: true}, []int64{7, 6, 5}},
			{search.Page{Size: 3, Number: 2}, search.PageInfo{Total: 7, Count: 3, First: 4, Last: 2, More: true}, []int64{4, 3, 2}},
			{search.Page{Size: 3, Number: 3}, search.PageInfo{Total: 7, Count: 1, First: 1, Last: 1}, []int64{1}},
			{search.Page{Size: 3, Number: 4}, search.PageInfo{Total: 7}, []int64{}},
			{search.Page{Size: 3, Number: 1 << 62}, search.PageInfo{Total: 7}, []int64{}},
			{search.Page{Size: 7, Number: 1}, search.PageInfo{Total: 7, Count: 7, First: 7, Last: 1}, []int64{7, 6, 5, 4, 3, 2, 1}},
			{search.Page{Size: 3, Below: 5}, search.PageInfo{Total: 7, Count: 3, First: 4, Last: 2, More: true}, []int64{4, 3, 2}},
			{search.Page{Size: 3, Below: 4}, search.PageInfo{Total: 7, Count: 3, First: 3, Last: 1}, []int64{3, 2, 1}},
			{search.Page{Size: 3, Below: 1}, search.PageInfo{Total: 7}, []int64{}},
			{search.Page{Size: 3, Above: 1}, search.PageInfo{Total: 7, Count: 3, First: 4, Last: 2, More: true}, []int64{4, 3, 2}},
			{search.Page{Size: 3, Above: 5}, search.PageInfo{Total: 7, Count: 2, First: 7, Last: 6, More: true}, []int64{7, 6}},
			{search.Page{Size: 3, Above: 7}, search.PageInfo{Total: 7}, []int64{}},
		} {
			f.wantPage(c.page, c.want, c.of)
		}
	}},
	{"a list above the limit has a capped total and no objects", func(f *fixture) {
		f.sevenOrders()
		f.wantPage(search.Page{Size: 3, Number: 1, MaxTotal: 6}, search.PageInfo{Total: 7}, []int64{})
		f.wantPage(search.Page{Size: 3, Number: 1, MaxTotal: 5}, search.PageInfo{Total: 6}, []int64{})
		f.wantPage(search.Page{Size: 2, Number: 1, MaxTotal: 7}, search.PageInfo{Total: 7, Count: 2, First: 7, Last: 6, More: true}, []int64{7, 6})
	}},
	{"a list without a total has all objects on its pages", func(f *fixture) {
		f.sevenOrders()
		for _, c := range []struct {
			page search.Page
			want search.PageInfo
			of   []int64
		}{
			{search.Page{Size: 3, Number: 1, Uncounted: true}, search.PageInfo{Total: 4, Count: 3, First: 7, Last: 5, More: true}, []int64{7, 6, 5}},
			{search.Page{Size: 3, Number: 2, Uncounted: true}, search.PageInfo{Total: 7, Count: 3, First: 4, Last: 2, More: true}, []int64{4, 3, 2}},
			{search.Page{Size: 3, Number: 2, Below: 5, Uncounted: true}, search.PageInfo{Total: 7, Count: 3, First: 4, Last: 2, More: true}, []int64{4, 3, 2}},
			{search.Page{Size: 3, Number: 3, Below: 2, Uncounted: true}, search.PageInfo{Total: 7, Count: 1, First: 1, Last: 1}, []int64{1}},
			{search.Page{Size: 3, Number: 1, Above: 4, Uncounted: true}, search.PageInfo{Total: 4, Count: 3, First: 7, Last: 5, More: true}, []int64{7, 6, 5}},
			{search.Page{Size: 3, Number: 4, Uncounted: true}, search.PageInfo{}, []int64{}},
		} {
			f.wantPage(c.page, c.want, c.of)
		}
	}},
	{"an empty list has no pages", func(f *fixture) {
		f.wantPage(search.Page{Size: 3, Number: 1}, search.PageInfo{}, []int64{})
		f.wantPage(search.Page{Size: 3, Below: 5}, search.PageInfo{}, []int64{})
		f.wantPage(search.Page{Size: 3, Above: 5}, search.PageInfo{}, []int64{})
	}},
	{"pages by cursor return each remaining object once while others are added and removed", func(f *fixture) {
		f.sevenOrders()
		filter := search.ActionFilter{State: ledger.Pending, Now: f.now}
		seen := []int64{}
		p := search.Page{Size: 2, Number: 1}
		for i := 0; ; i++ {
			got := f.actions(filter, p)
			seen = append(seen, got.numbers()...)
			if !got.More {
				break
			}
			p = search.Page{Size: 2, Below: got.Last}
			// One of the newest actions ceases to match, two more are added.
			f.accept(reverse(fmt.Sprintf("o%d", 7-i)), f.order(fmt.Sprintf("new%d", 2*i)), f.order(fmt.Sprintf("new%d", 2*i+1)))
			f.apply()
		}
		same(f, []int64{7, 6, 5, 4, 3, 2, 1}, seen, "actions seen")
	}},
	{"pages by cursor work with filters that have their own index", func(f *fixture) {
		f.sevenOrders()
		filter := search.ActionFilter{Updated: search.TimeRange{Start: start}}
		same(f, []int64{4, 3, 2}, f.actions(filter, search.Page{Size: 3, Below: 5}).numbers(), "below")
		same(f, []int64{6, 5, 4}, f.actions(filter, search.Page{Size: 3, Above: 3}).numbers(), "above")
		same(f, []int64{4, 3, 2}, f.updates(filter, search.Page{Size: 3, Below: 5}).numbers(), "updates below")
		same(f, []int64{4, 3, 2}, f.actions(filter, search.Page{Size: 3, Number: 2}).numbers(), "counted")
	}},
}

// sevenOrders creates seven actions with one update each, so that an action, its update
// and its submission have the same number.
func (f *fixture) sevenOrders() {
	f.Helper()
	for i := range 7 {
		c := f.order(fmt.Sprintf("o%d", i+1))
		c.Lines = c.Lines[:1]
		f.accept(c)
	}
	same(f, 7, f.apply(), "completed")
}

// wantPage fails the test unless the page is the same in the lists of actions, updates and
// submissions.
func (f *fixture) wantPage(p search.Page, want search.PageInfo, of []int64) {
	f.Helper()
	label := fmt.Sprintf("page %+v", p)
	actions, updates, submissions := f.actions(search.ActionFilter{}, p), f.updates(search.ActionFilter{}, p), f.submissions(search.SubmissionFilter{}, p)
	same(f, []search.PageInfo{want, want, want}, []search.PageInfo{actions.PageInfo, updates.PageInfo, submissions.PageInfo}, label)
	same(f, [][]int64{of, of, of}, [][]int64{actions.numbers(), updates.numbers(), submissions.numbers()}, label)
}
