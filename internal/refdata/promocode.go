package refdata

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// promoCodeEntry is the JSON form of a promo code.
type promoCodeEntry struct {
	Campaign     int64                 `json:"campaign"`
	Code         string                `json:"code"`
	Partner      int64                 `json:"partner"`
	Start        time.Time             `json:"start,omitzero"`
	End          time.Time             `json:"end,omitzero"`
	Type         program.PromoCodeType `json:"type,omitempty"`
	CreditPolicy program.CreditPolicy  `json:"credit_policy,omitempty"`
	Deal         int64                 `json:"deal,omitempty"`
	DealName     string                `json:"deal_name,omitempty"`
}

func newPromoCodeEntry(p program.PromoCode) promoCodeEntry {
	return promoCodeEntry{
		Campaign: p.Campaign, Code: p.Code, Partner: p.Partner, Start: p.Start, End: p.End,
		Type: p.Type, CreditPolicy: p.CreditPolicy, Deal: p.Deal, DealName: p.DealName,
	}
}

func (o *object) promoCode() {
	p := program.PromoCode{
		Campaign:     o.campaignID(),
		Code:         required(o, "code", scalar.Text(maxText)),
		Partner:      o.partnerID(),
		Start:        o.optionalInstant("start"),
		End:          o.optionalInstant("end"),
		Type:         optional(o, "type", "", scalar.OneOf(program.PromoCodeTypes...)),
		CreditPolicy: optional(o, "credit_policy", "", scalar.OneOf(program.CreditPolicies...)),
		Deal:         optional(o, "deal", 0, scalar.ID),
		DealName:     optional(o, "deal_name", "", scalar.Text(maxText)),
	}
	if !p.End.IsZero() && p.End.Before(p.Start) {
		o.errorf("end", "Must not be before the start")
	}
	o.unique("code", program.PromoKey{Campaign: p.Campaign, Upper: strings.ToUpper(p.Code)})
	o.limitPromoCodes(p)
	o.draft.change.PromoCodes[p.Key()] = p
}

// limitPromoCodes bounds the promo codes of a campaign, because all of them are kept in memory.
func (o *object) limitPromoCodes(p program.PromoCode) {
	o.checkLater("code", func(before, after *program.Reference) string {
		if len(after.PromoCodes) <= program.MaxPromoCodes { // counting is needed in large accounts only
			return ""
		}
		count := 0
		for key := range after.PromoCodes {
			if key.Campaign == p.Campaign {
				count++
			}
		}
		if _, recorded := before.PromoCodes[p.Key()]; count > program.MaxPromoCodes && !recorded {
			return fmt.Sprintf("A campaign has at most %d promo codes: assign an earlier one again", program.MaxPromoCodes)
		}
		return ""
	})
}

func getPromoCode(r *program.Reference, k Key) (any, bool) {
	campaign, err := strconv.ParseInt(k.Values["campaign"], 10, 64)
	p, exists := r.PromoCodes[program.PromoCode{Campaign: campaign, Code: k.Values["code"]}.Key()]
	if err != nil || !exists {
		return nil, false
	}
	return newPromoCodeEntry(p), true
}

func allPromoCodes(r *program.Reference) any {
	compare := func(a, b program.PromoKey) int {
		return cmp.Or(cmp.Compare(a.Campaign, b.Campaign), strings.Compare(a.Upper, b.Upper))
	}
	return sorted(r.PromoCodes, compare, func(p program.PromoCode) any { return newPromoCodeEntry(p) })
}
