package refchange

import (
	"strings"
	"time"
	"unicode"

	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// promoCodeNames maps the keys of a promo code in a reference file to the parameters.
var promoCodeNames = map[string]string{
	"campaign": "CampaignId", "partner": "AssignedPartnerId", "code": "Code", "type": "Type", "credit_policy": "CreditPolicy",
	"start": "StartDate", "end": "EndDate", "deal": "DealId", "deal_name": "DealName",
}

// CreatePromoCode decodes a POST of a promo code, which assigns the code to a partner.
func CreatePromoCode(p *wire.Params, env wire.Env) (store.AmendReference, error) {
	d := newDecoder(p, env)
	for _, name := range []string{"CampaignId", "AssignedPartnerId", "Code", "Type", "CreditPolicy"} {
		d.Require(name)
	}
	code := program.PromoCode{Campaign: d.ID("CampaignId"), Partner: d.ID("AssignedPartnerId")}
	code.Code, _ = wire.Read(d, parseCode, "Code")
	code.Type = wire.OneOf(d, "Type", program.PromoCodeTypes...)
	code.CreditPolicy = wire.OneOf(d, "CreditPolicy", program.CreditPolicies...)
	code.Start, _ = d.Timestamp("StartDate")
	code.End, _ = d.Timestamp("EndDate")
	code.Deal = d.ID("DealId")
	code.DealName, _ = wire.Read(d, scalar.Text(maxText), "DealName")
	if !code.End.IsZero() && !code.End.After(code.Start) {
		d.AddError("EndDate", "Must be after StartDate")
	}
	return amend(promoCodeNames, func(before *program.Reference, at time.Time) (store.ReferenceChange, string, error) {
		return putPromoCode(code, before, at)
	}), d.Err()
}

// parseCode parses a promo code. A conversion separates several codes by commas or blanks.
func parseCode(s string) (string, error) {
	if strings.ContainsRune(s, ',') || strings.ContainsFunc(s, unicode.IsSpace) {
		return "", scalar.Errorf("Must not contain commas or blanks")
	}
	return scalar.Text(maxText)(s)
}

// putPromoCode records a new promo code, or assigns one again whose assignment has ended. Orders
// before the end of an earlier assignment must not become those of the new partner.
func putPromoCode(code program.PromoCode, before *program.Reference, at time.Time) (store.ReferenceChange, string, error) {
	id := int64(len(before.PromoCodes)) + 1
	if earlier, exists := before.PromoCodes[code.Key()]; exists {
		id = earlier.ID
		if code.Start.IsZero() {
			code.Start = at
		}
		switch {
		case earlier.End.IsZero() || earlier.End.After(at):
			return store.ReferenceChange{}, "", wire.Invalid(wire.FieldError{
				Field: "Code", Message: "It is assigned to partner " + decimal(earlier.Partner) + ": delete " + encode.PromoCodePath(id) + " first",
			})
		case code.Start.Before(earlier.End):
			return store.ReferenceChange{}, "", wire.Invalid(wire.FieldError{
				Field: "StartDate", Message: "Must not be before " + string(wire.AppendTime(nil, earlier.End, before.Zone())) + ", when the last assignment of the code ended",
			})
		}
	}
	values := map[string]any{
		"code": code.Code, "partner": code.Partner, "start": instantOrNil(code.Start), "end": instantOrNil(code.End),
		"type": code.Type, "credit_policy": code.CreditPolicy, "deal": nil, "deal_name": nil,
	}
	if code.Deal != 0 {
		values["deal"] = code.Deal
	}
	if code.DealName != "" {
		values["deal_name"] = code.DealName
	}
	change, err := promoCodeKey(code).Set(values)(before, at)
	return change, encode.PromoCodePath(id), err
}

// instantOrNil returns the form of an instant in a reference file, or nil for the zero time.
func instantOrNil(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func promoCodeKey(code program.PromoCode) refdata.Key {
	return refdata.NewKey(program.KindPromoCode, decimal(code.Campaign), code.Code)
}

// DeletePromoCode decodes a DELETE of a promo code. The code ends: it credits no order whose
// EventDate is at the instant of recording or later. A code that has ended stays as it is.
func DeletePromoCode(p *wire.Params, env wire.Env, id int64) (store.AmendReference, error) {
	d := newDecoder(p, env)
	return amend(promoCodeNames, func(before *program.Reference, at time.Time) (store.ReferenceChange, string, error) {
		code, found := before.PromoCode(id)
		if !found {
			return store.ReferenceChange{}, "", NotFound("promo code %d", id)
		}
		end := at
		if end.Before(code.Start) { // the code is never valid
			end = code.Start
		}
		if !code.End.IsZero() && !code.End.After(end) {
			return store.ReferenceChange{}, encode.PromoCodePath(id), nil
		}
		change, err := promoCodeKey(code).End(refdata.EndOptions{At: end})(before, at)
		return change, encode.PromoCodePath(id), err
	}), d.Err()
}
