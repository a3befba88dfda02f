package adminapi

import (
	"net/http"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
)

// appliedForm is the JSON form of the entries of an account that a file changes.
type appliedForm struct {
	Account  int64 `json:"account"`
	Recorded int   `json:"recorded"`
	// Unlisted is the number of clicks and rate tables among them.
	Unlisted int          `json:"unlisted"`
	Changes  []changeForm `json:"changes"`
}

// changeForm is the JSON form of the change of a field, or of a new entry.
type changeForm struct {
	Kind  string `json:"kind"`
	Key   string `json:"key"`
	Field string `json:"field,omitempty"`
	Old   string `json:"old,omitempty"`
	New   string `json:"new,omitempty"`
}

func newAppliedForms(recorded []refdata.Recorded) []appliedForm {
	list := make([]appliedForm, len(recorded))
	for i, r := range recorded {
		list[i] = appliedForm{r.Account, r.Entries, r.Unlisted, make([]changeForm, len(r.Changes))}
		for n, c := range r.Changes {
			list[i].Changes[n] = changeForm(c)
		}
	}
	return list
}

// postApply records the accounts of a reference file, or with dry_run only responds with what it
// would record. Each account has a commit of its own, so the request has no idempotency key: a
// repetition records what is left.
func (h *handler) postApply(o httpapi.OperatorRequest) error {
	return h.importFile(o, store.Operator, refdata.MaxSize, func(text []byte) error {
		var content, reason string
		var force, dryRun bool
		err := refdata.ParseEntry("", text, func(e refdata.Entry) {
			content, reason = refdata.Required(e, "content", fileContent(refdata.MaxSize)), optionalReason(e)
			force, dryRun = refdata.Optional(e, "force", false, scalar.Boolean), refdata.Optional(e, "dry_run", false, scalar.Boolean)
		})
		if err != nil {
			return err
		}
		file, err := refdata.Parse("content", []byte(content))
		if err != nil {
			return err
		}
		if force {
			file.Force()
		}
		event := o.AuditEvent(store.OperationRecord, reason)
		event.Key = store.Key{}
		var recorded []refdata.Recorded
		if dryRun {
			recorded, err = file.Preview(o.Context(), h.references, o.Now())
		} else {
			recorded, err = file.Record(o.Context(), h.references, o.Now(), event)
		}
		if err != nil {
			return err
		}
		return o.WriteJSON(http.StatusOK, map[string]any{"accounts": newAppliedForms(recorded), "dry_run": dryRun})
	})
}
