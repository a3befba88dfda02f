package command

import (
	"context"
	"net/url"
	"strconv"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/render"
)

var (
	campaigns  = collection{path: "/Campaigns", key: "Campaigns", columns: render.Columns("Id", "Name", "State", "Type", "ShortDescription:Description")}
	partners   = collection{path: "/MediaPartners", key: "Partners", columns: render.Columns("Id", "Name", "State", "PartnerType:Type", "Website", "Currency", "Address.Country:Country")}
	promoCodes = collection{path: "/PromoCodes", key: "PromoCodes", columns: render.Columns("Id", "Code", "AssignedPartnerId:Partner", "AssignedPartnerName:Name", "CampaignId:Campaign", "State", "StartDate:From", "EndDate:Until")}
	contracts  = collection{path: "", key: "Contracts", columns: render.Columns("Id", "PartnerId:Partner", "PartnerName:Name", "Status", "StartDate:From", "EndDate:Until", "TemplateTerms.Name:Terms")}
)

// CampaignList lists campaigns.
type CampaignList struct {
	listing
	State string `placeholder:"STATE" help:"Select campaigns in a state, such as ACTIVE."`
}

// Do lists the campaigns.
func (c CampaignList) Do(ctx context.Context, s *cli.Session) error {
	p := cli.Parameters{}
	p.Set("State", c.State)
	return c.list(ctx, s, campaigns, url.Values(p))
}

// CampaignGet shows a campaign.
type CampaignGet struct {
	showing
	Campaign int64 `arg:"" help:"Id of the campaign."`
}

// Do shows the campaign.
func (c CampaignGet) Do(ctx context.Context, s *cli.Session) error {
	return c.show(ctx, s, cli.Path("Campaigns", id(c.Campaign)), render.Columns(
		"Id", "Name", "State", "Type", "ShortDescription:Description", "TrackingDomain:Tracking domain", "ShippingRegions:Regions",
		"Categories.PrimaryCategory:Category", "Resources.CompanyHomepage:Homepage"))
}

// PartnerList lists partners.
type PartnerList struct {
	listing
	Campaign int64  `placeholder:"ID" help:"Select the partners of a campaign."`
	State    string `placeholder:"STATE" help:"Select partners in a state, such as ACTIVE."`
}

// Do lists the partners.
func (c PartnerList) Do(ctx context.Context, s *cli.Session) error {
	p := cli.Parameters{}
	p.Set("CampaignId", c.Campaign)
	p.Set("State", c.State)
	return c.list(ctx, s, partners, url.Values(p))
}

// PartnerGet shows a partner.
type PartnerGet struct {
	showing
	Partner int64 `arg:"" help:"Id of the partner."`
}

// Do shows the partner.
func (c PartnerGet) Do(ctx context.Context, s *cli.Session) error {
	return c.show(ctx, s, cli.Path("MediaPartners", id(c.Partner)), render.Columns(
		"Id", "Name", "State", "PartnerType:Type", "Website", "Currency", "Timezone:Time zone", "Address.City:City",
		"Address.Country:Country", "IndirectTax.Number:Tax number", "DateCreated:Created"))
}

// PromoCodeList lists promo codes.
type PromoCodeList struct {
	listing
	Campaign int64  `placeholder:"ID" help:"Select the codes of a campaign."`
	Code     string `placeholder:"CODE" help:"Select a code, in any letter case."`
	State    string `placeholder:"STATE" help:"Select codes that are ACTIVE or INACTIVE."`
}

// Do lists the promo codes.
func (c PromoCodeList) Do(ctx context.Context, s *cli.Session) error {
	p := cli.Parameters{}
	p.Set("CampaignId", c.Campaign)
	p.Set("Code", c.Code)
	p.Set("State", c.State)
	return c.list(ctx, s, promoCodes, url.Values(p))
}

// PromoCodeGet shows a promo code.
type PromoCodeGet struct {
	showing
	PromoCode int64 `arg:"" help:"Id of the promo code."`
}

// Do shows the promo code.
func (c PromoCodeGet) Do(ctx context.Context, s *cli.Session) error {
	return c.show(ctx, s, cli.Path("PromoCodes", id(c.PromoCode)), promoCodes.columns)
}

// ContractList lists the contracts of a campaign.
type ContractList struct {
	listing
	Campaign int64  `placeholder:"ID" help:"Campaign (default: the only one of the account)."`
	Partner  int64  `placeholder:"ID" help:"Select the contracts of a partner."`
	Status   string `placeholder:"STATUS" help:"Select contracts that are ACTIVE, EXPIRED or UPCOMING (default: ACTIVE)."`
}

// Do lists the contracts.
func (c ContractList) Do(ctx context.Context, s *cli.Session) error {
	campaign, err := onlyCampaign(ctx, s, c.Campaign)
	if err != nil {
		return err
	}
	p := cli.Parameters{}
	p.Set("PartnerId", c.Partner)
	p.Set("Status", c.Status)
	of := contracts
	of.path = cli.Path("Campaigns", id(campaign), "Contracts")
	return c.list(ctx, s, of, url.Values(p))
}

// ContractGet shows a contract.
type ContractGet struct {
	showing
	Contract string `arg:"" help:"Id of the contract."`
}

// Do shows the contract.
func (c ContractGet) Do(ctx context.Context, s *cli.Session) error {
	return c.show(ctx, s, cli.Path("Contracts", c.Contract), render.Columns(
		"Id", "CampaignName:Campaign", "PartnerName:Partner", "PartnerId:Partner id", "Status", "StartDate:From", "EndDate:Until",
		"TemplateTerms.Name:Terms", "TemplateTerms.Currency:Currency", "BrandSignatory:Signed by brand", "PartnerSignatory:Signed by partner"))
}

// id returns an id as text.
func id(n int64) string { return strconv.FormatInt(n, 10) }

// onlyCampaign returns the given campaign, or the only one of the account if it is 0.
func onlyCampaign(ctx context.Context, s *cli.Session, campaign int64) (int64, error) {
	if campaign != 0 {
		return campaign, nil
	}
	var ids []int64
	for c, err := range s.Client.Campaigns(ctx, client.CampaignFilter{}) {
		if err != nil {
			return 0, err
		}
		ids = append(ids, int64(c.ID))
	}
	switch len(ids) {
	case 0:
		return 0, cli.NotFound("the account has no campaign")
	case 1:
		return ids[0], nil
	}
	return 0, cli.Usage("--campaign: name one of the campaigns of the account: %s", cli.Join(ids))
}
