package refchange

import (
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// SetPartnerValues decodes a PUT of a partner's values. An empty value removes the value.
func SetPartnerValues(p *wire.Params, env wire.Env, id int64) (store.AmendReference, error) {
	d := newDecoder(p, env)
	d.KeepEmpty()
	values, names := make(map[string]any), make(map[string]string)
	for i := range len(program.Partner{}.Values) {
		key, name := fmt.Sprintf("value_%d", i+1), fmt.Sprintf("MPValue%d", i+1)
		names[key] = name
		text, sent := wire.Read(d, parseValue, name)
		switch {
		case sent && text == "":
			values[key] = nil
		case sent:
			values[key] = text
		}
	}
	if len(values) == 0 {
		d.AddError("MPValue1", "Required: MPValue1, MPValue2 or MPValue3")
	}
	return amend(names, func(before *program.Reference, at time.Time) (store.ReferenceChange, string, error) {
		if _, found := before.Partners[id]; !found {
			return store.ReferenceChange{}, "", NotFound("partner %d", id)
		}
		change, err := refdata.NewKey(program.KindPartner, decimal(id)).Set(values)(before, at)
		return change, encode.PartnerPath(id), err
	}), d.Err()
}

func parseValue(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	return scalar.Text(program.MaxPartnerValue)(s)
}
