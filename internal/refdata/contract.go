package refdata

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/wire/published"
	"github.com/trueup-ledger/trueup/ledger/program"
)

type contractKey int64

// contractEntry is the JSON form of a contract.
type contractEntry struct {
	ID       int64           `json:"id"`
	Campaign int64           `json:"campaign"`
	Partner  int64           `json:"partner"`
	Start    time.Time       `json:"start"`
	End      time.Time       `json:"end,omitzero"`
	Profile  program.Profile `json:"profile,omitempty"`
	Terms    []termsEntry    `json:"terms,omitempty"`
}

// contractEncoder returns the JSON form of contracts, with the newest version of their
// terms.
func contractEncoder(r *program.Reference) func(program.Contract) any {
	terms := make(map[int64][]termsEntry)
	for of, versions := range r.Terms {
		terms[of.Contract] = append(terms[of.Contract], newTermsEntry(versions[len(versions)-1]))
	}
	return func(c program.Contract) any {
		list := terms[c.ID]
		slices.SortFunc(list, func(a, b termsEntry) int { return cmp.Compare(a.EventType, b.EventType) })
		return contractEntry{ID: c.ID, Campaign: c.Campaign, Partner: c.Partner, Start: c.Start, End: c.End, Profile: c.Profile, Terms: list}
	}
}

func (o *object) contract() {
	c := program.Contract{
		ID:       required(o, "id", scalar.ContractID),
		Campaign: o.campaignID(),
		Partner:  o.partnerID(),
		Start:    required(o, "start", scalar.Instant(o.draft.zone)),
		End:      o.optionalInstant("end"),
		Profile:  o.profile(published.Contract),
	}
	if !c.End.IsZero() && !c.Start.Before(c.End) {
		o.errorf("end", "Must be after the start")
	}
	o.unique("id", contractKey(c.ID))
	o.checkLater("id", func(before, _ *program.Reference) string {
		recorded, exists := before.Contracts[c.ID]
		if exists && (recorded.Campaign != c.Campaign || recorded.Partner != c.Partner) {
			return fmt.Sprintf("Contract S-%d is with partner %d in campaign %d, which can't change: give the new contract another id",
				c.ID, recorded.Partner, recorded.Campaign)
		}
		return ""
	})
	o.list("terms", func(o *object) { o.terms(c) })
	o.draft.change.Contracts[c.ID] = c
}
