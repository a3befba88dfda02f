package adminapi

import (
	"encoding/json"
	"net/http"

	"github.com/trueup-ledger/trueup/internal/accounting"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// balanceForm is the JSON form of what an account owes a partner.
type balanceForm struct {
	Partner     int64          `json:"partner"`
	PartnerName string         `json:"partner_name"`
	Currency    money.Currency `json:"currency"`
	*balanceAmounts
	// Problem is why there are no amounts.
	Problem invoice.Reason `json:"problem,omitempty"`
}

type balanceAmounts struct {
	Pending    json.Number `json:"pending"`
	Locked     json.Number `json:"locked"`
	Cleared    json.Number `json:"cleared"`
	Carried    json.Number `json:"carried"`
	Invoiced   json.Number `json:"invoiced"`
	Paid       json.Number `json:"paid"`
	Owed       json.Number `json:"owed"`
	WrittenOff json.Number `json:"written_off"`
}

// balanceForms returns the JSON forms of the balances of partners.
func balanceForms(o httpapi.OperatorRequest, b *accounting.Books, partners []int64) ([]balanceForm, error) {
	balances, err := b.Balances(o.Context(), partners)
	if err != nil {
		return nil, err
	}
	c := b.Currency()
	list := make([]balanceForm, len(balances))
	for i, v := range balances {
		list[i] = balanceForm{Partner: v.Partner, PartnerName: v.PartnerName, Currency: c}
		if v.TooLarge {
			list[i].Problem = invoice.TooLarge
			continue
		}
		list[i].balanceAmounts = &balanceAmounts{
			number(c, v.Pending), number(c, v.Locked), number(c, v.Cleared), number(c, v.Carried),
			number(c, v.Invoiced), number(c, v.Paid), number(c, v.Owed()), number(c, v.WrittenOff),
		}
	}
	return list, nil
}

func getBalances(o httpapi.OperatorRequest, b *accounting.Books) error {
	q, err := queryNumbers(o, pageParameter, limitParameter)
	if err != nil {
		return err
	}
	partners := b.Partners()
	total := int64(len(partners))
	first := min((q["page"]-1)*q["limit"], total)
	list, err := balanceForms(o, b, partners[first:min(first+q["limit"], total)])
	if err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, map[string]any{"balances": list, "total": total})
}

// pathPartner returns the partner in the path. An invalid id is handled like an unknown one.
func pathPartner(o httpapi.OperatorRequest) (int64, error) {
	id, err := scalar.ID(o.Path("partner"))
	if err != nil {
		err = ledger.ErrNotFound
	}
	return id, err
}

func getBalance(o httpapi.OperatorRequest, b *accounting.Books) error {
	partner, err := pathPartner(o)
	if err != nil {
		return err
	}
	list, err := balanceForms(o, b, []int64{partner})
	if err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, list[0])
}

// entryForm is the JSON form of an entry that an operator recorded.
type entryForm struct {
	Kind     invoice.Kind   `json:"kind"`
	ID       string         `json:"id"`
	Partner  int64          `json:"partner"`
	Campaign int64          `json:"campaign"`
	Currency money.Currency `json:"currency"`
	Amount   json.Number    `json:"amount"`
	// Period is that of the invoice that will have the entry.
	Period program.Month `json:"period"`
}

func newEntryForm(b *accounting.Books, e invoice.Entry) entryForm {
	return entryForm{e.Kind, e.ID, e.Partner, e.Campaign, b.Currency(), number(b.Currency(), e.Amount), b.Period(e.Date)}
}

func postWriteOff(o httpapi.OperatorRequest, b *accounting.Books) error {
	var reason string
	if err := readBody(o, func(e refdata.Entry) { reason = requiredReason(e) }); err != nil {
		return err
	}
	partner, err := pathPartner(o)
	if err != nil {
		return err
	}
	entries, err := b.WriteOff(o.Context(), partner, o.AuditEvent(store.OperationWriteOff, reason))
	if err != nil {
		return err
	}
	list := make([]entryForm, len(entries))
	for i, e := range entries {
		list[i] = newEntryForm(b, e)
	}
	return o.WriteJSON(http.StatusOK, map[string]any{"entries": list})
}

func postBonus(o httpapi.OperatorRequest, b *accounting.Books) error {
	var partner, campaign int64
	var amount, reason string
	err := readBody(o, func(e refdata.Entry) {
		partner, campaign = refdata.Required(e, "partner", scalar.ID), refdata.Required(e, "campaign", scalar.ID)
		amount, reason = refdata.Required(e, "amount", scalar.Text(maxAmount)), requiredReason(e)
		checkCurrency(e, b)
	})
	if err != nil {
		return err
	}
	entry, err := b.Bonus(o.Context(), partner, campaign, amount, o.AuditEvent(store.OperationBonus, reason))
	if err != nil {
		return invalidField(err)
	}
	return o.WriteJSON(http.StatusCreated, newEntryForm(b, entry))
}

// checkCurrency checks the currency of an amount, which a caller may send to be sure of it.
func checkCurrency(e refdata.Entry, b *accounting.Books) {
	if sent := refdata.Optional(e, "currency", "", scalar.Currency); sent != "" && sent != string(b.Currency()) {
		e.Errorf("currency", "Must be %s, the currency of the account", b.Currency())
	}
}

// maxAmount is the maximum length of an amount in characters.
const maxAmount = 30
