package httpapi

import (
	"strconv"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func (c *call) getCompany() error { return c.writeObject((*encode.Encoder).AppendCompany) }

func (c *call) getCampaigns() error {
	q, err := query.DecodeCampaigns(c.params, c.env())
	if err != nil {
		return err
	}
	return writePage(c, encode.Campaigns, q, q.Campaigns(c.reference), (*encode.Encoder).AppendCampaign)
}

func (c *call) getCampaign() error {
	return writeEntry(c, c.reference.Campaigns, c.pathNumber("campaign"), (*encode.Encoder).AppendCampaign)
}

func (c *call) getPartners() error {
	q, err := query.DecodePartners(c.params, c.env())
	if err != nil {
		return err
	}
	partners := q.Partners(c.reference)
	from, to, info := query.Bounds(q.Page, len(partners))
	l := encode.List{Collection: encode.Partners, Path: c.path, Filters: q.Filters, Page: q.Page, Info: info}
	return c.writeBody(c.encoder().AppendPartners(nil, l, partners[from:to]))
}

func (c *call) getPartner() error {
	return writeEntry(c, c.reference.Partners, c.pathNumber("partner"), (*encode.Encoder).AppendPartner)
}

func (c *call) getContracts() error {
	q, err := query.DecodeContracts(c.params, c.env())
	if err != nil {
		return err
	}
	campaign := c.pathNumber("campaign")
	if _, found := c.reference.Campaigns[campaign]; !found {
		return errNotFound
	}
	return writePage(c, encode.Contracts, q, q.Contracts(c.reference, campaign), (*encode.Encoder).AppendContract)
}

func (c *call) getContract() error {
	id, err := wire.ParseContractID(c.r.PathValue("contract"))
	campaign := c.r.PathValue("campaign")
	if err != nil || campaign != "" && c.pathNumber("campaign") != c.reference.Contracts[id].Campaign {
		return errNotFound
	}
	return writeEntry(c, c.reference.Contracts, id, (*encode.Encoder).AppendContract)
}

// getEmptyCollection writes an empty page of a collection that is not supported.
func (c *call) getEmptyCollection(collection encode.EmptyCollection) error {
	q, err := query.DecodePage(c.params, c.env(), collection.Filters...)
	if err != nil {
		return err
	}
	return writePage(c, collection.Collection, q, nil, func(_ *encode.Encoder, dst []byte, _ program.Campaign) []byte { return dst })
}

// pathNumber returns a number in the path. For an invalid number it returns 0, which is not
// the id of any object.
func (c *call) pathNumber(wildcard string) int64 {
	n, err := strconv.ParseInt(c.r.PathValue(wildcard), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// pathExcerpt returns a value in the path as error messages quote it.
func (c *call) pathExcerpt(wildcard string) string { return wire.Excerpt(c.r.PathValue(wildcard)) }

// writeEntry writes the entry with the given id.
func writeEntry[T any](c *call, all map[int64]T, id int64, appendTo func(*encode.Encoder, []byte, T) []byte) error {
	entry, found := all[id]
	if !found {
		return errNotFound
	}
	return c.writeObject(func(e *encode.Encoder, dst []byte) []byte { return appendTo(e, dst, entry) })
}
