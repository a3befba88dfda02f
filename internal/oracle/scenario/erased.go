package scenario

import (
	"maps"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// erase replaces the personal fields of a conversion by results of comparisons, which are those
// of any customer.
func (g *Generator) erase(c *ledger.Conversion) {
	e := &program.Erased{Attribution: program.Attribution{
		Partner: c.Partner, Type: pick(g.Choices, "CLICK_COOKIE", "ACTION", "PROMOCODE"), PromoCode: c.PromoCode,
	}}
	if g.oneIn(8) {
		e.Partner = int64(pick(g.Choices, 0, PartnerGone, unknownPartner))
	}
	ref := g.History.At(g.accepted)
	keys := slices.SortedFunc(maps.Keys(ref.Terms), func(a, b program.TermsOf) int {
		return strings.Compare(program.TermsKey{TermsOf: a}.String(), program.TermsKey{TermsOf: b}.String())
	})
	for _, key := range keys {
		for _, t := range ref.Terms[key] {
			if g.oneIn(6) {
				continue
			}
			if e.Groups == nil {
				e.Groups = make(map[string][]int64)
			}
			e.Groups[t.String()] = pick(g.Choices, nil, []int64{1}, []int64{2, 3}, []int64{1, 2, 3})
		}
	}
	c.PromoCode, c.Click, c.CustomClick, c.UniqueURL, c.Customer, c.Profile, c.CallerID = "", "", "", "", "", "", ""
	c.Partner, c.Country, c.Region, c.City, c.PostCode, c.Erased = pick(g.Choices, 0, c.Partner), "", "", "", "", e
}
