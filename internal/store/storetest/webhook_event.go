package storetest

import (
	"math/rand/v2"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func webhookBegins(f *fixture) {
	f.accept(f.order("before"))
	f.apply()
	f.accept(f.order("queued"))
	n := f.recordNotification(program.Notification{})
	same(f, []int64{}, eventNumbers(f.events(n)), "before anything else is applied")
	f.apply()
	same(f, []int64{2}, eventNumbers(f.events(n)), "queued before, applied after")
	n.State = "PAUSED"
	f.recordNotification(n)
	f.accept(f.order("meanwhile"))
	f.apply()
	n.State = program.StateActive
	f.recordNotification(n)
	same(f, []int64{}, eventNumbers(f.events(n)), "after the pause")
	f.accept(f.order("then"))
	f.apply()
	n.URL = "http://localhost/other"
	f.recordNotification(n)
	same(f, []int64{4}, eventNumbers(f.events(n)), "a change of the URL skips nothing")
}

func webhookEvents(f *fixture) {
	n := f.recordNotification(program.Notification{})
	f.accept(f.order("a"), setQuantity("a", "12345", 1), setQuantity("a", "12345", 1), reverse("none"), setQuantity("a", "67890", 0),
		reverse("a"), ledger.Modification{Address: ledger.Address{EventType: locksByDay, Order: "a"}, Reason: ledger.ReasonReset})
	f.apply()
	events := f.events(n)
	same(f, []int64{1, 2, 5, 6, 7}, eventNumbers(events), "submissions that changed the action")
	var kinds []program.Event
	var amounts, deltas []int64
	for _, e := range events.List {
		kinds = append(kinds, e.Kind)
		amounts, deltas = append(amounts, int64(e.Action.Amount)), append(deltas, int64(e.Action.Delta.Amount))
		same(f, e.Update.Number, e.Action.Last.Number, "the last update of the submission")
	}
	same(f, []program.Event{"tracked", "modified", "modified", "reversed", "modified"}, kinds, "kinds")
	same(f, []int64{2199, 1236, 964, 0, 2199}, amounts, "amounts as they were then")
	same(f, []int64{2199, -963, -272, -964, 2199}, deltas, "changes of the amount")
	f.save(events)
	same(f, []int64{}, eventNumbers(f.events(n)), "after the results were stored")
}

func webhookHistory(f *fixture) {
	n := f.recordNotification(program.Notification{})
	random := rand.New(rand.NewPCG(21, 0))
	type event struct {
		Kind   program.Event
		Action ledger.Action
	}
	want, last := make(map[int64]event), int64(0)
	actions := make(map[int64]ledger.Action)
	recordingDecide := func(l ledger.Lookup, s ledger.Submission, actx ledger.ApplyContext) (ledger.Change, error) {
		c, err := ledger.Decide(l, s, actx)
		if len(c.Updates) > 0 && s.Number > last { // an undo decides earlier submissions again
			last = s.Number
			want[s.Number] = event{store.EventOf(actions[c.Action.ID.Number], c.Action), c.Action}
			actions[c.Action.ID.Number] = c.Action
		}
		return c, err
	}
	for accepted := int64(0); accepted < 400; {
		commands := make([]ledger.Command, 20)
		for i := range commands {
			commands[i] = f.randomCommand(random, 8, accepted+int64(i))
		}
		accepted += int64(len(f.accept(commands...)))
		must(f.Apply(f.Context(), account, f.now, store.MaxBatch, recordingDecide))(f)
		if random.IntN(3) == 0 {
			f.now = f.now.Add(time.Minute)
		}
	}
	events := f.events(n)
	same(f, len(want), len(events.List), "events")
	for _, e := range events.List {
		decided := want[e.Update.Submission]
		same(f, event{decided.Kind, withoutHash(decided.Action)}, event{e.Kind, withoutHash(e.Action)}, "the event")
	}
}

func webhookFilters(f *fixture) {
	f.recordNotification(program.Notification{})
	lead := f.order("lead")
	lead.EventType = locksByCode
	f.accept(f.order("a"), lead, setQuantity("a", "12345", 1), reverse("a"))
	f.apply()
	for _, c := range []struct {
		n    program.Notification
		want []int64
	}{
		{program.Notification{}, []int64{1, 2, 3, 4}},
		{program.Notification{EventTypes: []int64{locksByCode}}, []int64{2}},
		{program.Notification{Events: []program.Event{program.EventReversed, program.EventModified}}, []int64{3, 4}},
		{program.Notification{EventTypes: []int64{locksByCode}, Events: []program.Event{program.EventReversed}}, []int64{}},
		{program.Notification{Campaign: campaign + 1}, []int64{}},
	} {
		n := f.recordNotification(c.n)
		events := f.events(n)
		same(f, c.want, eventNumbers(events), "events")
		if events.To <= events.From {
			f.Errorf("the cursor stays at %d", events.To)
		}
	}
}
