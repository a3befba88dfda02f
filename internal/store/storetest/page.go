package storetest

import (
	"fmt"

	"github.com/trueup-ledger/trueup/ledger"
)

var pagePromises = []promise{
	{"pages are counted from the newest and say what they are part of", func(f *fixture) {
		f.sevenOrders()
		for _, c := range []struct {
			page ledger.Page
			want ledger.PageInfo
			of   []int64
		}{
			{ledger.Page{Size: 3, Number: 1}, ledger.PageInfo{Total: 7, Count: 3, First: 7, Last: 5, More: true}, []int64{7, 6, 5}},
			{ledger.Page{Size: 3, Number: 2}, ledger.PageInfo{Total: 7, Count: 3, First: 4, Last: 2, More: true}, []int64{4, 3, 2}},
			{ledger.Page{Size: 3, Number: 3}, ledger.PageInfo{Total: 7, Count: 1, First: 1, Last: 1}, []int64{1}},
			{ledger.Page{Size: 3, Number: 4}, ledger.PageInfo{Total: 7}, []int64{}},
			{ledger.Page{Size: 3, Number: 1 << 62}, ledger.PageInfo{Total: 7}, []int64{}},
			{ledger.Page{Size: 7, Number: 1}, ledger.PageInfo{Total: 7, Count: 7, First: 7, Last: 1}, []int64{7, 6, 5, 4, 3, 2, 1}},
			{ledger.Page{Size: 3, Below: 5}, ledger.PageInfo{Total: 7, Count: 3, First: 4, Last: 2, More: true}, []int64{4, 3, 2}},
			{ledger.Page{Size: 3, Below: 4}, ledger.PageInfo{Total: 7, Count: 3, First: 3, Last: 1}, []int64{3, 2, 1}},
			{ledger.Page{Size: 3, Below: 1}, ledger.PageInfo{Total: 7}, []int64{}},
			{ledger.Page{Size: 3, Above: 1}, ledger.PageInfo{Total: 7, Count: 3, First: 4, Last: 2, More: true}, []int64{4, 3, 2}},
			{ledger.Page{Size: 3, Above: 5}, ledger.PageInfo{Total: 7, Count: 2, First: 7, Last: 6, More: true}, []int64{7, 6}},
			{ledger.Page{Size: 3, Above: 7}, ledger.PageInfo{Total: 7}, []int64{}},
		} {
			f.everyList(c.page, c.want, c.of)
		}
	}},
	{"a list of more than the most is counted to there and is empty", func(f *fixture) {
		f.sevenOrders()
		f.everyList(ledger.Page{Size: 3, Number: 1, Most: 6}, ledger.PageInfo{Total: 7}, []int64{})
		f.everyList(ledger.Page{Size: 3, Number: 1, Most: 5}, ledger.PageInfo{Total: 6}, []int64{})
		f.everyList(ledger.Page{Size: 2, Number: 1, Most: 7}, ledger.PageInfo{Total: 7, Count: 2, First: 7, Last: 6, More: true}, []int64{7, 6})
	}},
	{"an empty list has no pages", func(f *fixture) {
		f.everyList(ledger.Page{Size: 3, Number: 1}, ledger.PageInfo{}, []int64{})
		f.everyList(ledger.Page{Size: 3, Below: 5}, ledger.PageInfo{}, []int64{})
		f.everyList(ledger.Page{Size: 3, Above: 5}, ledger.PageInfo{}, []int64{})
	}},
	{"with cursors every object that stays is seen once, whatever comes and goes meanwhile", func(f *fixture) {
		f.sevenOrders()
		filter := ledger.ActionFilter{State: ledger.Pending, Now: f.now}
		seen := []int64{}
		p := ledger.Page{Size: 2, Number: 1}
		for i := 0; ; i++ {
			got := f.actions(filter, p)
			seen = append(seen, got.numbers()...)
			if !got.More {
				break
			}
			p = ledger.Page{Size: 2, Below: got.Last}
			// One of the newest goes, two more come.
			f.accept(reverse(fmt.Sprintf("o%d", 7-i)), f.order(fmt.Sprintf("new%d", 2*i)), f.order(fmt.Sprintf("new%d", 2*i+1)))
			f.apply()
		}
		same(f, []int64{7, 6, 5, 4, 3, 2, 1}, seen, "actions seen")
	}},
	{"cursors hold for filters that have an index of their own", func(f *fixture) {
		f.sevenOrders()
		filter := ledger.ActionFilter{Updated: ledger.TimeRange{Start: start}}
		same(f, []int64{4, 3, 2}, f.actions(filter, ledger.Page{Size: 3, Below: 5}).numbers(), "below")
		same(f, []int64{6, 5, 4}, f.actions(filter, ledger.Page{Size: 3, Above: 3}).numbers(), "above")
		same(f, []int64{4, 3, 2}, f.updates(filter, ledger.Page{Size: 3, Below: 5}).numbers(), "updates below")
		same(f, []int64{4, 3, 2}, f.actions(filter, ledger.Page{Size: 3, Number: 2}).numbers(), "counted")
	}},
}

// sevenOrders makes seven actions with one update each: their numbers, the
// updates' and the submissions' are the same.
func (f *fixture) sevenOrders() {
	f.Helper()
	for i := range 7 {
		c := f.order(fmt.Sprintf("o%d", i+1))
		c.Lines = c.Lines[:1]
		f.accept(c)
	}
	same(f, 7, f.apply(), "completed")
}

func (f *fixture) everyList(p ledger.Page, want ledger.PageInfo, of []int64) {
	f.Helper()
	what := fmt.Sprintf("page %+v", p)
	actions, updates, submissions := f.actions(ledger.ActionFilter{}, p), f.updates(ledger.ActionFilter{}, p), f.submissions(ledger.SubmissionFilter{}, p)
	same(f, []ledger.PageInfo{want, want, want}, []ledger.PageInfo{actions.PageInfo, updates.PageInfo, submissions.PageInfo}, what)
	same(f, [][]int64{of, of, of}, [][]int64{actions.numbers(), updates.numbers(), submissions.numbers()}, what)
}
