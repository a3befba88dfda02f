package refdata

import (
	"cmp"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/internal/refdata/fieldchange"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// FieldChange is the change of one field of an entry, or a new entry.
type FieldChange = fieldchange.Change

// fieldChanges returns the changes that change makes to the reference data before, ordered
// by kind, key and field, and the number of entries that are new or changed. Clicks and rate
// tables are not included.
func fieldChanges(before *program.Reference, change store.ReferenceChange) (changes []FieldChange, entries int, err error) {
	type entryKey struct{ kind, key string }
	old := make(map[entryKey]any)
	for e := range before.Entries() {
		old[entryKey{e.Kind, e.Key}] = e.Value
	}
	for e := range change.Entries() {
		previous := old[entryKey{e.Kind, e.Key}]
		if t, ok := e.Value.(program.Terms); ok { // a version is new; its predecessor has another key
			if versions := before.Terms[t.TermsOf]; len(versions) > 0 {
				previous = versions[len(versions)-1]
			}
		}
		fields, err := fieldchange.Compare(fileForm(previous), fileForm(e.Value))
		if err != nil {
			return nil, 0, err
		}
		for _, f := range fields {
			f.Kind, f.Key = e.Kind, e.Key
			changes = append(changes, f)
		}
		if len(fields) > 0 {
			entries++
		}
	}
	slices.SortStableFunc(changes, func(a, b FieldChange) int {
		return cmp.Or(cmp.Compare(kindIndex(a.Kind), kindIndex(b.Kind)), cmp.Compare(len(a.Key), len(b.Key)), strings.Compare(a.Key, b.Key))
	})
	return changes, entries, nil
}

func kindIndex(name string) int {
	return slices.IndexFunc(program.ReferenceKinds, func(k program.ReferenceKind) bool { return k.Name == name })
}

// accountFields is the JSON form of an account without its entries.
type accountFields struct {
	ID                    int64           `json:"id"`
	Name                  string          `json:"name"`
	Currency              money.Currency  `json:"currency"`
	Zone                  string          `json:"zone"`
	ModificationLimit     int             `json:"cap"`
	PaymentDays           *int            `json:"payment_days,omitempty"`
	RetainActionsDays     *int            `json:"retain_actions_days,omitempty"`
	RetainSubmissionsDays *int            `json:"retain_submissions_days,omitempty"`
	Profile               program.Profile `json:"profile,omitempty"`
}

// fileForm returns the form of an entry in a file. Terms are entries of their own, and those
// of a contract are omitted.
func fileForm(entry any) any {
	switch e := entry.(type) {
	case program.Account:
		return accountFields(e)
	case program.Campaign:
		return campaignEntry(e)
	case program.EventType:
		return newEventTypeEntry(e)
	case program.Partner:
		return newPartnerEntry(e)
	case program.PartnerGroup:
		return partnerGroupEntry(e)
	case program.PromoCode:
		return newPromoCodeEntry(e)
	case program.Contract:
		return contractEntry{ID: e.ID, Campaign: e.Campaign, Partner: e.Partner, Start: e.Start, End: e.End, Profile: e.Profile}
	case program.Terms:
		return newTermsEntry(e)
	case program.Notification:
		return notificationEntry(e)
	case program.Bridge:
		return bridgeEntry(e)
	}
	return entry
}
