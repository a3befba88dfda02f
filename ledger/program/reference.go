package program

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Reference is the reference data of one account as of an instant. Submissions
// accepted from that instant on are decided by it. A Reference is read-only once
// it is prepared.
type Reference struct {
	Account    Account
	Campaigns  map[int64]Campaign
	EventTypes map[int64]EventType
	Partners   map[int64]Partner
	PromoCodes map[PromoKey]PromoCode
	Contracts  map[int64]Contract
	// Terms holds every version ever recorded, oldest first.
	Terms map[TermsOf][]Terms
	// Notifications are the event notifications. No rule reads them.
	Notifications map[int64]Notification

	// Prepare derives zone and contractsOf from the exported fields.
	zone        *time.Location
	contractsOf map[relation][]Contract
}

// ReferenceKinds are all kinds of reference data, in the order of a reference file.
// Storage, the reference file, the admin API and its OpenAPI paths derive from it. To
// add a kind, add its field to [Reference], a row here and a codec to package refdata.
var ReferenceKinds = []ReferenceKind{
	accountKind,
	in(ReferenceKind{Name: "campaign", List: "campaigns", Keys: []string{"id"}, EndKey: EndByState},
		func(r *Reference) *map[int64]Campaign { return &r.Campaigns }, func(c Campaign) int64 { return c.ID }, decimalKey),
	in(ReferenceKind{Name: "event type", List: "event_types", Keys: []string{"id"}, EndKey: EndByState},
		func(r *Reference) *map[int64]EventType { return &r.EventTypes }, func(e EventType) int64 { return e.ID }, decimalKey),
	in(ReferenceKind{Name: "partner", List: "partners", Keys: []string{"id"}, EndKey: EndByState},
		func(r *Reference) *map[int64]Partner { return &r.Partners }, func(p Partner) int64 { return p.ID }, decimalKey),
	in(ReferenceKind{Name: "promo code", List: "promo_codes", Keys: []string{"campaign", "code"}, EndKey: EndByDate},
		func(r *Reference) *map[PromoKey]PromoCode { return &r.PromoCodes }, PromoCode.Key, PromoKey.String),
	in(ReferenceKind{Name: "contract", List: "contracts", Keys: []string{"id"}, EndKey: EndByDate},
		func(r *Reference) *map[int64]Contract { return &r.Contracts }, func(c Contract) int64 { return c.ID }, decimalKey),
	termsKind,
	{Name: "click", List: "clicks", Keys: []string{"id"}},
	in(ReferenceKind{Name: "notification", List: "notifications", Keys: []string{"id"}, EndKey: EndByState},
		func(r *Reference) *map[int64]Notification { return &r.Notifications }, func(n Notification) int64 { return n.ID }, decimalKey),
}

// relation identifies the two sides of a contract.
type relation struct{ campaign, partner int64 }

// Prepare builds the indexes that lookups need. It must be called once, after the
// last change and before the Reference is shared.
func (r *Reference) Prepare() error {
	zone, err := time.LoadLocation(r.Account.Zone)
	if err != nil {
		return fmt.Errorf("zone of account %d: %w", r.Account.ID, err)
	}
	r.zone = zone
	r.contractsOf = make(map[relation][]Contract)
	for _, c := range r.Contracts {
		of := relation{c.Campaign, c.Partner}
		r.contractsOf[of] = append(r.contractsOf[of], c)
	}
	for _, contracts := range r.contractsOf {
		slices.SortFunc(contracts, func(a, b Contract) int {
			return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(b.ID, a.ID))
		})
	}
	return nil
}

// Zone returns the account's time zone. The Reference must be prepared.
func (r *Reference) Zone() *time.Location { return r.zone }

// ContractsOf returns the contracts of a partner in a campaign, the newest first.
// The Reference must be prepared.
func (r *Reference) ContractsOf(campaign, partner int64) []Contract {
	return r.contractsOf[relation{campaign, partner}]
}

// EventTypeByCode returns the event type with the code. If several have it, an event
// type of the campaign is preferred, then the one with the lowest id.
func (r *Reference) EventTypeByCode(campaign int64, code string) (found EventType, ok bool) {
	for _, e := range r.EventTypes {
		better := !ok || (e.Campaign == campaign) && (found.Campaign != campaign) ||
			(e.Campaign == campaign) == (found.Campaign == campaign) && e.ID < found.ID
		if e.Code == code && better {
			found, ok = e, true
		}
	}
	return found, ok
}

// TermsVersion returns the version of terms with the key. For an unknown key it
// returns empty terms with that key.
func (r *Reference) TermsVersion(key TermsKey) Terms {
	for _, t := range r.Terms[key.TermsOf] {
		if t.Version == key.Version {
			return t
		}
	}
	return Terms{TermsKey: key}
}

// TermsAt returns the newest version of terms whose From is not after the instant,
// and whether there is one. It doesn't check whether the contract is in force.
func (r *Reference) TermsAt(of TermsOf, at time.Time) (Terms, bool) {
	versions := r.Terms[of]
	for i := len(versions) - 1; i >= 0; i-- {
		if !versions[i].From.After(at) {
			return versions[i], true
		}
	}
	return Terms{}, false
}

// LastTermsBefore returns the terms for an event type that were the last to expire
// under any of the contracts, of those that began by the instant. Ties go to the
// terms that began later, then to the contract with the higher id.
func (r *Reference) LastTermsBefore(contracts []Contract, eventType int64, at time.Time) (last Terms, found bool) {
	var lastStart, lastEnd time.Time
	for _, c := range contracts {
		versions := r.Terms[TermsOf{c.ID, eventType}]
		for i, t := range versions {
			start, end := t.From, c.End
			if start.Before(c.Start) {
				start = c.Start
			}
			for _, later := range versions[i+1:] { // a later version can have an earlier From
				if later.From.Before(end) {
					end = later.From
				}
			}
			if !start.Before(end) || start.After(at) {
				continue
			}
			order := cmp.Or(end.Compare(lastEnd), start.Compare(lastStart), cmp.Compare(c.ID, last.Contract))
			if !found || order > 0 {
				last, lastStart, lastEnd, found = t, start, end, true
			}
		}
	}
	return last, found
}
