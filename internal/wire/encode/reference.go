package encode

import (
	"strconv"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// AppendCampaign appends a campaign to dst.
func (e *Encoder) AppendCampaign(dst []byte, c program.Campaign) []byte {
	o := e.open(dst, Campaigns.Element)
	o.idText("Id", c.ID)
	o.text("Name", c.Name)
	o.text("State", c.State)
	if e.atLeast(versionCampaignType) {
		o.text("Type", c.Type)
	}
	o.uri("/Campaigns/", strconv.FormatInt(c.ID, 10))
	return o.close(Campaigns.Element)
}

// AppendPartner appends a media partner to dst.
func (e *Encoder) AppendPartner(dst []byte, p program.Partner) []byte {
	o := e.open(dst, Partners.Element)
	o.idText("Id", p.ID)
	o.text("Name", p.Name)
	o.text("State", p.State)
	o.text("Currency", p.Currency)
	o.text("Timezone", p.Zone)
	o.text("PartnerType", p.Type)
	o.begin("PartnerValues")
	o.nested(func() {
		o.text("Value1", p.Values[0])
		o.text("Value2", p.Values[1])
		o.text("Value3", p.Values[2])
	})
	o.end("PartnerValues")
	o.uri(partnersPath, strconv.FormatInt(p.ID, 10))
	return o.close(Partners.Element)
}

// AppendCompany appends the account's company information to dst.
func (e *Encoder) AppendCompany(dst []byte) []byte {
	account := e.Reference.Account
	o := e.open(dst, "CompanyInformation")
	o.text("CompanyName", account.Name)
	o.text("Currency", string(account.Currency))
	o.text("Timezone", account.Zone)
	o.uri("/CompanyInformation", "")
	return o.close("CompanyInformation")
}
