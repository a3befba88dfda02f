package ledger_test

import (
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// oracle is a second implementation of docs/rules.md, sections 1 to 8: slow, on
// fractions, written from the text alone. It shares no code with the first, only
// the types of what goes in.
type oracle struct {
	history history
	clicks  []ledger.Click
	// actions are in the order in which they were tracked.
	actions []oracleAction
	made    map[int64]oracleMade
	zone    *time.Location
}

func newOracle(s setting) *oracle {
	return &oracle{history: s.history, clicks: s.clicks, made: make(map[int64]oracleMade), zone: s.zone}
}

// oracleMade is what a submission made of its action.
type oracleMade struct{ was, is oracleAction }

type oracleState struct {
	Name, Category                                             string
	Quantity, Amount, Rebate, LineAmount, LineQuantity, Payout int64
}

// facts are the state without what is computed from it.
func (s oracleState) facts() oracleState {
	s.Payout = 0
	return s
}

type oracleItem struct {
	SKU, SubCategory string
	Now, Tracked     oracleState
	Adjusted         int64
	Reason           string
}

// oracleHead is what can change of an action beside its items; instants are in
// nanoseconds, 0 for none.
type oracleHead struct {
	CustomerStatus, Disposition string
	ReversedWhole               bool
	Locking                     int64
	OpenEnded                   bool
	FeeRate                     money.Decimal
}

type oracleAction struct {
	oracleOrder
	Items []oracleItem
}

// oracleOrder is an action without its items.
type oracleOrder struct {
	ID                                ledger.ActionID
	Partner                           int64
	Order, Promo                      string
	Currency                          money.Currency
	EventDate, Created, Updated, Last int64
	Customer                          ledger.Customer
	Head, Tracked                     oracleHead
	Terms                             ledger.TermsKey
	Amount, Payout, ClientCost        int64
	DeltaAmount, DeltaPayout          int64
	IntendedAmount, IntendedPayout    int64
	Modifications, Cap                int
}

type oracleUpdate struct {
	Item                                int
	SKU, Disposition, Category          string
	Quantity, DeltaAmount, DeltaPayout  int64
	Terms                               ledger.TermsKey
	Group, Number, Submission, Recorded int64
}

// verdict is what the oracle thinks of a submission: refused with one of the
// codes (several only where the rules give them no order), or the action as it is.
type verdict struct {
	Codes   []ledger.Code
	Action  oracleAction
	Updates []oracleUpdate
	// Terms are zero if nothing was priced.
	Terms ledger.TermsKey
}

func refused(codes ...ledger.Code) verdict { return verdict{Codes: codes} }

func stamp(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func (a oracleAction) clone() oracleAction {
	a.Items = slices.Clone(a.Items)
	return a
}

func (a oracleAction) everyItemReversed() bool {
	for _, item := range a.Items {
		if item.Now.Quantity != 0 {
			return false
		}
	}
	return true
}

// stateAt is section 7's: REVERSED stays, APPROVED comes by itself.
func (a oracleAction) stateAt(instant int64) ledger.State {
	switch {
	case a.everyItemReversed():
		return ledger.Reversed
	case instant >= a.Head.Locking:
		return ledger.Approved
	}
	return ledger.Pending
}

// sum draws the totals and the client's cost from the items, and reports whether
// they fit.
func (a *oracleAction) sum() bool {
	a.Amount, a.Payout = 0, 0
	for _, item := range a.Items {
		a.Amount += item.Now.Amount
		a.Payout += item.Now.Payout
	}
	fee, held := whole(product(count(a.Payout), part(a.Head.FeeRate)), a.Currency)
	a.ClientCost = a.Payout + fee
	return held && fits(a.Amount, a.Currency) && fits(a.Payout, a.Currency) && fits(a.ClientCost, a.Currency)
}

// judge answers what the submission does, and keeps it if it is not refused.
func (o *oracle) judge(s ledger.Submission, t ledger.ApplyContext) verdict {
	var v verdict
	switch c := s.Command.(type) {
	case ledger.Conversion:
		v = o.conversion(s, c, t)
	case ledger.Modification:
		v = o.modification(s, c, t)
	case ledger.Reversal:
		v = o.reversal(s, c, t)
	case ledger.Undo:
		v = o.undo(s, c, t)
	}
	if len(v.Codes) > 0 {
		return v
	}
	for i := range v.Updates {
		v.Updates[i].Number, v.Updates[i].Submission, v.Updates[i].Recorded = t.Update+int64(i), s.Number, stamp(t.At)
		v.Action.Last = v.Updates[i].Number
	}
	if s.Command.Kind() == ledger.KindConversion {
		o.actions = append(o.actions, v.Action)
		return v
	}
	at := slices.IndexFunc(o.actions, func(a oracleAction) bool { return a.ID.Number == v.Action.ID.Number })
	o.made[s.Number] = oracleMade{o.actions[at], v.Action}
	o.actions[at] = v.Action
	return v
}

// find resolves an address; what is given beside an id must agree with it.
func (o *oracle) find(to ledger.Address) (oracleAction, ledger.Code) {
	for _, a := range slices.Backward(o.actions) {
		eventType, order := a.ID.EventType == to.EventType, a.Order == to.Order
		switch {
		case to.Action == ledger.ActionID{} && eventType && order:
			return a.clone(), ""
		case a.ID == to.Action && (to.EventType == 0 || eventType) && (to.Order == "" || order):
			return a.clone(), ""
		case a.ID == to.Action:
			return oracleAction{}, ledger.CodeIdentifierMismatch
		}
	}
	return oracleAction{}, ledger.CodeActionNotFound
}

// full reports whether the action has taken as many submissions as it may.
func (a oracleAction) full(ref *ledger.Reference) bool {
	most := ref.Account.ModificationLimit
	if a.Cap > most {
		most = a.Cap
	}
	return a.Modifications >= most
}

// stale reports whether there is a newer update than the one the caller saw last.
func stale(a oracleAction, expected ledger.UpdateID) bool {
	return expected != ledger.UpdateID{} && (expected.Action != a.ID || expected.Number < a.Last)
}

// changedFacts is section 6's question: does the submission change something?
func changedFacts(was, is oracleAction) (items []int, head bool) {
	for i := range was.Items {
		if was.Items[i].Now.facts() != is.Items[i].Now.facts() {
			items = append(items, i)
		}
	}
	head = was.Head.CustomerStatus != is.Head.CustomerStatus ||
		was.Head.Disposition != is.Head.Disposition ||
		was.Head.ReversedWhole != is.Head.ReversedWhole ||
		was.Head.Locking != is.Head.Locking // by APPROVE, also where the conversion came with that code
	return items, head
}
