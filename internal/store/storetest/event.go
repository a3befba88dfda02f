package storetest

import (
	"math/rand/v2"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

func noticeBegins(f *fixture) {
	f.accept(f.order("before"))
	f.apply()
	f.accept(f.order("queued"))
	n := f.notify(ledger.Notification{})
	same(f, []int64{}, numbersOf(f.events(n)), "at first")
	f.apply()
	same(f, []int64{2}, numbersOf(f.events(n)), "what was queued before and applied after")
	n.State = "PAUSED"
	f.notify(n)
	f.accept(f.order("meanwhile"))
	f.apply()
	n.State = ledger.StateActive
	f.notify(n)
	same(f, []int64{}, numbersOf(f.events(n)), "after the pause")
	f.accept(f.order("then"))
	f.apply()
	n.URL = "http://localhost/other"
	f.notify(n)
	same(f, []int64{4}, numbersOf(f.events(n)), "a change of the URL skips nothing")
}

func noticeEvents(f *fixture) {
	n := f.notify(ledger.Notification{})
	f.accept(f.order("a"), setQuantity("a", "12345", 1), setQuantity("a", "12345", 1), reverse("none"), setQuantity("a", "67890", 0),
		reverse("a"), ledger.Modification{Address: ledger.Address{EventType: locksByDay, Order: "a"}, Reason: ledger.ReasonReset})
	f.apply()
	events := f.events(n)
	same(f, []int64{1, 2, 5, 6, 7}, numbersOf(events), "submissions that changed something")
	var kinds []ledger.Event
	var amounts, deltas []int64
	for _, e := range events.List {
		kinds = append(kinds, e.Kind)
		amounts, deltas = append(amounts, int64(e.Is.Amount)), append(deltas, int64(e.Is.Delta.Amount))
		same(f, e.Update.ChainPosition, e.Is.Last, "the last update of the submission")
	}
	same(f, []ledger.Event{"tracked", "modified", "modified", "reversed", "modified"}, kinds, "kinds")
	same(f, []int64{2199, 1236, 964, 0, 2199}, amounts, "amounts as they were then")
	same(f, []int64{2199, -963, -272, -964, 2199}, deltas, "changes of the amount")
	f.keep(events)
	same(f, []int64{}, numbersOf(f.events(n)), "afterwards")
}

func noticeHistory(f *fixture) {
	n := f.notify(ledger.Notification{})
	random := rand.New(rand.NewPCG(21, 0))
	type told struct {
		Kind ledger.Event
		Is   ledger.Action
	}
	want, noted := make(map[int64]told), int64(0)
	actions := make(map[int64]ledger.Action)
	noting := func(w ledger.Lookup, s ledger.Submission, t ledger.ApplyContext) (ledger.Change, error) {
		c, err := ledger.Decide(w, s, t)
		if len(c.Updates) > 0 && s.Number > noted { // for an undo, earlier ones are decided again
			noted = s.Number
			want[s.Number] = told{ledger.EventOf(actions[c.Action.ID.Number], c.Action), c.Action}
			actions[c.Action.ID.Number] = c.Action
		}
		return c, err
	}
	for accepted := int64(0); accepted < 400; {
		commands := make([]ledger.Command, 20)
		for i := range commands {
			commands[i] = f.anything(random, 8, accepted+int64(i))
		}
		accepted += int64(len(f.accept(commands...)))
		must(f.Apply(f.Context(), account, f.now, store.MaxBatch, noting))(f)
		if random.IntN(3) == 0 {
			f.now = f.now.Add(time.Minute)
		}
	}
	events := f.events(n)
	same(f, len(want), len(events.List), "events")
	for _, e := range events.List {
		is := want[e.Update.Submission]
		same(f, is, told{e.Kind, e.Is}, "what was decided")
	}
}

func noticeFilters(f *fixture) {
	f.notify(ledger.Notification{})
	lead := f.order("lead")
	lead.EventType = locksByCode
	f.accept(f.order("a"), lead, setQuantity("a", "12345", 1), reverse("a"))
	f.apply()
	for _, c := range []struct {
		n    ledger.Notification
		want []int64
	}{
		{ledger.Notification{}, []int64{1, 2, 3, 4}},
		{ledger.Notification{EventTypes: []int64{locksByCode}}, []int64{2}},
		{ledger.Notification{Events: []ledger.Event{ledger.EventReversed, ledger.EventModified}}, []int64{3, 4}},
		{ledger.Notification{EventTypes: []int64{locksByCode}, Events: []ledger.Event{ledger.EventReversed}}, []int64{}},
		{ledger.Notification{Campaign: campaign + 1}, []int64{}},
	} {
		n := f.notify(c.n)
		events := f.events(n)
		same(f, c.want, numbersOf(events), "events")
		if events.To <= events.From {
			f.Errorf("the cursor stays at %d", events.To)
		}
	}
}
