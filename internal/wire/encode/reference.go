package encode

import (
	"slices"
	"strconv"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/published"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// path returns a path below the account, for a Uri.
func (e *Encoder) path(below string) string { return string(e.appendBase(nil)) + below }

// AppendCompany appends the account's company information to dst.
func (e *Encoder) AppendCompany(dst []byte) []byte {
	account := e.Reference.Account
	v := valuesOf(account.Profile)
	v["CompanyName"], v["Currency"], v["Timezone"] = account.Name, string(account.Currency), account.Zone
	v["Uri"] = e.path("/CompanyInformation")
	return e.appendPublished(dst, "CompanyInformation", published.Company, v)
}

// AppendCampaign appends a campaign to dst.
func (e *Encoder) AppendCampaign(dst []byte, c program.Campaign) []byte {
	v := valuesOf(c.Profile)
	v["Id"], v["Name"], v["State"], v["Type"] = c.ID, c.Name, c.State, c.Type
	v["Uri"] = e.path("/Campaigns/" + strconv.FormatInt(c.ID, 10))
	return e.appendPublished(dst, Campaigns.Element, published.Campaign, v)
}

// AppendPartner appends a media partner to dst.
func (e *Encoder) AppendPartner(dst []byte, p program.Partner) []byte {
	v := valuesOf(p.Profile)
	id := strconv.FormatInt(p.ID, 10)
	v["Id"], v["Name"], v["State"], v["PartnerType"] = id, p.Name, p.State, p.Type
	v["Currency"], v["Timezone"] = p.Currency, p.Zone
	v["Programs"], v["PartnerValues"] = e.programs(p.ID), partnerValues(p)
	v["Uri"] = e.path("/MediaPartners/" + id)
	return e.appendPublished(dst, Partners.Element, published.Partner, v)
}

func partnerValues(p program.Partner) publishedValues {
	return publishedValues{"Value1": p.Values[0], "Value2": p.Values[1], "Value3": p.Values[2]}
}

// programs returns the campaigns in which a partner has contracts, ordered by id, each with
// the contract in force or else the one that starts last. The partner joined when its first
// contract started.
func (e *Encoder) programs(partner int64) []any {
	var programs []any
	for _, campaign := range e.Reference.CampaignsOf(partner) {
		contracts := e.Reference.ContractsOf(campaign, partner) // newest first
		c := contracts[0]
		if i := slices.IndexFunc(contracts, func(c program.Contract) bool { return c.InForce(e.Now) }); i >= 0 {
			c = contracts[i]
		}
		template, _ := valuesOf(c.Profile)["TemplateTerms"].(publishedValues)
		programs = append(programs, publishedValues{
			"Id": campaign, "Name": e.Reference.Campaigns[campaign].Name,
			"ContractId": wire.FormatContractID(c.ID), "ContractName": template["Name"],
			"JoinDate": contracts[len(contracts)-1].Start, "ExpirationDate": c.End,
		})
	}
	return programs
}
