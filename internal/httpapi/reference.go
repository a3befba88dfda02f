package httpapi

import (
	"strconv"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

func (c *call) getCompany() error { return c.object((*wire.Encoder).AppendCompany) }

func (c *call) getCampaigns() error {
	q, err := wire.DecodeCampaignQuery(c.params, c.env())
	if err != nil {
		return err
	}
	return short(c, wire.Campaigns, q, q.Campaigns(c.reference), (*wire.Encoder).AppendCampaign)
}

func (c *call) getCampaign() error {
	return named(c, c.reference.Campaigns, c.number("campaign"), (*wire.Encoder).AppendCampaign)
}

func (c *call) getPartners() error {
	q, err := wire.DecodePartnerQuery(c.params, c.env())
	if err != nil {
		return err
	}
	partners := q.Partners(c.reference)
	from, to, found := wire.Slice(q.Page, len(partners))
	l := wire.List{Collection: wire.Partners, Path: c.path, Filters: q.Filters, Page: q.Page, Found: found}
	return c.write(c.encoder().AppendPartners(nil, l, partners[from:to]))
}

func (c *call) getPartner() error {
	return named(c, c.reference.Partners, c.number("partner"), (*wire.Encoder).AppendPartner)
}

func (c *call) getContracts() error {
	q, err := wire.DecodeContractQuery(c.params, c.env())
	if err != nil {
		return err
	}
	campaign := c.number("campaign")
	if _, found := c.reference.Campaigns[campaign]; !found {
		return errNoResource
	}
	return short(c, wire.Contracts, q, q.Contracts(c.reference, campaign), (*wire.Encoder).AppendContract)
}

func (c *call) getContract() error {
	id, err := wire.ParseContractID(c.r.PathValue("contract"))
	if err != nil {
		return errNoResource
	}
	return named(c, c.reference.Contracts, id, (*wire.Encoder).AppendContract)
}

// getNothing answers a collection that has no objects yet.
func (c *call) getNothing(collection wire.Collection) error {
	q, err := wire.DecodePageQuery(c.params, c.env())
	if err != nil {
		return err
	}
	return short(c, collection, q, nil, func(_ *wire.Encoder, dst []byte, _ ledger.Campaign) []byte { return dst })
}

// number answers a number of the path, or 0, which names nothing.
func (c *call) number(wildcard string) int64 {
	n, err := strconv.ParseInt(c.r.PathValue(wildcard), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// named answers the one entry that the path names.
func named[T any](c *call, all map[int64]T, id int64, encode func(*wire.Encoder, []byte, T) []byte) error {
	entry, found := all[id]
	if !found {
		return errNoResource
	}
	return c.object(func(e *wire.Encoder, dst []byte) []byte { return encode(e, dst, entry) })
}
