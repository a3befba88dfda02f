package storetest

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/ledger"
)

var filterGuarantees = []guarantee{
	{"actions are found by each filter and by all filters together", filterActions},
	{"updates are found by each filter and by all filters together", filterUpdates},
	{"states follow the clock without a write", func(f *fixture) {
		f.accept(f.order("a"), f.order("b"), reverse("b"))
		f.apply()
		locking := f.action(1).LockingDate
		for _, c := range []struct {
			state ledger.State
			now   time.Time
			want  []int64
		}{
			{ledger.Pending, locking.Add(-time.Microsecond), []int64{1}},
			{ledger.Approved, locking.Add(-time.Microsecond), []int64{}},
			{ledger.Pending, locking, []int64{}},
			{ledger.Approved, locking, []int64{1}},
			{ledger.Reversed, locking, []int64{2}},
			{ledger.Reversed, f.now, []int64{2}},
		} {
			filter := search.ActionFilter{State: c.state, Now: c.now}
			same(f, c.want, f.actions(filter, everything).numbers(), string(c.state)+" actions")
		}
	}},
	{"the states of updates don't follow the clock or the action", func(f *fixture) {
		f.accept(f.order("a"), f.order("b"), reverse("b"))
		f.apply()
		for _, now := range []time.Time{f.now, f.action(1).LockingDate} {
			for state, want := range map[ledger.State][]int64{
				ledger.Pending: {4, 3, 2, 1}, ledger.Approved: {}, ledger.Reversed: {6, 5},
			} {
				got := f.updates(search.ActionFilter{State: state, Now: now}, everything)
				same(f, want, got.numbers(), string(state)+" updates")
			}
		}
	}},
	{"an open-ended action has no locking date before it is locked", func(f *fixture) {
		open := f.order("a")
		open.EventType = locksByCode
		f.accept(open)
		f.apply()
		action := f.actions(search.ActionFilter{}, everything).objects[0]
		all := search.ActionFilter{Now: f.now, LockingDate: search.TimeRange{Start: f.now.AddDate(-1, 0, 0), End: f.now.AddDate(5, 0, 0)}}
		same(f, 0, f.actions(all, everything).Total, "before")
		same(f, 0, f.updates(all, everything).Total, "updates before")
		f.accept(ledger.Modification{Address: ledger.Address{Action: action.ID}, Reason: "checked"})
		f.apply()
		same(f, 1, f.actions(all, everything).Total, "after the code")
		same(f, []int64{3}, f.updates(all, everything).numbers(), "updates after the code")
		all.Now = action.LockingDate.Add(time.Second)
		same(f, 1, f.actions(all, everything).Total, "after the latest date")
	}},
	{"updates are found by the locking date of their time", func(f *fixture) {
		f.accept(f.order("a"))
		f.apply()
		first := f.action(1).LockingDate
		f.accept(ledger.Modification{Address: ledger.Address{Action: idOf(1)}, Reason: "checked"}) // locks it now
		f.apply()
		around := func(t time.Time) search.ActionFilter {
			return search.ActionFilter{Now: f.now, LockingDate: search.TimeRange{Start: t, End: t.Add(time.Second)}}
		}
		same(f, []int64{2, 1}, f.updates(around(first), everything).numbers(), "updates by the first date")
		same(f, []int64{3}, f.updates(around(f.action(1).LockingDate), everything).numbers(), "updates by the present date")
	}},
	{"submissions are found by each filter and by all filters together", filterSubmissions},
}

// orders creates one order each minute: a and c of one partner, b of the other. Then it
// changes the first item of a.
func (f *fixture) orders() {
	f.Helper()
	second := f.order("b")
	second.Partner, second.EventType, second.EventDate = otherPartner, locksByCode, f.now.AddDate(0, 0, -10)
	second.Lines = second.Lines[:1]
	third := f.order("c")
	third.Lines = third.Lines[1:]
	for _, c := range []ledger.Command{f.order("a"), second, third, setQuantity("a", "12345", 1)} {
		f.accept(c)
		f.apply()
		f.now = f.now.Add(time.Minute)
	}
}

func filterActions(f *fixture) {
	begin := f.now
	f.orders()
	minute := func(n int) time.Time { return begin.Add(time.Duration(n) * time.Minute) }
	for name, c := range map[string]struct {
		filter search.ActionFilter
		want   []int64
	}{
		"nothing":        {search.ActionFilter{}, []int64{3, 2, 1}},
		"campaign":       {search.ActionFilter{Campaign: campaign}, []int64{3, 2, 1}},
		"other campaign": {search.ActionFilter{Campaign: campaign + 1}, []int64{}},
		"event type":     {search.ActionFilter{EventType: locksByDay}, []int64{3, 1}},
		"partner":        {search.ActionFilter{Partner: otherPartner}, []int64{2}},
		"action":         {search.ActionFilter{Action: idOf(1)}, []int64{1}},
		"wrong action":   {search.ActionFilter{Action: idOf(2)}, []int64{}},
		"order":          {search.ActionFilter{Order: "c"}, []int64{3}},
		"item":           {search.ActionFilter{SKU: "67890"}, []int64{3, 1}},
		"updated since":  {search.ActionFilter{Updated: search.TimeRange{Start: minute(2)}}, []int64{3, 1}},
		"updated before": {search.ActionFilter{Updated: search.TimeRange{End: minute(2)}}, []int64{2}},
		"updated in":     {search.ActionFilter{Updated: search.TimeRange{Start: minute(2), End: minute(3)}}, []int64{3}},
		"between micros": {search.ActionFilter{Updated: search.TimeRange{Start: minute(3).Add(1)}}, []int64{}},
		"event date":     {search.ActionFilter{EventDate: search.TimeRange{Start: begin.AddDate(0, 0, -10), End: begin}}, []int64{2}},
		"locking":        {search.ActionFilter{Now: f.now, LockingDate: search.TimeRange{Start: begin, End: begin.AddDate(0, 0, 20)}}, []int64{3, 1}},
		"all together": {search.ActionFilter{
			Campaign: campaign, EventType: locksByDay, Partner: partner, Action: idOf(1), Order: "a", SKU: "12345",
			State: ledger.Pending, Now: f.now, Updated: search.TimeRange{Start: minute(3), End: minute(4)},
			EventDate: search.TimeRange{Start: begin, End: minute(1)}, LockingDate: search.TimeRange{Start: begin, End: begin.AddDate(1, 0, 0)},
		}, []int64{1}},
		"two that exclude each other": {search.ActionFilter{Order: "a", SKU: "none"}, []int64{}},
	} {
		got := f.actions(c.filter, everything)
		same(f, c.want, got.numbers(), name)
		same(f, len(c.want), got.Total, "total by "+name)
	}
}

func filterUpdates(f *fixture) {
	begin := f.now
	f.orders() // updates 1 and 2 of action 1, 3 of 2, 4 of 3, 5 of 1
	minute := func(n int) time.Time { return begin.Add(time.Duration(n) * time.Minute) }
	for name, c := range map[string]struct {
		filter search.ActionFilter
		want   []int64
	}{
		"nothing":      {search.ActionFilter{}, []int64{5, 4, 3, 2, 1}},
		"campaign":     {search.ActionFilter{Campaign: campaign}, []int64{5, 4, 3, 2, 1}},
		"event type":   {search.ActionFilter{EventType: locksByDay}, []int64{5, 4, 2, 1}},
		"partner":      {search.ActionFilter{Partner: otherPartner}, []int64{3}},
		"action":       {search.ActionFilter{Action: idOf(1)}, []int64{5, 2, 1}},
		"wrong action": {search.ActionFilter{Action: idOf(2)}, []int64{}},
		"order":        {search.ActionFilter{Order: "c"}, []int64{4}},
		"item":         {search.ActionFilter{SKU: "67890"}, []int64{4, 2}},
		"since":        {search.ActionFilter{Updated: search.TimeRange{Start: minute(2)}}, []int64{5, 4}},
		"before":       {search.ActionFilter{Updated: search.TimeRange{End: minute(1)}}, []int64{2, 1}},
		"in":           {search.ActionFilter{Updated: search.TimeRange{Start: minute(1), End: minute(3)}}, []int64{4, 3}},
		"never":        {search.ActionFilter{Updated: search.TimeRange{Start: minute(9), End: minute(10)}}, []int64{}},
		"event date":   {search.ActionFilter{EventDate: search.TimeRange{End: begin}}, []int64{3}},
		"all together": {search.ActionFilter{
			Campaign: campaign, EventType: locksByDay, Partner: partner, Action: idOf(1), Order: "a", SKU: "12345",
			State: ledger.Pending, Now: f.now, Updated: search.TimeRange{Start: minute(0), End: minute(1)},
			EventDate: search.TimeRange{Start: begin, End: minute(1)}, LockingDate: search.TimeRange{Start: begin, End: begin.AddDate(1, 0, 0)},
		}, []int64{1}},
	} {
		got := f.updates(c.filter, everything)
		same(f, c.want, got.numbers(), name)
		same(f, len(c.want), got.Total, "total by "+name)
	}
}

func filterSubmissions(f *fixture) {
	begin := f.now
	minute := func(n int) time.Time { return begin.Add(time.Duration(n) * time.Minute) }
	f.orders() // 1 to 3 are conversions, 4 changes action 1
	byID := ledger.Address{Action: idOf(1)}
	for _, c := range []ledger.Command{
		ledger.Reversal{Address: byID, Reason: "REJECTED"},                                                            // 5
		ledger.Modification{Address: byID, Reason: ledger.ReasonOrderUpdate, Items: setQuantity("", "none", 1).Items}, // 6 fails
		ledger.Undo{Submission: 5}, // 7
		reverse("none"),            // 8 fails
	} {
		f.accept(c)
		f.now = f.now.Add(time.Minute)
	}
	f.apply()
	f.accept(ledger.Reversal{Address: byID, Reason: "REJECTED"}, setQuantity("c", "67890", 2)) // 9 and 10, queued
	yes, no := true, false
	for name, c := range map[string]struct {
		filter search.SubmissionFilter
		want   []int64
	}{
		"nothing":        {search.SubmissionFilter{}, []int64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}},
		"kind":           {search.SubmissionFilter{Kinds: []ledger.Kind{ledger.KindReversal}}, []int64{9, 8, 5}},
		"kinds":          {search.SubmissionFilter{Kinds: []ledger.Kind{ledger.KindModification, ledger.KindUndo}}, []int64{10, 7, 6, 4}},
		"order":          {search.SubmissionFilter{Order: "a"}, []int64{7, 6, 5, 4, 1}},
		"order, queued":  {search.SubmissionFilter{Order: "c"}, []int64{10, 3}},
		"order, unknown": {search.SubmissionFilter{Order: "none"}, []int64{8}},
		"action":         {search.SubmissionFilter{Action: idOf(1)}, []int64{9, 7, 6, 5, 4, 1}},
		"wrong action":   {search.SubmissionFilter{Action: idOf(2)}, []int64{}},
		"complete":       {search.SubmissionFilter{Complete: &yes}, []int64{8, 7, 6, 5, 4, 3, 2, 1}},
		"queued":         {search.SubmissionFilter{Complete: &no}, []int64{10, 9}},
		"failed":         {search.SubmissionFilter{Failed: &yes}, []int64{8, 6}},
		"not failed":     {search.SubmissionFilter{Failed: &no}, []int64{10, 9, 7, 5, 4, 3, 2, 1}},
		"accepted":       {search.SubmissionFilter{Accepted: search.TimeRange{Start: minute(2), End: minute(4)}}, []int64{4, 3}},
		"since":          {search.SubmissionFilter{Accepted: search.TimeRange{Start: minute(7)}}, []int64{10, 9, 8}},
		"all together": {search.SubmissionFilter{
			Kinds: []ledger.Kind{ledger.KindModification}, Order: "a", Action: idOf(1),
			Accepted: search.TimeRange{Start: begin, End: f.now}, Complete: &yes, Failed: &no,
		}, []int64{4}},
	} {
		got := f.submissions(c.filter, everything)
		same(f, c.want, got.numbers(), name)
		same(f, len(c.want), got.Total, "total by "+name)
	}
}
