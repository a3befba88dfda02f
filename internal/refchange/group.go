package refchange

import (
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// FindGroup returns an active group of partners. If there is none, the error is a 404.
func FindGroup(r *program.Reference, campaign, id int64) (program.PartnerGroup, error) {
	if _, found := r.Campaigns[campaign]; !found {
		return program.PartnerGroup{}, NotFound("campaign %d", campaign)
	}
	g, found := r.PartnerGroups[id]
	if !found || g.Campaign != campaign || g.State != program.StateActive {
		return program.PartnerGroup{}, NotFound("partner group %d in campaign %d", id, campaign)
	}
	return g, nil
}

// CreateGroup decodes a POST of a group of partners.
func CreateGroup(p *wire.Params, env wire.Env, campaign int64) (store.AmendReference, error) {
	d := newDecoder(p, env)
	d.Require("Name")
	name, _ := wire.Read(d, scalar.Text(maxText), "Name")
	partners := readIDs(d, "MediaPartners")
	return amend(map[string]string{"name": "Name", "partners": "MediaPartners", "id": "Name"}, func(before *program.Reference, at time.Time) (store.ReferenceChange, string, error) {
		if _, found := before.Campaigns[campaign]; !found {
			return store.ReferenceChange{}, "", NotFound("campaign %d", campaign)
		}
		id := newGroupID(before)
		key := refdata.NewKey(program.KindPartnerGroup, decimal(id))
		change, err := key.Set(map[string]any{"campaign": campaign, "name": name, "partners": partners})(before, at)
		return change, encode.GroupPath(campaign, id), err
	}), d.Err()
}

// newGroupID returns an id that no group ever had.
func newGroupID(r *program.Reference) int64 {
	for id := int64(len(r.PartnerGroups)) + 1; ; id++ {
		if _, used := r.PartnerGroups[id]; !used {
			return id
		}
	}
}

// UpdateGroup decodes a PUT of a group of partners.
func UpdateGroup(p *wire.Params, env wire.Env, campaign, id int64) (store.AmendReference, error) {
	d := newDecoder(p, env)
	name, renamed := wire.Read(d, scalar.Text(maxText), "Name")
	added, removed := readIDs(d, "MediaPartnersAdd"), readIDs(d, "MediaPartnersRemove")
	if !renamed && len(added) == 0 && len(removed) == 0 && d.Err() == nil {
		d.AddError("Name", "Required: Name, MediaPartnersAdd or MediaPartnersRemove")
	}
	for _, partner := range added {
		if _, both := slices.BinarySearch(removed, partner); both { // ids are sorted
			d.AddError("MediaPartnersRemove", "Partner %d is also in MediaPartnersAdd", partner)
		}
	}
	return amend(map[string]string{"name": "Name", "partners": "MediaPartnersAdd"}, func(before *program.Reference, at time.Time) (store.ReferenceChange, string, error) {
		g, err := FindGroup(before, campaign, id)
		if err != nil {
			return store.ReferenceChange{}, "", err
		}
		values := map[string]any{"partners": changePartners(g.Partners, added, removed)}
		if renamed {
			values["name"] = name
		}
		change, err := refdata.NewKey(program.KindPartnerGroup, decimal(id)).Set(values)(before, at)
		return change, encode.GroupPath(campaign, id), err
	}), d.Err()
}

// changePartners returns the partners without those removed, followed by those added.
func changePartners(partners, added, removed []int64) []int64 {
	changed := make([]int64, 0, len(partners)+len(added))
	known := make(map[int64]bool, len(partners)+len(removed))
	for _, partner := range removed {
		known[partner] = true
	}
	for _, partner := range slices.Concat(partners, added) {
		if !known[partner] {
			known[partner], changed = true, append(changed, partner)
		}
	}
	return changed
}

// DeleteGroup decodes a DELETE of a group of partners. The group ends; its history stays.
func DeleteGroup(p *wire.Params, env wire.Env, campaign, id int64) (store.AmendReference, error) {
	d := newDecoder(p, env)
	return amend(nil, func(before *program.Reference, at time.Time) (store.ReferenceChange, string, error) {
		if _, err := FindGroup(before, campaign, id); err != nil {
			return store.ReferenceChange{}, "", err
		}
		end := refdata.NewKey(program.KindPartnerGroup, decimal(id)).End(refdata.EndOptions{State: refdata.StateEnded})
		change, err := end(before, at)
		return change, encode.GroupPath(campaign, id), err
	}), d.Err()
}
