package program

import "slices"

// Erased is what the rules still need of a customer whose personal data were erased from a
// conversion: the results of the comparisons that read them. Its JSON form is stored.
type Erased struct {
	// Attribution is the one that the conversion's keys gave. It is zero if they gave none.
	Attribution
	// Groups are the ids of the groups whose rules about the customer the customer met, for
	// each version of terms that had such rules when the data were erased, by [TermsKey.String].
	// By later versions, the customer's values are empty.
	Groups map[string][]int64 `json:",omitzero"`
}

// Attribute returns the attribution of the erased keys. It is used in place of
// [AttributionKeys.Attribute].
func (e *Erased) Attribute(ClickLookup, *Reference) (Attribution, error) { return e.Attribution, nil }

// groupsOf returns the groups of terms whose rules about the customer were met, and reports
// whether they are known. A nil Erased knows none.
func (e *Erased) groupsOf(t Terms) (met []int64, known bool) {
	if e == nil {
		return nil, false
	}
	met, known = e.Groups[t.String()]
	return met, known
}

// isPersonal reports whether the variable is a personal field of the customer.
func (v Variable) isPersonal() bool {
	return slices.Contains([]Variable{CustomerCountry, CustomerRegion, CustomerCity, CustomerPostCode}, v)
}

// Erase returns the results of the rules about a customer in all terms for an event type under
// the contracts of a partner in a campaign. The function text returns the customer's value of a
// variable. The Reference must be prepared.
func (r *Reference) Erase(found Attribution, campaign, eventType int64, text func(Variable) string) *Erased {
	e := &Erased{Attribution: found}
	for _, c := range r.ContractsOf(campaign, found.Partner) {
		for _, t := range r.Terms[TermsOf{Contract: c.ID, EventType: eventType}] {
			met, personal := t.groupsMet(text)
			if !personal {
				continue
			}
			if e.Groups == nil {
				e.Groups = make(map[string][]int64)
			}
			e.Groups[t.String()] = met
		}
	}
	return e
}

// groupsMet returns the ids of the groups whose rules about the customer are all met. It reports
// whether any group has such a rule.
func (t Terms) groupsMet(text func(Variable) string) (met []int64, personal bool) {
	met = []int64{}
	o := order{text: text}
	for _, g := range t.Groups {
		rules := slices.DeleteFunc(slices.Clone(g.Rules), func(r Rule) bool { return !r.Variable.isPersonal() })
		personal = personal || len(rules) > 0
		if o.matchesAll(rules) {
			met = append(met, g.ID)
		}
	}
	return met, personal
}
