package adminapi

import (
	"net/http"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// recorded answers a write of reference data: how many entries were new or differed.
type recorded struct {
	Recorded int `json:"recorded"`
}

// accountLine is an account in the list of all.
type accountLine struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Currency string `json:"currency"`
	Zone     string `json:"zone"`
}

func (d *desk) getAccounts(o httpapi.Operator) error {
	ids, err := d.store.Accounts(o.Context())
	if err != nil {
		return err
	}
	lines := make([]accountLine, 0, len(ids))
	for _, id := range ids {
		r, err := d.store.Reference(o.Context(), id, store.Latest)
		if err != nil {
			return err
		}
		lines = append(lines, accountLine{ID: id, Name: r.Account.Name, Currency: string(r.Account.Currency), Zone: r.Account.Zone})
	}
	return o.Answer(http.StatusOK, map[string]any{"accounts": lines})
}

// keyIn answers the entry that the path names.
func keyIn(list refdata.List, o httpapi.Operator) refdata.Key {
	k := refdata.Key{List: list, Values: make(map[string]string)}
	for _, key := range list.Keys() {
		k.Values[key] = o.Path(key)
	}
	if list == refdata.Accounts {
		k.Values["id"] = o.Path("account")
	}
	return k
}

func (d *desk) get(list refdata.List) func(httpapi.Operator) error {
	return func(o httpapi.Operator) error {
		id, err := account(o)
		if err != nil {
			return err
		}
		r, err := d.store.Reference(o.Context(), id, store.Latest)
		if err != nil {
			return err
		}
		entry, err := keyIn(list, o).Of(r)
		if err != nil {
			return err
		}
		return o.Answer(http.StatusOK, entry)
	}
}

func (d *desk) put(list refdata.List) func(httpapi.Operator) error {
	limit := int64(maxBody)
	if list == refdata.Accounts {
		limit = refdata.MaxSize
	}
	return func(o httpapi.Operator) error {
		id, err := account(o)
		if err != nil {
			return err
		}
		text, err := o.Body(limit)
		if err != nil {
			return err
		}
		change, err := keyIn(list, o).Put(text)
		if err != nil {
			return err
		}
		return d.record(o, id, o.Does(store.OperationRecord, ""), change)
	}
}

func (d *desk) postEnd(list refdata.List) func(httpapi.Operator) error {
	dated := list == refdata.Contracts || list == refdata.PromoCodes
	return func(o httpapi.Operator) error {
		id, err := account(o)
		if err != nil {
			return err
		}
		var end refdata.Ending
		var reason string
		err = body(o, func(e refdata.Entry) {
			reason = because(e, false)
			if dated {
				end.At = refdata.May(e, "at", end.At, refdata.Instant)
			} else {
				end.State = refdata.May(e, "state", refdata.StateEnded, ended)
			}
		})
		if err != nil {
			return err
		}
		return d.record(o, id, o.Does(store.OperationEnd, reason), keyIn(list, o).End(end))
	}
}

// ended reads the state of something that is not in use any more.
func ended(s string) (string, error) {
	if s == ledger.StateActive {
		return "", refdata.Say("Must be another than ACTIVE: put the entry to have it in use again")
	}
	return refdata.State(s)
}

func (d *desk) record(o httpapi.Operator, account int64, deed store.AuditEvent, change store.AmendReference) error {
	n, err := d.store.Record(o.Context(), account, o.Now(), deed, change)
	if err != nil {
		return err
	}
	return o.Answer(http.StatusOK, recorded{n})
}
