package client

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/client/internal/transport"
)

// Company returns the description of the account.
func (c *Client) Company(ctx context.Context) (*Company, error) {
	return read[Company](ctx, c, "/CompanyInformation", nil)
}

// Campaigns returns the campaigns that match.
func (c *Client) Campaigns(ctx context.Context, f CampaignFilter) iter.Seq2[Campaign, error] {
	return list[Campaign](ctx, c, "/Campaigns", "Campaigns", query(f))
}

// Campaign returns the campaign with an id.
func (c *Client) Campaign(ctx context.Context, id int) (*Campaign, error) {
	return read[Campaign](ctx, c, transport.Path("Campaigns", strconv.Itoa(id)), nil)
}

// Partners returns the partners that match.
func (c *Client) Partners(ctx context.Context, f PartnerFilter) iter.Seq2[Partner, error] {
	return list[Partner](ctx, c, "/MediaPartners", "Partners", query(f))
}

// Partner returns the partner with an id.
func (c *Client) Partner(ctx context.Context, id int) (*Partner, error) {
	return read[Partner](ctx, c, transport.Path("MediaPartners", strconv.Itoa(id)), nil)
}

// Contracts returns the contracts of a campaign that match.
func (c *Client) Contracts(ctx context.Context, campaignID int, f ContractFilter) iter.Seq2[Contract, error] {
	return list[Contract](ctx, c, transport.Path("Campaigns", strconv.Itoa(campaignID), "Contracts"), "Contracts", query(f))
}

// Contract returns the contract of a campaign with an id.
func (c *Client) Contract(ctx context.Context, campaignID int, id string) (*Contract, error) {
	return read[Contract](ctx, c, transport.Path("Campaigns", strconv.Itoa(campaignID), "Contracts", id), nil)
}

// Groups returns the groups of partners of a campaign.
func (c *Client) Groups(ctx context.Context, campaignID int) iter.Seq2[Group, error] {
	return list[Group](ctx, c, groupPath(campaignID), "Groups", nil)
}

// Group returns the group of a campaign with an id.
func (c *Client) Group(ctx context.Context, campaignID, id int) (*Group, error) {
	return read[Group](ctx, c, groupPath(campaignID, id), nil)
}

func groupPath(campaignID int, group ...int) string {
	names := []string{"Campaigns", strconv.Itoa(campaignID), "MediaPartnerGroups"}
	for _, id := range group {
		names = append(names, strconv.Itoa(id))
	}
	return transport.Path(names...)
}

// PromoCodes returns the promo codes that match.
func (c *Client) PromoCodes(ctx context.Context, f PromoCodeFilter) iter.Seq2[PromoCode, error] {
	return list[PromoCode](ctx, c, "/PromoCodes", "PromoCodes", query(f))
}

// PromoCode returns the promo code with an id.
func (c *Client) PromoCode(ctx context.Context, id int) (*PromoCode, error) {
	return read[PromoCode](ctx, c, transport.Path("PromoCodes", strconv.Itoa(id)), nil)
}

// Click returns the click of a campaign with an id.
func (c *Client) Click(ctx context.Context, campaignID int, id string) (*Click, error) {
	return read[Click](ctx, c, transport.Path("Campaigns", strconv.Itoa(campaignID), "Clicks", id), nil)
}

// PartnerValuesUpdate sets values of a partner. A nil field stays; a pointer to "" removes the
// value.
type PartnerValuesUpdate struct {
	Value1 *string `wire:"MPValue1"`
	Value2 *string `wire:"MPValue2"`
	Value3 *string `wire:"MPValue3"`
}

// SetPartnerValues sets the values that the account gives to a partner.
func (c *Client) SetPartnerValues(ctx context.Context, partnerID int, u PartnerValuesUpdate) error {
	_, err := c.record(ctx, http.MethodPut, transport.Path("MediaPartners", strconv.Itoa(partnerID)), u)
	return err
}

// NewGroup describes a group of partners to create.
type NewGroup struct {
	Name          string
	MediaPartners []int
}

// CreateGroup creates a group of partners of a campaign and returns its id.
func (c *Client) CreateGroup(ctx context.Context, campaignID int, g NewGroup) (id int, err error) {
	uri, err := c.record(ctx, http.MethodPost, groupPath(campaignID), g)
	if err != nil {
		return 0, err
	}
	return lastID(uri)
}

// GroupUpdate changes a group of partners. Fields that are zero stay.
type GroupUpdate struct {
	Name                string
	MediaPartnersAdd    []int
	MediaPartnersRemove []int
}

// UpdateGroup changes a group of partners.
func (c *Client) UpdateGroup(ctx context.Context, campaignID, id int, u GroupUpdate) error {
	_, err := c.record(ctx, http.MethodPut, groupPath(campaignID, id), u)
	return err
}

// DeleteGroup deletes a group of partners.
func (c *Client) DeleteGroup(ctx context.Context, campaignID, id int) error {
	_, err := c.record(ctx, http.MethodDelete, groupPath(campaignID, id), struct{}{})
	return err
}

// NewPromoCode describes a promo code to assign to a partner.
type NewPromoCode struct {
	CampaignID         int
	AssignedPartnerID  int
	Code               string
	CreditPolicy       string    // ALWAYS, INVOLVED or WINNER
	Type               string    // LI or RE
	StartDate, EndDate time.Time // always and never by default
	DealID             int
	DealName           string
}

// CreatePromoCode assigns a promo code to a partner and returns its id.
func (c *Client) CreatePromoCode(ctx context.Context, p NewPromoCode) (id int, err error) {
	uri, err := c.record(ctx, http.MethodPost, "/PromoCodes", p)
	if err != nil {
		return 0, err
	}
	return lastID(uri)
}

// DeletePromoCode ends the assignment of a promo code.
func (c *Client) DeletePromoCode(ctx context.Context, id int) error {
	_, err := c.record(ctx, http.MethodDelete, transport.Path("PromoCodes", strconv.Itoa(id)), struct{}{})
	return err
}

// record sends a write that takes effect at once and returns the URI of the object.
func (c *Client) record(ctx context.Context, method, path string, parameters any) (uri string, err error) {
	form := make(url.Values)
	if err := encode(form, parameters, "", ""); err != nil {
		return "", err
	}
	result, err := c.do(ctx, c.write(method, path, form, WriteOptions{}))
	if err != nil {
		return "", err
	}
	var done struct{ URI string }
	err = unmarshal(result.Body, &done, "")
	return done.URI, err
}

// lastID returns the number at the end of a URI.
func lastID(uri string) (int, error) {
	id, err := strconv.Atoi(path.Base(uri))
	if err != nil {
		return 0, fmt.Errorf("client: the URI %q has no id", uri)
	}
	return id, nil
}
