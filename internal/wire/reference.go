package wire

import (
	"strconv"

	"github.com/trueup-ledger/trueup/ledger"
)

// versionCampaignType has the Type of campaigns.
const versionCampaignType = 14

// AppendCampaign writes a campaign.
func (e *Encoder) AppendCampaign(dst []byte, c ledger.Campaign) []byte {
	o := e.open(dst, "Campaign")
	o.digitsText("Id", c.ID)
	o.text("Name", c.Name)
	o.text("State", c.State)
	if e.has(versionCampaignType) {
		o.text("Type", c.Type)
	}
	o.uri("/Campaigns/", strconv.FormatInt(c.ID, 10))
	return o.close("Campaign")
}

// AppendPartner writes a media partner.
func (e *Encoder) AppendPartner(dst []byte, p ledger.Partner) []byte {
	o := e.open(dst, "Partner")
	o.digitsText("Id", p.ID)
	o.text("Name", p.Name)
	o.text("State", p.State)
	o.text("Currency", p.Currency)
	o.text("Timezone", p.Zone)
	o.text("PartnerType", p.Type)
	o.uri("/MediaPartners/", strconv.FormatInt(p.ID, 10))
	return o.close("Partner")
}

// AppendCompany writes the account: a client's first call, to test its access.
func (e *Encoder) AppendCompany(dst []byte) []byte {
	account := e.Reference.Account
	o := e.open(dst, "CompanyInformation")
	o.text("CompanyName", account.Name)
	o.text("Currency", string(account.Currency))
	o.text("Timezone", account.Zone)
	o.uri("/CompanyInformation", "")
	return o.close("CompanyInformation")
}
