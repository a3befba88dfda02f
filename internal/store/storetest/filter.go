package storetest

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

var filterPromises = []promise{
	{"actions are found by each filter and by all together", filterActions},
	{"updates are found by each filter and by all together", filterUpdates},
	{"states follow the clock without anything being written", func(f *fixture) {
		f.accept(f.order("a"), f.order("b"), reverse("b"))
		f.apply()
		locking := f.action(1).Locking
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
			filter := ledger.ActionFilter{State: c.state, Now: c.now}
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
		action := f.actions(ledger.ActionFilter{}, everything).of[0]
		all := ledger.ActionFilter{Now: f.now, Locking: ledger.TimeRange{Start: f.now.AddDate(-1, 0, 0), End: f.now.AddDate(5, 0, 0)}}
		same(f, 0, f.actions(all, everything).Total, "before")
		same(f, 0, f.updates(all, everything).Total, "updates before")
		f.accept(ledger.Modification{Address: ledger.Address{Action: action.ID}, Reason: "checked"})
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
	for _, c := range []ledger.Command{f.order("a"), second, third, setQuantity("a", "12345", 1)} {
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
		filter ledger.ActionFilter
		want   []int64
	}{
		"nothing":        {ledger.ActionFilter{}, []int64{3, 2, 1}},
		"campaign":       {ledger.ActionFilter{Campaign: campaign}, []int64{3, 2, 1}},
		"other campaign": {ledger.ActionFilter{Campaign: campaign + 1}, []int64{}},
		"event type":     {ledger.ActionFilter{EventType: locksByDay}, []int64{3, 1}},
		"partner":        {ledger.ActionFilter{Partner: otherPartner}, []int64{2}},
		"action":         {ledger.ActionFilter{Action: idOf(1)}, []int64{1}},
		"wrong action":   {ledger.ActionFilter{Action: idOf(2)}, []int64{}},
		"order":          {ledger.ActionFilter{Order: "c"}, []int64{3}},
		"item":           {ledger.ActionFilter{SKU: "67890"}, []int64{3, 1}},
		"updated since":  {ledger.ActionFilter{Updated: ledger.TimeRange{Start: minute(2)}}, []int64{3, 1}},
		"updated before": {ledger.ActionFilter{Updated: ledger.TimeRange{End: minute(2)}}, []int64{2}},
		"updated in":     {ledger.ActionFilter{Updated: ledger.TimeRange{Start: minute(2), End: minute(3)}}, []int64{3}},
		"between micros": {ledger.ActionFilter{Updated: ledger.TimeRange{Start: minute(3).Add(1)}}, []int64{}},
		"event date":     {ledger.ActionFilter{EventDate: ledger.TimeRange{Start: began.AddDate(0, 0, -10), End: began}}, []int64{2}},
		"locking":        {ledger.ActionFilter{Now: f.now, Locking: ledger.TimeRange{Start: began, End: began.AddDate(0, 0, 20)}}, []int64{3, 1}},
		"all together": {ledger.ActionFilter{
			Campaign: campaign, EventType: locksByDay, Partner: partner, Action: idOf(1), Order: "a", SKU: "12345",
			State: ledger.Pending, Now: f.now, Updated: ledger.TimeRange{Start: minute(3), End: minute(4)},
			EventDate: ledger.TimeRange{Start: began, End: minute(1)}, Locking: ledger.TimeRange{Start: began, End: began.AddDate(1, 0, 0)},
		}, []int64{1}},
		"two that exclude each other": {ledger.ActionFilter{Order: "a", SKU: "none"}, []int64{}},
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
		filter ledger.ActionFilter
		want   []int64
	}{
		"nothing":      {ledger.ActionFilter{}, []int64{5, 4, 3, 2, 1}},
		"campaign":     {ledger.ActionFilter{Campaign: campaign}, []int64{5, 4, 3, 2, 1}},
		"event type":   {ledger.ActionFilter{EventType: locksByDay}, []int64{5, 4, 2, 1}},
		"partner":      {ledger.ActionFilter{Partner: otherPartner}, []int64{3}},
		"action":       {ledger.ActionFilter{Action: idOf(1)}, []int64{5, 2, 1}},
		"wrong action": {ledger.ActionFilter{Action: idOf(2)}, []int64{}},
		"order":        {ledger.ActionFilter{Order: "c"}, []int64{4}},
		"item":         {ledger.ActionFilter{SKU: "67890"}, []int64{4, 2}},
		"since":        {ledger.ActionFilter{Updated: ledger.TimeRange{Start: minute(2)}}, []int64{5, 4}},
		"before":       {ledger.ActionFilter{Updated: ledger.TimeRange{End: minute(1)}}, []int64{2, 1}},
		"in":           {ledger.ActionFilter{Updated: ledger.TimeRange{Start: minute(1), End: minute(3)}}, []int64{4, 3}},
		"never":        {ledger.ActionFilter{Updated: ledger.TimeRange{Start: minute(9), End: minute(10)}}, []int64{}},
		"event date":   {ledger.ActionFilter{EventDate: ledger.TimeRange{End: began}}, []int64{3}},
		"all together": {ledger.ActionFilter{
			Campaign: campaign, EventType: locksByDay, Partner: partner, Action: idOf(1), Order: "a", SKU: "12345",
			State: ledger.Pending, Now: f.now, Updated: ledger.TimeRange{Start: minute(0), End: minute(1)},
			EventDate: ledger.TimeRange{Start: began, End: minute(1)}, Locking: ledger.TimeRange{Start: began, End: began.AddDate(1, 0, 0)},
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
		filter ledger.SubmissionFilter
		want   []int64
	}{
		"nothing":        {ledger.SubmissionFilter{}, []int64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}},
		"kind":           {ledger.SubmissionFilter{Kinds: []ledger.Kind{ledger.KindReversal}}, []int64{9, 8, 5}},
		"kinds":          {ledger.SubmissionFilter{Kinds: []ledger.Kind{ledger.KindModification, ledger.KindUndo}}, []int64{10, 7, 6, 4}},
		"order":          {ledger.SubmissionFilter{Order: "a"}, []int64{7, 6, 5, 4, 1}},
		"order, queued":  {ledger.SubmissionFilter{Order: "c"}, []int64{10, 3}},
		"order, unknown": {ledger.SubmissionFilter{Order: "none"}, []int64{8}},
		"action":         {ledger.SubmissionFilter{Action: idOf(1)}, []int64{9, 7, 6, 5, 4, 1}},
		"wrong action":   {ledger.SubmissionFilter{Action: idOf(2)}, []int64{}},
		"complete":       {ledger.SubmissionFilter{Complete: &yes}, []int64{8, 7, 6, 5, 4, 3, 2, 1}},
		"queued":         {ledger.SubmissionFilter{Complete: &no}, []int64{10, 9}},
		"failed":         {ledger.SubmissionFilter{Failed: &yes}, []int64{8, 6}},
		"not failed":     {ledger.SubmissionFilter{Failed: &no}, []int64{10, 9, 7, 5, 4, 3, 2, 1}},
		"accepted":       {ledger.SubmissionFilter{Accepted: ledger.TimeRange{Start: minute(2), End: minute(4)}}, []int64{4, 3}},
		"since":          {ledger.SubmissionFilter{Accepted: ledger.TimeRange{Start: minute(7)}}, []int64{10, 9, 8}},
		"all together": {ledger.SubmissionFilter{
			Kinds: []ledger.Kind{ledger.KindModification}, Order: "a", Action: idOf(1),
			Accepted: ledger.TimeRange{Start: began, End: f.now}, Complete: &yes, Failed: &no,
		}, []int64{4}},
	} {
		got := f.submissions(c.filter, everything)
		same(f, c.want, got.numbers(), name)
		same(f, len(c.want), got.Total, "total by "+name)
	}
}
