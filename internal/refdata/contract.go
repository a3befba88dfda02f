package refdata

import (
	"fmt"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

func (o *object) contract() {
	c := ledger.Contract{
		ID:       need(o, "id", contractID),
		Campaign: o.campaignID(),
		Partner:  o.partnerID(),
		Start:    need(o, "start", instant(o.draft.zone)),
		End:      o.optionalInstant("end"),
	}
	if !c.End.IsZero() && !c.Start.Before(c.End) {
		o.fault("end", "Must be after the start")
	}
	o.once("id", contractKey(c.ID))
	o.check("id", func(was, _ *ledger.Reference) string {
		recorded, found := was.Contracts[c.ID]
		if found && (recorded.Campaign != c.Campaign || recorded.Partner != c.Partner) {
			return fmt.Sprintf("Contract S-%d is with partner %d in campaign %d, and stays so: give the new one an id of its own",
				c.ID, recorded.Partner, recorded.Campaign)
		}
		return ""
	})
	o.list("terms", func(o *object) { o.terms(c) })
	o.draft.is.Contracts[c.ID] = c
}

// terms reads what a contract says of one event type.
func (o *object) terms(c ledger.Contract) {
	t := termsDraft{contract: c, from: o.optionalInstant("from")}
	t.EventType = need(o, "event_type", id)
	t.Contract = c.ID
	t.Level = need(o, "level", oneOf(ledger.LevelItem, ledger.LevelOrder))
	t.Default = o.payout("default")
	o.groups(&t.Terms)
	t.PayoutCap = may(o, "cap", nil, decimalPointer)
	t.Locking = o.locking()
	t.at = o.place("from")
	if t.from.IsZero() {
		t.at = o.place("event_type")
	}
	o.once("event_type", t.TermsOf)
	if eventType := t.EventType; eventType > 0 {
		o.check("event_type", func(_, will *ledger.Reference) string {
			e, found := will.EventTypes[eventType]
			if found && e.Campaign != c.Campaign {
				return fmt.Sprintf("Event type %d belongs to campaign %d, the contract to campaign %d: they must agree",
					eventType, e.Campaign, c.Campaign)
			}
			return missing(found, "event type", eventType)
		})
	}
	o.draft.terms = append(o.draft.terms, t)
}

// payout reads a payout, which is either flat or a rate.
func (o *object) payout(key string) (p ledger.Payout) {
	given := o.within(key, func(o *object) {
		p = ledger.Payout{Flat: may(o, "flat", nil, decimalPointer), Rate: may(o, "rate", nil, decimalPointer)}
		_, flat := o.take("flat")
		_, rate := o.take("rate")
		if flat == rate {
			o.faults.add(place{o.at.line, o.at.column, key}, "Must have either flat, an amount, or rate, in percent")
		}
	})
	if !given {
		o.fault(key, "Required: flat, an amount, or rate, in percent")
	}
	return p
}

// groups reads the groups in order of rank.
func (o *object) groups(t *ledger.Terms) {
	lines := make(map[int64]int)
	o.list("groups", func(o *object) {
		g := ledger.Group{ID: need(o, "id", id), Payout: o.payout("payout")}
		if line, twice := lines[g.ID]; twice {
			o.fault("id", "Is in line %d already: each group of the terms has an id of its own", line)
		}
		lines[g.ID] = o.place("id").line
		o.list("rules", func(o *object) { g.Rules = append(g.Rules, o.rule(t.Level)) })
		if len(g.Rules) == 0 {
			o.fault("rules", "Required: what pays without a rule is the default")
		}
		t.Groups = append(t.Groups, g)
	})
}

func (o *object) rule(level ledger.Level) ledger.Rule {
	r := ledger.Rule{
		Variable: need(o, "variable", oneOf(
			ledger.ItemSKU, ledger.ItemCategory, ledger.ItemSubCategory, ledger.PromoCodeUsed, ledger.CustomerStatus,
			ledger.CustomerCountry, ledger.CustomerRegion, ledger.CustomerCity, ledger.CustomerPostCode,
			ledger.OrderCurrency, ledger.OrderTotal)),
		Operator: need(o, "operator", oneOf(
			ledger.Is, ledger.IsNot, ledger.StartsWith, ledger.Contains, ledger.GreaterThan, ledger.LessThan)),
	}
	value := text(maxText)
	compares := r.Operator == ledger.GreaterThan || r.Operator == ledger.LessThan
	switch r.Variable {
	case ledger.ItemSKU, ledger.ItemCategory, ledger.ItemSubCategory:
		if level == ledger.LevelOrder {
			o.fault("variable", "%s is for terms of level ITEM only", r.Variable)
		}
	case ledger.OrderTotal:
		value = total
		if r.Operator == ledger.StartsWith || r.Operator == ledger.Contains {
			o.fault("operator", "%s compares by GREATER_THAN, LESS_THAN, IS or IS_NOT", r.Variable)
		}
	}
	if compares && r.Variable != ledger.OrderTotal && r.Variable != "" {
		o.fault("operator", "%s compares %s only", r.Operator, ledger.OrderTotal)
	}
	if r.Values = o.texts("values", value); len(o.items("values")) == 0 {
		o.fault("values", "Required: a list of at least one value")
	}
	return r
}

// total reads a value that an order's total is compared with.
func total(s string) (string, error) {
	if _, err := money.ParseDecimal(s); err != nil {
		return "", message("An order's total compares with a number: " + err.Error())
	}
	return s, nil
}

// locking reads when actions lock, in exactly one of three ways.
func (o *object) locking() (l ledger.Locking) {
	given := o.within("locking", func(o *object) {
		l = ledger.Locking{
			Days:      may(o, "days", 0, number(0, maxDays)),
			Day:       may(o, "day", 0, number(1, 31)),
			Months:    may(o, "months", 0, number(1, maxMonths)),
			OpenEnded: may(o, "open_ended", false, boolean),
		}
		_, days := o.take("days")
		_, day := o.take("day")
		_, months := o.take("months")
		ways := 0
		for _, way := range []bool{days, day || months, l.OpenEnded} {
			if way {
				ways++
			}
		}
		if ways != 1 || day != months {
			o.faults.add(place{o.at.line, o.at.column, "locking"}, "Must be one of three: days; day and months; open_ended: true")
		}
	})
	if !given {
		o.fault("locking", "Required: days; day and months; or open_ended: true")
	}
	return l
}
