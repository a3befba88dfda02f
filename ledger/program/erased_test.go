package program_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestEraseKeepsTheGroupsWhoseRulesAboutTheCustomerWereMet(t *testing.T) {
	rule := func(v program.Variable, value string) program.Rule {
		return program.Rule{Variable: v, Operator: program.Is, Values: []string{value}}
	}
	usa, france := rule(program.CustomerCountry, "US"), rule(program.CustomerCountry, "FR")
	sku := rule(program.ItemSKU, "never")
	of := program.TermsOf{Contract: 7, EventType: 1}
	version := func(n int, groups ...[]program.Rule) program.Terms {
		t := program.Terms{TermsKey: program.TermsKey{TermsOf: of, Version: n}}
		for i, rules := range groups {
			t.Groups = append(t.Groups, program.Group{ID: int64(i + 1), Rules: rules})
		}
		return t
	}
	found := program.Attribution{Partner: 10}
	for name, c := range map[string]struct {
		terms []program.Terms
		want  map[string][]int64
	}{
		"a group whose rule is met":            {[]program.Terms{version(1, []program.Rule{usa})}, map[string][]int64{"7/1/1": {1}}},
		"a group whose rule is not met":        {[]program.Terms{version(1, []program.Rule{france})}, map[string][]int64{"7/1/1": {}}},
		"one of two rules is not met":          {[]program.Terms{version(1, []program.Rule{usa, france})}, map[string][]int64{"7/1/1": {}}},
		"other rules don't count":              {[]program.Terms{version(1, []program.Rule{usa, sku})}, map[string][]int64{"7/1/1": {1}}},
		"terms without rules about customers":  {[]program.Terms{version(1, []program.Rule{sku})}, nil},
		"each version with rules about them":   {[]program.Terms{version(1, []program.Rule{usa}), version(2, []program.Rule{france}, []program.Rule{usa})}, map[string][]int64{"7/1/1": {1}, "7/1/2": {2}}},
		"the second version only":              {[]program.Terms{version(1), version(2, []program.Rule{usa})}, map[string][]int64{"7/1/2": {1}}},
		"terms under which nothing is grouped": {[]program.Terms{version(1)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := &program.Reference{
				Account:   program.Account{Zone: "UTC", Currency: "USD"},
				Contracts: map[int64]program.Contract{7: {ID: 7, Campaign: 1000, Partner: 10}},
				Terms:     map[program.TermsOf][]program.Terms{of: c.terms},
			}
			if err := r.Prepare(); err != nil {
				t.Fatal(err)
			}
			got := r.Erase(found, 1000, 1, func(v program.Variable) string {
				return map[program.Variable]string{program.CustomerCountry: "US"}[v]
			})
			if diff := cmp.Diff(&program.Erased{Attribution: found, Groups: c.want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
