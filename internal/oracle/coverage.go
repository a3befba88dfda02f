package oracle

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// States returns the states of the reference data that the submission refers to, such
// as "partner INACTIVE" or "promo code ended". It looks at all of them, also at those
// behind the one that rejects the submission.
func (o *Oracle) States(s ledger.Submission) []string {
	ref := o.history.At(s.Accepted)
	v := &visits{ref: ref}
	v.add("currency " + string(ref.Account.Currency))
	switch c := s.Command.(type) {
	case ledger.Conversion:
		v.conversion(o, s, c)
	case ledger.Modification:
		v.change(o, s, c.Address, c.Reason)
		if c.CustomerStatus != nil {
			v.add("customer status given")
		}
		v.amount(o, c)
	case ledger.Reversal:
		v.change(o, s, c.Address, c.Reason)
	case ledger.Undo:
		if undone, found := o.effects[c.Submission]; found {
			v.change(o, s, ledger.Address{Action: undone.after.ID}, "")
		}
	}
	return v.states
}

// visits collects the states of reference data.
type visits struct {
	ref    *program.Reference
	states []string
}

func (v *visits) add(states ...string) { v.states = append(v.states, states...) }

// addState adds the state of an entry, "unknown" if there is none.
func (v *visits) addState(kind, state string, known bool) {
	switch {
	case !known:
		v.add(kind + " unknown")
	case state == "ACTIVE":
		v.add(kind + " active")
	default:
		v.add(kind + " not active")
	}
}

func (v *visits) conversion(o *Oracle, s ledger.Submission, c ledger.Conversion) {
	if len(c.Lines) == 0 && c.Amount == nil && c.SubTotal == nil && c.PostDiscount == nil {
		v.add("order without an amount")
	}
	if c.Discount != nil && len(c.Lines) > 0 && !slices.ContainsFunc(c.Lines, ledger.ConversionLine.HasPrice) {
		v.add("discount without a priced line")
	}
	if c.Currency != "" && c.Currency != v.ref.Account.Currency {
		v.rates(o, s, c)
	}
	campaign, known := v.ref.Campaigns[c.Campaign]
	v.addState("campaign", campaign.State, known)
	eventType, code := eventTypeOf(v.ref, c)
	v.addState("event type", eventType.State, code != rejection.CodeEventTypeNotFound)
	if code == rejection.CodeEventTypeCampaignMismatch {
		v.add("event type of another campaign")
	}
	if eventType.DuplicateDays == 0 && code == "" {
		v.add("event type without a duplicate window")
	}
	v.attribution(o, c)
	id, _, _ := o.referrer(v.ref, c)
	partner, known := v.ref.Partners[id]
	v.addState("partner", partner.State, known)
	if known && code == "" {
		v.contracts(c, eventType.ID, id)
	}
}

// rates adds how the rate of an order in another currency is found.
func (v *visits) rates(o *Oracle, s ledger.Submission, c ledger.Conversion) {
	tables, local := o.history.version(s.Accepted).Rates, c.EventDate.In(v.ref.Zone())
	for back := range 9 {
		date := local.AddDate(0, 0, -back).Format("2006-01-02")
		exact := rateOfDay(tables, c.Currency, v.ref.Account.Currency, date)
		switch {
		case exact == nil:
			continue
		case back == 8:
			v.add("rate too old")
		case back > 0:
			v.add("rate of a day before")
		case quoted(tables, c.Currency, v.ref.Account.Currency, date) == nil:
			v.add("rate by way of a third currency")
		default:
			v.add("rate of the day")
		}
		return
	}
}

// attribution adds the states of the attribution keys.
func (v *visits) attribution(o *Oracle, c ledger.Conversion) {
	switch {
	case c.Erased != nil:
		v.add("attribution before an erasure")
		return
	case c.Partner != 0:
		v.add("attribution by partner")
		return
	}
	for _, code := range codesOf(c) {
		v.promoCode(c, code)
	}
	if len(codesOf(c)) > 2 {
		v.add("promo codes in a list")
	}
	if c.Click != "" {
		v.click(o, c)
	}
	if c.Customer != "" {
		if _, referral := o.newestReferral(c); referral != "" {
			v.add("customer referred by " + referral)
		} else {
			v.add("customer unknown")
		}
	}
	for key, value := range map[program.ClickKey]string{
		program.ClickByCustomID: c.CustomClick, program.ClickByURL: c.UniqueURL,
		program.ClickByProfile: c.Profile, program.ClickByCaller: c.CallerID,
	} {
		if o.newestClick(c, value, key) != 0 {
			v.add(fmt.Sprint("click by key ", key))
		}
	}
	if c.OtherKey {
		v.add("attribution by another key")
	}
	v.found(o, c)
}

// found adds whether the attribution fell through to a later key, or to the campaign.
func (v *visits) found(o *Oracle, c ledger.Conversion) {
	partner, referral, promo := o.referrer(v.ref, c)
	switch fallback := v.ref.Campaigns[c.Campaign].FallbackPartner; {
	case partner == 0:
		v.add("campaign without a fallback partner")
	case referral == "REPORTED_PARTNER_ID" && partner == fallback:
		v.add("fallback partner")
	case referral == "PROMOCODE" && promo != c.PromoCode:
		v.add("promo code found in a list")
	case referral != "PROMOCODE" && c.PromoCode != "":
		v.add("promo code fell through")
	case c.Click != "" && o.clickOwner(c) == 0:
		v.add("click fell through")
	}
}

func (v *visits) promoCode(c ledger.Conversion, code string) {
	state := "promo code unknown"
	for _, p := range v.ref.PromoCodes {
		if !strings.EqualFold(p.Code, code) {
			continue
		}
		switch {
		case p.Campaign != c.Campaign:
			state = "promo code of another campaign"
		case c.EventDate.Before(p.Start):
			state = "promo code not started"
		case p.End.IsZero():
			state = "promo code without an end"
		case c.EventDate.Before(p.End):
			state = "promo code before its end"
		default:
			state = "promo code ended"
		}
	}
	v.add(state)
}

func (v *visits) click(o *Oracle, c ledger.Conversion) {
	state := "click unknown"
	for _, click := range o.clicks {
		if click.ID == c.Click && click.Campaign == c.Campaign {
			state = "click known"
		} else if click.ID == c.Click {
			state = "click of another campaign"
		}
	}
	v.add(state)
}

// contracts adds the states of the partner's contracts and terms at EventDate.
func (v *visits) contracts(c ledger.Conversion, eventType, partner int64) {
	inForceCount := 0
	for _, contract := range v.ref.Contracts {
		switch {
		case contract.Partner != partner || contract.Campaign != c.Campaign:
		case contract.Start.After(c.EventDate):
			v.add("contract not begun")
		case !inForce(contract, c.EventDate):
			v.add("contract ended")
		default:
			inForceCount++
			v.versions(c, contract.ID, eventType)
		}
	}
	switch {
	case inForceCount == 0:
		v.add("no contract in force")
	case inForceCount > 1:
		v.add("several contracts in force")
	}
	if t, code := TermsOfConversion(v.ref, c.Campaign, eventType, partner, c.EventDate); code == "" {
		v.terms(*t)
	}
}

func (v *visits) versions(c ledger.Conversion, contract, eventType int64) {
	versions := v.ref.Terms[program.TermsOf{Contract: contract, EventType: eventType}]
	if len(versions) == 0 {
		v.add("terms absent")
	}
	for _, t := range versions {
		if t.From.After(c.EventDate) {
			v.add("terms not begun")
		}
	}
}

// terms adds the kinds of level, payout, locking and cap.
func (v *visits) terms(t program.Terms) {
	v.add("level " + string(t.Level))
	if t.Default.Flat != nil {
		v.add("payout flat")
	} else {
		v.add("payout rate")
	}
	if t.PayoutCap != nil {
		v.add("payout capped")
	}
	if len(t.Groups) > 0 {
		v.add("payout groups")
	}
	switch {
	case t.Locking.OpenEnded:
		v.add("locking open-ended")
	case t.Locking.Day > 0:
		v.add("locking on a day of a month")
	default:
		v.add("locking after days")
	}
}

// change adds the states that a submission on an action depends on.
func (v *visits) change(o *Oracle, s ledger.Submission, address ledger.Address, reason string) {
	a, code := o.find(address)
	if code != "" {
		return
	}
	if m, ok := s.Command.(ledger.Modification); ok && a.OriginalCurrency != "" {
		v.exchange(a, m)
	}
	v.addState("event type of an action", v.ref.EventTypes[a.ID.EventType].State, true)
	v.addState("partner of an action", v.ref.Partners[a.Partner].State, true)
	v.add("pricing " + string(v.ref.Campaigns[a.ID.Campaign].Pricing))
	if effect := effectOf(v.ref, a, reason); effect != "" {
		v.add("disposition " + string(effect))
	}
	if a.ModificationLimit > v.ref.Account.ModificationLimit {
		v.add("modification limit of the action")
	} else {
		v.add("modification limit of the account")
	}
	if _, code := TermsOfConversion(v.ref, a.ID.Campaign, a.ID.EventType, a.Partner, s.Accepted); code == "" {
		v.add("terms of an action in force")
	} else {
		v.add("terms of an action ended")
	}
}

// exchange adds the states that a modification of an order in another currency depends on.
func (v *visits) exchange(a Action, m ledger.Modification) {
	a.asked = m.Currency
	in := "in the account's currency"
	if a.inOriginal() {
		in = "in the original currency"
	}
	if m.Amount != nil {
		v.add("amount " + in)
	}
	for _, c := range m.Items {
		at := slices.IndexFunc(a.Items, func(item Item) bool { return item.SKU == c.SKU })
		switch {
		case at < 0:
		case c.Amount != nil:
			v.add("amount of an item " + in)
		case c.AmountDelta != nil:
			v.add("delta of an item " + in)
		case c.Rebate != nil:
			v.add("rebate of an item " + in)
		case c.Quantity != nil && *c.Quantity > 0:
			v.scaled(a, a.Items[at].Now, *c.Quantity)
		}
	}
}

// scaled adds whether a quantity gives amounts that don't agree when each is scaled.
func (v *visits) scaled(a Action, s ItemState, quantity int64) {
	part := big.NewRat(quantity, s.LineQuantity)
	account, original := roundHalfAway(product(integer(s.LineAmount), part)), roundHalfAway(product(integer(s.LineOriginal), part))
	switch {
	case a.agree(account.Int64(), original.Int64()):
		v.add("scaled amounts that agree")
	case s.Converted:
		v.add("scaled amounts of a converted line that don't agree")
	default:
		v.add("scaled amounts of a line that don't agree")
	}
}

// amount adds the states that an amount of the whole action depends on.
func (v *visits) amount(o *Oracle, m ledger.Modification) {
	a, code := o.find(m.Address)
	if code != "" || m.Amount == nil || len(m.Items) > 0 || a.everyItemReversed() {
		return
	}
	allZero := true
	for _, item := range a.Items {
		weight, ok := a.weighed(item)
		allZero = allZero && weight == 0 && ok
		if weight != item.Now.Amount {
			v.add("weight differs from the amount")
		}
	}
	if allZero && len(a.Items) > 1 {
		v.add("weights are all 0")
	}
	if a.Fixed {
		v.add("amount of an action with a fixed payout")
	}
	if zeroAmount(a, m) && effectOf(v.ref, a, m.Reason) == program.EffectReject {
		v.add("amount 0 with a REJECT code")
	}
}
