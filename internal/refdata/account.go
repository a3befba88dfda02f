package refdata

import (
	"bytes"
	"encoding/json"

	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/wire/published"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// account reads an account with all its entries.
func (o *object) account() *draft {
	d := newDraft(program.Account{
		ID:                    required(o, "id", scalar.ID),
		Name:                  required(o, "name", scalar.Text(maxText)),
		Currency:              money.Currency(required(o, "currency", scalar.Currency)),
		Zone:                  required(o, "zone", scalar.ZoneName),
		ModificationLimit:     optional(o, "cap", program.DefaultModificationLimit, scalar.Number(1, ledger.MaxModificationLimit)),
		PaymentDays:           optional(o, "payment_days", nil, scalar.Pointer(scalar.Number(0, maxPaymentDays))),
		RetainActionsDays:     optional(o, "retain_actions_days", nil, scalar.Pointer(scalar.Number(program.MinRetainActionsDays, maxDays))),
		RetainSubmissionsDays: optional(o, "retain_submissions_days", nil, scalar.Pointer(scalar.Number(program.MinRetainSubmissionsDays, maxDays))),
	}, o.pos)
	o.draft = d
	d.change.Account.Profile = o.profile(published.Company)
	account := d.change.Account
	o.checkLater("currency", func(before, _ *program.Reference) string {
		if recorded := before.Account.Currency; recorded != "" && recorded != account.Currency {
			return "Must stay " + string(recorded) + ": the account's amounts are in it; create another account for another currency"
		}
		return ""
	})
	o.checkLater("zone", func(before, _ *program.Reference) string {
		if recorded := before.Account.Zone; recorded != "" && recorded != account.Zone {
			return "Must stay " + recorded + ": dates of locking, clearing and invoices are in it; create another account for another zone"
		}
		return ""
	})
	for _, kind := range program.ReferenceKinds {
		if codec, exists := codecs[kind.Name]; exists {
			o.list(kind.List, codec.read)
		}
	}
	return d
}

// accountEntry is the JSON form of an account with its entries.
type accountEntry struct{ reference *program.Reference }

// MarshalJSON returns the account with a list for every kind whose entries can be read
// back.
func (e accountEntry) MarshalJSON() ([]byte, error) {
	text, err := json.Marshal(accountFields(e.reference.Account))
	if err != nil {
		return nil, err
	}
	text = bytes.TrimSuffix(text, []byte("}"))
	for _, kind := range program.ReferenceKinds {
		all := codecs[kind.Name].all
		if all == nil {
			continue
		}
		list, err := json.Marshal(all(e.reference))
		if err != nil {
			return nil, err
		}
		text = append(append(text, `,"`+kind.List+`":`...), list...)
	}
	return append(text, '}'), nil
}
