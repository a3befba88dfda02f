package httpapi

import (
	"errors"

	"github.com/trueup-ledger/trueup/internal/refchange"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/ledger"
)

// groupsPath is the path of the groups of partners of a campaign below an account.
const groupsPath = "/Campaigns/{campaign}/MediaPartnerGroups"

// record makes a change of reference data that takes effect at once. err is the error of
// decoding the change.
func (c *call) record(operation store.Operation, change store.AmendReference, err error) error {
	if err != nil {
		return err
	}
	done, err := c.api.store.RecordRequest(c.r.Context(), c.token.Account, c.now, c.auditEvent(operation), c.key, change)
	if err != nil {
		return err
	}
	return c.writeDone(done.Resource, done.Replayed)
}

func (c *call) getGroups() error {
	q, err := query.DecodePage(c.params, c.env())
	if err != nil {
		return err
	}
	campaign := c.pathNumber("campaign")
	if _, found := c.reference.Campaigns[campaign]; !found {
		return refchange.NotFound("campaign %s", c.pathExcerpt("campaign"))
	}
	return writePage(c, encode.Groups, q, q.Groups(c.reference, campaign), (*encode.Encoder).AppendGroup)
}

func (c *call) getGroup() error {
	g, err := refchange.FindGroup(c.reference, c.pathNumber("campaign"), c.pathNumber("group"))
	if err != nil {
		return err
	}
	return c.writeObject(func(e *encode.Encoder, dst []byte) []byte { return e.AppendGroup(dst, g) })
}

func (c *call) postGroup() error {
	change, err := refchange.CreateGroup(c.params, c.env(), c.pathNumber("campaign"))
	return c.record(store.OperationRecord, change, err)
}

func (c *call) putGroup() error {
	change, err := refchange.UpdateGroup(c.params, c.env(), c.pathNumber("campaign"), c.pathNumber("group"))
	return c.record(store.OperationRecord, change, err)
}

func (c *call) deleteGroup() error {
	change, err := refchange.DeleteGroup(c.params, c.env(), c.pathNumber("campaign"), c.pathNumber("group"))
	return c.record(store.OperationEnd, change, err)
}

func (c *call) getPromoCodes() error {
	q, err := query.DecodePromoCodes(c.params, c.env())
	if err != nil {
		return err
	}
	return writePage(c, encode.PromoCodes, q, q.PromoCodes(c.reference), (*encode.Encoder).AppendPromoCode)
}

func (c *call) getPromoCode() error {
	p, found := c.reference.PromoCode(c.pathNumber("code"))
	if !found {
		return refchange.NotFound("promo code %s", c.pathExcerpt("code"))
	}
	return c.writeObject(func(e *encode.Encoder, dst []byte) []byte { return e.AppendPromoCode(dst, p) })
}

func (c *call) postPromoCode() error {
	change, err := refchange.CreatePromoCode(c.params, c.env())
	return c.record(store.OperationRecord, change, err)
}

func (c *call) deletePromoCode() error {
	change, err := refchange.DeletePromoCode(c.params, c.env(), c.pathNumber("code"))
	return c.record(store.OperationEnd, change, err)
}

func (c *call) putPartner() error {
	change, err := refchange.SetPartnerValues(c.params, c.env(), c.pathNumber("partner"))
	return c.record(store.OperationRecord, change, err)
}

func (c *call) getClick() error {
	campaign := c.pathNumber("campaign")
	if _, found := c.reference.Campaigns[campaign]; !found {
		return refchange.NotFound("campaign %s", c.pathExcerpt("campaign"))
	}
	click, err := c.api.store.Click(c.r.Context(), c.token.Account, c.r.PathValue("click"))
	if errors.Is(err, ledger.ErrNotFound) || err == nil && click.Campaign != campaign {
		return refchange.NotFound("click %s in campaign %d", c.pathExcerpt("click"), campaign)
	}
	if err != nil {
		return err
	}
	return c.writeObject(func(e *encode.Encoder, dst []byte) []byte { return e.AppendClick(dst, click) })
}
