package storetest

import (
	"time"

	trueup "github.com/trueup-ledger/trueup"
)

var filterPromises = []promise{
	{"actions are found by each filter and by all together", filterActions},
	{"updates are found by each filter and by all together", filterUpdates},
	{"states follow the clock without anything being written", func(f *fixture) {
		f.accept(f.order("a"), f.order("b"), reverse("b"))
		f.apply()
		locking := f.action(1).Locking
		for _, c := range []struct {
			state trueup.State
			now   time.Time
			want  []int64
		}{
			{trueup.Pending, locking.Add(-time.Microsecond), []int64{1}},
			{trueup.Approved, locking.Add(-time.Microsecond), []int64{}},
			{trueup.Pending, locking, []int64{}},
			{trueup.Approved, locking, []int64{1}},
			{trueup.Reversed, locking, []int64{2}},
			{trueup.Reversed, f.now, []int64{2}},
		} {
			filter := trueup.ActionFilter{State: c.state, Now: c.now}
			same(f, c.want, f.actions(filter, everything).numbers(), string(c.state)+" actions")
			wantUpdates := map[int64][]int64{1: {2, 1}, 2: {6, 5, 4, 3}}
			want := []int64{}
			for _, number := range c.want {
				want = append(want, wantUpdates[number]...)
			}
			same(f, want, f.updates(filter, everything).numbers(), string(c.state)+" updates")
		}
	}},
	{"an open-ended action has no locking date before it is locked", func(f *fixture) {
		open := f.order("a")
		open.EventType = locksByCode
		f.accept(open)
		f.apply()
		action := f.actions(trueup.ActionFilter{}, everything).of[0]
		all := trueup.ActionFilter{Now: f.now, Locking: trueup.Span{Start: f.now.AddDate(-1, 0, 0), End: f.now.AddDate(5, 0, 0)}}
		same(f, 0, f.actions(all, everything).Total, "before")
		same(f, 0, f.updates(all, everything).Total, "updates before")
		f.accept(trueup.Modification{Address: trueup.Address{Action: action.ID}, Reason: "checked"})
		f.apply()
		same(f, 1, f.actions(all, everything).Total, "after the code")
		all.Now = action.Locking.Add(time.Second)
		same(f, 1, f.actions(all, everything).Total, "after the latest date")
	}},
	{"submissions are found by each filter and by all together", filterSubmissions},
}

// orders fills the ledger with one order each minute: a and c of the partner, b
// of the other; then a's first item is changed.
func (f *fixture) orders() {
	f.Helper()
	second := f.order("b")
	second.Partner, second.EventType, second.EventDate = otherPartner, locksByCode, f.now.AddDate(0, 0, -10)
	second.Lines = second.Lines[:1]
	third := f.order("c")
	third.Lines = third.Lines[1:]
	for _, c := range []trueup.Command{f.order("a"), second, third, setQuantity("a", "12345", 1)} {
		f.accept(c)
		f.apply()
		f.now = f.now.Add(time.Minute)
	}
}

func filterActions(f *fixture) {
	began := f.now
	f.orders()
	minute := func(n int) time.Time { return began.Add(time.Duration(n) * time.Minute) }
	for name, c := range map[string]struct {
		filter trueup.ActionFilter
		want   []int64
	}{
		"nothing":        {trueup.ActionFilter{}, []int64{3, 2, 1}},
		"campaign":       {trueup.ActionFilter{Campaign: campaign}, []int64{3, 2, 1}},
		"other campaign": {trueup.ActionFilter{Campaign: campaign + 1}, []int64{}},
		"event type":     {trueup.ActionFilter{EventType: locksByDay}, []int64{3, 1}},
		"partner":        {trueup.ActionFilter{Partner: otherPartner}, []int64{2}},
		"action":         {trueup.ActionFilter{Action: idOf(1)}, []int64{1}},
		"wrong action":   {trueup.ActionFilter{Action: idOf(2)}, []int64{}},
		"order":          {trueup.ActionFilter{Order: "c"}, []int64{3}},
		"item":           {trueup.ActionFilter{SKU: "67890"}, []int64{3, 1}},
		"updated since":  {trueup.ActionFilter{Updated: trueup.Span{Start: minute(2)}}, []int64{3, 1}},
		"updated before": {trueup.ActionFilter{Updated: trueup.Span{End: minute(2)}}, []int64{2}},
		"updated in":     {trueup.ActionFilter{Updated: trueup.Span{Start: minute(2), End: minute(3)}}, []int64{3}},
		"between micros": {trueup.ActionFilter{Updated: trueup.Span{Start: minute(3).Add(1)}}, []int64{}},
		"event date":     {trueup.ActionFilter{EventDate: trueup.Span{Start: began.AddDate(0, 0, -10), End: began}}, []int64{2}},
		"locking":        {trueup.ActionFilter{Now: f.now, Locking: trueup.Span{Start: began, End: began.AddDate(0, 0, 20)}}, []int64{3, 1}},
		"all together": {trueup.ActionFilter{
			Campaign: campaign, EventType: locksByDay, Partner: partner, Action: idOf(1), Order: "a", SKU: "12345",
			State: trueup.Pending, Now: f.now, Updated: trueup.Span{Start: minute(3), End: minute(4)},
			EventDate: trueup.Span{Start: began, End: minute(1)}, Locking: trueup.Span{Start: began, End: began.AddDate(1, 0, 0)},
		}, []int64{1}},
		"two that exclude each other": {trueup.ActionFilter{Order: "a", SKU: "none"}, []int64{}},
	} {
		got := f.actions(c.filter, everything)
		same(f, c.want, got.numbers(), name)
		same(f, len(c.want), got.Total, "total by "+name)
	}
}

func filterUpdates(f *fixture) {
	began := f.now
	f.orders() // updates 1 and 2 of action 1, 3 of 2, 4 of 3, 5 of 1
	minute := func(n int) time.Time { return began.Add(time.Duration(n) * time.Minute) }
	for name, c := range map[string]struct {
		filter trueup.ActionFilter
		want   []int64
	}{
		"nothing":      {trueup.ActionFilter{}, []int64{5, 4, 3, 2, 1}},
		"campaign":     {trueup.ActionFilter{Campaign: campaign}, []int64{5, 4, 3, 2, 1}},
		"event type":   {trueup.ActionFilter{EventType: locksByDay}, []int64{5, 4, 2, 1}},
		"partner":      {trueup.ActionFilter{Partner: otherPartner}, []int64{3}},
		"action":       {trueup.ActionFilter{Action: idOf(1)}, []int64{5, 2, 1}},
		"wrong action": {trueup.ActionFilter{Action: idOf(2)}, []int64{}},
		"order":        {trueup.ActionFilter{Order: "c"}, []int64{4}},
		"item":         {trueup.ActionFilter{SKU: "67890"}, []int64{4, 2}},
		"since":        {trueup.ActionFilter{Updated: trueup.Span{Start: minute(2)}}, []int64{5, 4}},
		"before":       {trueup.ActionFilter{Updated: trueup.Span{End: minute(1)}}, []int64{2, 1}},
		"in":           {trueup.ActionFilter{Updated: trueup.Span{Start: minute(1), End: minute(3)}}, []int64{4, 3}},
		"never":        {trueup.ActionFilter{Updated: trueup.Span{Start: minute(9), End: minute(10)}}, []int64{}},
		"event date":   {trueup.ActionFilter{EventDate: trueup.Span{End: began}}, []int64{3}},
		"all together": {trueup.ActionFilter{
			Campaign: campaign, EventType: locksByDay, Partner: partner, Action: idOf(1), Order: "a", SKU: "12345",
			State: trueup.Pending, Now: f.now, Updated: trueup.Span{Start: minute(0), End: minute(1)},
			EventDate: trueup.Span{Start: began, End: minute(1)}, Locking: trueup.Span{Start: began, End: began.AddDate(1, 0, 0)},
		}, []int64{1}},
	} {
		got := f.updates(c.filter, everything)
		same(f, c.want, got.numbers(), name)
		same(f, len(c.want), got.Total, "total by "+name)
	}
}

func filterSubmissions(f *fixture) {
	began := f.now
	minute := func(n int) time.Time { return began.Add(time.Duration(n) * time.Minute) }
	f.orders() // 1 to 3 are conversions, 4 changes action 1
	byID := trueup.Address{Action: idOf(1)}
	for _, c := range []trueup.Command{
		trueup.Reversal{Address: byID, Reason: "REJECTED"},                                                            // 5
		trueup.Modification{Address: byID, Reason: trueup.ReasonOrderUpdate, Items: setQuantity("", "none", 1).Items}, // 6 fails
		trueup.Undo{Submission: 5}, // 7
		reverse("none"),            // 8 fails
	} {
		f.accept(c)
		f.now = f.now.Add(time.Minute)
	}
	f.apply()
	f.accept(trueup.Reversal{Address: byID, Reason: "REJECTED"}, setQuantity("c", "67890", 2)) // 9 and 10, queued
	yes, no := true, false
	for name, c := range map[string]struct {
		filter trueup.SubmissionFilter
		want   []int64
	}{
		"nothing":        {trueup.SubmissionFilter{}, []int64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}},
		"kind":           {trueup.SubmissionFilter{Kinds: []trueup.Kind{trueup.KindReversal}}, []int64{9, 8, 5}},
		"kinds":          {trueup.SubmissionFilter{Kinds: []trueup.Kind{trueup.KindModification, trueup.KindUndo}}, []int64{10, 7, 6, 4}},
		"order":          {trueup.SubmissionFilter{Order: "a"}, []int64{7, 6, 5, 4, 1}},
		"order, queued":  {trueup.SubmissionFilter{Order: "c"}, []int64{10, 3}},
		"order, unknown": {trueup.SubmissionFilter{Order: "none"}, []int64{8}},
		"action":         {trueup.SubmissionFilter{Action: idOf(1)}, []int64{9, 7, 6, 5, 4, 1}},
		"wrong action":   {trueup.SubmissionFilter{Action: idOf(2)}, []int64{}},
		"complete":       {trueup.SubmissionFilter{Complete: &yes}, []int64{8, 7, 6, 5, 4, 3, 2, 1}},
		"queued":         {trueup.SubmissionFilter{Complete: &no}, []int64{10, 9}},
		"failed":         {trueup.SubmissionFilter{Failed: &yes}, []int64{8, 6}},
		"not failed":     {trueup.SubmissionFilter{Failed: &no}, []int64{10, 9, 7, 5, 4, 3, 2, 1}},
		"accepted":       {trueup.SubmissionFilter{Accepted: trueup.Span{Start: minute(2), End: minute(4)}}, []int64{4, 3}},
		"since":          {trueup.SubmissionFilter{Accepted: trueup.Span{Start: minute(7)}}, []int64{10, 9, 8}},
		"all together": {trueup.SubmissionFilter{
			Kinds: []trueup.Kind{trueup.KindModification}, Order: "a", Action: idOf(1),
			Accepted: trueup.Span{Start: began, End: f.now}, Complete: &yes, Failed: &no,
		}, []int64{4}},
	} {
		got := f.submissions(c.filter, everything)
		same(f, c.want, got.numbers(), name)
		same(f, len(c.want), got.Total, "total by "+name)
	}
}
