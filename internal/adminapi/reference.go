package adminapi

import (
	"net/http"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// accountSummary is an account in the list of accounts.
type accountSummary struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Currency string `json:"currency"`
	Zone     string `json:"zone"`
}

func (h *handler) getAccounts(o httpapi.OperatorRequest) error {
	ids, err := h.store.Accounts(o.Context())
	if err != nil {
		return err
	}
	list := make([]accountSummary, 0, len(ids))
	for _, id := range ids {
		r, err := h.store.CurrentReference(o.Context(), id)
		if err != nil {
			return err
		}
		list = append(list, accountSummary{ID: id, Name: r.Account.Name, Currency: string(r.Account.Currency), Zone: r.Account.Zone})
	}
	return o.WriteJSON(http.StatusOK, map[string]any{"accounts": list})
}

// accountHandler handles a request for an account.
type accountHandler func(o httpapi.OperatorRequest, account int64) error

// pathKey returns the key of the entry in the path.
func pathKey(kind program.ReferenceKind, o httpapi.OperatorRequest) refdata.Key {
	k := refdata.Key{Kind: kind, Values: make(map[string]string)}
	for _, key := range kind.Keys {
		k.Values[key] = o.Path(key)
	}
	if kind.Name == program.KindAccount {
		k.Values["id"] = o.Path("account")
	}
	return k
}

func (h *handler) get(kind program.ReferenceKind) accountHandler {
	return func(o httpapi.OperatorRequest, account int64) error {
		r, err := h.store.CurrentReference(o.Context(), account)
		if err != nil {
			return err
		}
		entry, err := pathKey(kind, o).Get(r)
		if err != nil {
			return err
		}
		return o.WriteJSON(http.StatusOK, entry)
	}
}

func (h *handler) put(kind program.ReferenceKind) accountHandler {
	limit := int64(maxBody)
	if kind.Name == program.KindAccount {
		limit = refdata.MaxSize
	}
	return func(o httpapi.OperatorRequest, account int64) error {
		force, err := queryForce(o)
		if err != nil {
			return err
		}
		text, err := o.Body(limit)
		if err != nil {
			return err
		}
		amend, err := pathKey(kind, o).Put(text, refdata.PutOptions{Force: force})
		if err != nil {
			return err
		}
		return h.record(o, account, o.AuditEvent(store.OperationRecord, ""), amend)
	}
}

func (h *handler) postEnd(kind program.ReferenceKind) accountHandler {
	return func(o httpapi.OperatorRequest, account int64) error {
		var end refdata.EndOptions
		var reason string
		err := readBody(o, func(e refdata.Entry) {
			reason = optionalReason(e)
			if kind.EndKey == program.EndByDate {
				end.At = refdata.Optional(e, "at", end.At, refdata.Instant)
			} else {
				end.State = refdata.Optional(e, "state", refdata.StateEnded, endState)
			}
		})
		if err != nil {
			return err
		}
		return h.record(o, account, o.AuditEvent(store.OperationEnd, reason), pathKey(kind, o).End(end))
	}
}

// endState parses the state of an ended entry.
func endState(s string) (string, error) {
	if s == program.StateActive {
		return "", scalar.Errorf("Must not be ACTIVE: put the entry to activate it")
	}
	return scalar.State(s)
}

// record amends reference data and writes the number of entries that are new or changed.
func (h *handler) record(o httpapi.OperatorRequest, account int64, event store.AuditEvent, amend store.AmendReference) error {
	n, err := h.store.Record(o.Context(), account, o.Now(), event, amend)
	if err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, map[string]int{"recorded": n})
}
