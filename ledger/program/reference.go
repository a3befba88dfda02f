package program

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Reference is the reference data of one account as of an instant. It must be prepared
// before it is shared, and is read-only from then on.
type Reference struct {
	Account    Account
	Campaigns  map[int64]Campaign
	EventTypes map[int64]EventType
	Partners   map[int64]Partner
	// PartnerGroups are the groups of partners. No rule reads them.
	PartnerGroups map[int64]PartnerGroup
	PromoCodes    map[PromoKey]PromoCode
	Contracts     map[int64]Contract
	// Terms holds every version ever recorded, oldest first.
	Terms map[TermsOf][]Terms
	// Notifications are the event notifications. No rule reads them.
	Notifications map[int64]Notification
	// Bridges turn webhooks of shops into submissions. No rule reads them.
	Bridges map[int64]Bridge

	// Prepare computes the fields below from the exported fields.
	zone         *time.Location
	contractsOf  map[contractParties][]Contract
	campaignsOf  map[int64][]int64
	eventTypesOf map[int64][]int64
	// numberedPromoCodes holds the keys of the promo codes by their ID - 1.
	numberedPromoCodes []PromoKey
}

// contractParties identifies the campaign and the partner of a contract.
type contractParties struct{ campaign, partner int64 }

// Len returns the number of entries. It counts all versions of terms as one.
func (r *Reference) Len() int {
	return 1 + len(r.Campaigns) + len(r.EventTypes) + len(r.Partners) + len(r.PartnerGroups) + len(r.PromoCodes) +
		len(r.Contracts) + len(r.Terms) + len(r.Notifications) + len(r.Bridges)
}

// Prepare builds the indexes that the lookups need. It must be called after the last
// change. It returns an error if the account's time zone is unknown.
func (r *Reference) Prepare() error {
	zone, err := time.LoadLocation(r.Account.Zone)
	if err != nil {
		return fmt.Errorf("zone of account %d: %w", r.Account.ID, err)
	}
	r.zone = zone
	r.contractsOf = make(map[contractParties][]Contract)
	for _, c := range r.Contracts {
		parties := contractParties{c.Campaign, c.Partner}
		r.contractsOf[parties] = append(r.contractsOf[parties], c)
	}
	r.campaignsOf, r.eventTypesOf = make(map[int64][]int64), make(map[int64][]int64)
	for parties := range r.contractsOf {
		r.campaignsOf[parties.partner] = append(r.campaignsOf[parties.partner], parties.campaign)
	}
	for id, e := range r.EventTypes {
		r.eventTypesOf[e.Campaign] = append(r.eventTypesOf[e.Campaign], id)
	}
	for _, index := range []map[int64][]int64{r.campaignsOf, r.eventTypesOf} {
		for _, ids := range index {
			slices.Sort(ids)
		}
	}
	for _, contracts := range r.contractsOf {
		slices.SortFunc(contracts, func(a, b Contract) int {
			return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(b.ID, a.ID))
		})
	}
	return nil
}

// NumberPromoCodes sets the ID and Created of the promo codes. first holds the instant at which
// each was first recorded, by its stored key.
func (r *Reference) NumberPromoCodes(first map[string]time.Time) {
	keys := slices.Collect(maps.Keys(r.PromoCodes))
	slices.SortFunc(keys, func(a, b PromoKey) int {
		return cmp.Or(first[a.String()].Compare(first[b.String()]), cmp.Compare(a.Campaign, b.Campaign), cmp.Compare(a.Upper, b.Upper))
	})
	for i, key := range keys {
		p := r.PromoCodes[key]
		p.ID, p.Created = int64(i+1), first[key.String()]
		r.PromoCodes[key] = p
	}
	r.numberedPromoCodes = keys
}

// PromoCode returns the promo code with the ID and reports whether there is one. The promo
// codes must be numbered.
func (r *Reference) PromoCode(id int64) (PromoCode, bool) {
	if id < 1 || id > int64(len(r.numberedPromoCodes)) {
		return PromoCode{}, false
	}
	return r.PromoCodes[r.numberedPromoCodes[id-1]], true
}

// Zone returns the account's time zone. The Reference must be prepared.
func (r *Reference) Zone() *time.Location { return r.zone }

// ContractsOf returns the contracts of a partner in a campaign, newest Start first.
// The Reference must be prepared.
func (r *Reference) ContractsOf(campaign, partner int64) []Contract {
	return r.contractsOf[contractParties{campaign, partner}]
}

// CampaignsOf returns the ids of the campaigns in which a partner has contracts, in order.
// The Reference must be prepared.
func (r *Reference) CampaignsOf(partner int64) []int64 { return r.campaignsOf[partner] }

// EventTypesOf returns the ids of a campaign's event types, in order. The Reference must be
// prepared.
func (r *Reference) EventTypesOf(campaign int64) []int64 { return r.eventTypesOf[campaign] }

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

// TermsAt returns the newest version of terms whose From is not after the instant, and
// reports whether there is one. It doesn't check that the contract is in force.
func (r *Reference) TermsAt(of TermsOf, at time.Time) (Terms, bool) {
	versions := r.Terms[of]
	for i := len(versions) - 1; i >= 0; i-- {
		if !versions[i].From.After(at) {
			return versions[i], true
		}
	}
	return Terms{}, false
}

// TermsInForce returns the terms of the newest contract in force that has terms for the
// event type. It also reports whether any contract of the partner is in force.
func (r *Reference) TermsInForce(e EventType, partner int64, at time.Time) (t Terms, underContract, found bool) {
	for _, c := range r.ContractsOf(e.Campaign, partner) {
		if !c.InForce(at) {
			continue
		}
		underContract = true
		if t, found := r.TermsAt(TermsOf{Contract: c.ID, EventType: e.ID}, at); found {
			return t, true, true
		}
	}
	return Terms{}, underContract, false
}

// TermsOfAmendment returns the terms that price a change of an action that was tracked by
// the given terms. They are the terms in force, or else the last that were. In a campaign
// with [PricingTracked] they are those that priced the conversion.
func (r *Reference) TermsOfAmendment(tracked TermsKey, campaign, partner, eventType int64, at time.Time) Terms {
	if r.Campaigns[campaign].Pricing != PricingTracked {
		if last, found := r.TermsAtOrBefore(campaign, partner, eventType, at); found {
			return last
		}
	}
	return r.TermsVersion(tracked)
}

// TermsAtOrBefore returns the terms for an event type, of all contracts of a partner in a
// campaign, that were in force at an instant, or else those of [Reference.LastTermsBefore].
// The Reference must be prepared.
func (r *Reference) TermsAtOrBefore(campaign, partner, eventType int64, at time.Time) (Terms, bool) {
	contracts := r.ContractsOf(campaign, partner)
	for _, c := range contracts {
		if t, found := r.TermsAt(TermsOf{Contract: c.ID, EventType: eventType}, at); found && c.InForce(at) {
			return t, true
		}
	}
	return r.LastTermsBefore(contracts, eventType, at)
}

// LastTermsBefore returns the terms for an event type that expire last, of all terms of the
// contracts that took effect by the instant. If several expire at the same time, it prefers
// those that took effect later, then those of the contract with the higher id. It skips
// contracts without an End, because their terms don't expire.
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
