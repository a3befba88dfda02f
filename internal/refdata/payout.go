package refdata

import (
	"github.com/goccy/go-yaml/ast"

	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

type payoutEntry struct {
	Flat *money.Decimal `json:"flat,omitempty"`
	Rate *money.Decimal `json:"rate,omitempty"`
}

type groupEntry struct {
	ID     int64       `json:"id"`
	Payout payoutEntry `json:"payout"`
	Rules  []ruleEntry `json:"rules"`
}

type ruleEntry struct {
	Variable program.Variable `json:"variable"`
	Operator program.Operator `json:"operator"`
	Values   []string         `json:"values"`
}

type lockingEntry struct {
	Days      *int `json:"days,omitempty"`
	Day       int  `json:"day,omitempty"`
	Months    int  `json:"months,omitempty"`
	OpenEnded bool `json:"open_ended,omitempty"`
}

type clearingEntry struct {
	Days   *int `json:"days,omitempty"`
	Day    int  `json:"day,omitempty"`
	Months *int `json:"months,omitempty"`
}

type lateEntry struct {
	Days int `json:"days"`
}

func newClearingEntry(c program.Clearing) *clearingEntry {
	if c.Days != nil {
		return &clearingEntry{Days: c.Days}
	}
	return &clearingEntry{Day: c.Day, Months: &c.Months}
}

// payout reads a payout, which is either flat or a rate.
func (o *object) payout(key string) (p program.Payout) {
	exists := o.nested(key, func(o *object) {
		p = program.Payout{Flat: optional(o, "flat", nil, scalar.Pointer(scalar.Decimal)), Rate: optional(o, "rate", nil, scalar.Pointer(scalar.Decimal))}
		_, flat := o.value("flat")
		_, rate := o.value("rate")
		if flat == rate {
			o.errs.add(position{o.pos.line, o.pos.column, key}, "Must have either flat, an amount, or rate, in percent")
		}
	})
	if !exists {
		o.errorf(key, "Required: flat, an amount, or rate, in percent")
	}
	return p
}

// groups reads the payout groups in order of rank.
func (o *object) groups(t *program.Terms) {
	lines := make(map[int64]int)
	o.list("groups", func(o *object) {
		g := program.Group{ID: required(o, "id", scalar.ID), Payout: o.payout("payout")}
		if line, exists := lines[g.ID]; exists {
			o.errorf("id", "Is already in line %d: give each group of the terms its own id", line)
		}
		lines[g.ID] = o.position("id").line
		o.list("rules", func(o *object) { g.Rules = append(g.Rules, o.rule(t.Level)) })
		if len(g.Rules) == 0 {
			o.errorf("rules", "Required: a payout without a rule is the default")
		}
		t.Groups = append(t.Groups, g)
	})
}

// rule reads a rule of terms with the given level.
func (o *object) rule(level program.Level) program.Rule {
	r := program.Rule{
		Variable: required(o, "variable", scalar.OneOf(program.Variables...)),
		Operator: required(o, "operator", scalar.OneOf(program.Operators...)),
	}
	value := scalar.Text(maxText)
	compares := r.Operator == program.GreaterThan || r.Operator == program.LessThan
	switch r.Variable {
	case program.ItemSKU, program.ItemCategory, program.ItemSubCategory:
		if level == program.LevelOrder {
			o.errorf("variable", "%s is only for terms of level ITEM", r.Variable)
		}
	case program.OrderTotal:
		value = orderTotal
		if r.Operator == program.StartsWith || r.Operator == program.Contains {
			o.errorf("operator", "%s compares by GREATER_THAN, LESS_THAN, IS or IS_NOT", r.Variable)
		}
	}
	if compares && r.Variable != program.OrderTotal && r.Variable != "" {
		o.errorf("operator", "%s compares %s only", r.Operator, program.OrderTotal)
	}
	if r.Values = o.texts("values", value); len(o.items("values")) == 0 {
		o.errorf("values", "Required: a list of at least one value")
	}
	return r
}

// orderTotal validates a value for a comparison with an order's total.
func orderTotal(s string) (string, error) {
	if _, err := money.ParseDecimal(s); err != nil {
		return "", scalar.ValueError("An order's total compares with a number: " + err.Error())
	}
	return s, nil
}

// locking reads the locking rule, which has exactly one of three forms.
func (o *object) locking() (l program.Locking) {
	exists := o.nested("locking", func(o *object) {
		l = program.Locking{
			Days:      optional(o, "days", 0, scalar.Number(0, maxDays)),
			Day:       optional(o, "day", 0, scalar.Number(1, 31)),
			Months:    optional(o, "months", 0, scalar.Number(1, maxMonths)),
			OpenEnded: optional(o, "open_ended", false, scalar.Boolean),
		}
		_, days := o.value("days")
		_, day := o.value("day")
		_, months := o.value("months")
		forms := 0
		for _, form := range []bool{days, day || months, l.OpenEnded} {
			if form {
				forms++
			}
		}
		if forms != 1 || day != months {
			o.errs.add(position{o.pos.line, o.pos.column, "locking"}, "Must be one of three: days; day and months; open_ended: true")
		}
	})
	if !exists {
		o.errorf("locking", "Required: days; day and months; or open_ended: true")
	}
	return l
}

// clearing reads the clearing rule, which has one of two forms or is left out.
func (o *object) clearing() (c program.Clearing) {
	o.nested("clearing", func(o *object) {
		c = program.Clearing{
			Day:    optional(o, "day", 0, scalar.Number(1, 31)),
			Months: optional(o, "months", 0, scalar.Number(0, maxMonths)),
		}
		n := optional(o, "days", 0, scalar.Number(0, maxDays))
		_, days := o.value("days")
		_, day := o.value("day")
		_, months := o.value("months")
		if days == day || day != months {
			o.errs.add(position{o.pos.line, o.pos.column, "clearing"}, "Must be one of two: days; or day and months")
		}
		if days {
			c.Days = &n
		}
	})
	if c == program.DefaultClearing() {
		return program.Clearing{}
	}
	return c
}

// refuseLate is the rule of terms that accept no late returns.
const refuseLate = "refuse"

// lateReturns reads for how many days after locking returns are accepted: refuse, for none, or
// days.
func (o *object) lateReturns() (days int) {
	value, exists := o.value("late_returns")
	if !exists {
		return 0
	}
	switch n := value.node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		o.nested("late_returns", func(o *object) { days = required(o, "days", lateDays) })
		return days
	case *ast.StringNode:
		if n.Value == refuseLate {
			return 0
		}
	}
	o.errorf("late_returns", "Must be %s, or a number of days such as {days: 60}", refuseLate)
	return 0
}

// lateDays parses the number of days for which late returns are accepted.
func lateDays(s string) (int, error) {
	if s == "0" {
		return 0, scalar.ValueError("To accept none, write late_returns: " + refuseLate)
	}
	return scalar.Number(1, maxDays)(s)
}
