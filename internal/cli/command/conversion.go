package command

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/money"
)

// ConversionCreate reports an order.
type ConversionCreate struct {
	changing
	Campaign       int      `placeholder:"ID" help:"Campaign (default: the only one of the account)."`
	EventType      string   `required:"" placeholder:"ID" help:"Event type: its id or its code."`
	Order          string   `required:"" placeholder:"ID" help:"Id of the order."`
	Partner        int      `placeholder:"ID" help:"Partner to credit. Or use --promo-code or --click."`
	PromoCode      string   `placeholder:"CODE" help:"Promo code of the order."`
	Click          string   `placeholder:"ID" help:"Click that led to the order."`
	Item           []string `sep:"none" placeholder:"SKU,QUANTITY,SUBTOTAL" help:"Item: its Sku, quantity, revenue before discounts, and optionally its category and name; can be repeated."`
	Amount         string   `placeholder:"AMOUNT" help:"Revenue of an order without items."`
	Discount       string   `placeholder:"AMOUNT" help:"Discount on the order, which is split over the items."`
	Currency       string   `placeholder:"CODE" help:"Currency of all amounts (default: the account's)."`
	Date           string   `placeholder:"TIME" help:"Time of the order: a date or a timestamp (default: now)."`
	CustomerStatus string   `placeholder:"TEXT" help:"Status of the customer, such as NEW."`
	Note           string   `placeholder:"TEXT" help:"Note for the record."`
}

// Do reports the order.
func (c ConversionCreate) Do(ctx context.Context, s *cli.Session) error {
	v := client.Conversion{
		OrderID: c.Order, MediaPartnerID: c.Partner, PromoCode: c.PromoCode, ClickID: c.Click,
		CustomerStatus: c.CustomerStatus, Note: c.Note, WriteOptions: client.WriteOptions{MaxWait: maxWait},
	}
	if c.Partner == 0 && c.PromoCode == "" && c.Click == "" {
		return cli.Usage("name the partner to credit: use --partner, --promo-code or --click")
	}
	if n, err := strconv.Atoi(c.EventType); err == nil {
		v.ActionTrackerID = n
	} else {
		v.EventTypeCode = c.EventType
	}
	campaign, err := onlyCampaign(ctx, s, int64(c.Campaign))
	if err != nil {
		return err
	}
	v.CampaignID = int(campaign)
	if v.EventDate, err = parseTime(ctx, s, "date", c.Date); err != nil {
		return err
	}
	if err := c.amounts(ctx, s, &v); err != nil {
		return err
	}
	return c.change(ctx, s, v, func() (*client.Pending, error) { return s.Client.Convert(ctx, v) })
}

// amounts sets the currency, the amounts and the items.
func (c ConversionCreate) amounts(ctx context.Context, s *cli.Session, v *client.Conversion) (err error) {
	if v.Currency, err = c.currency(ctx, s); err != nil {
		return err
	}
	if v.Amount, err = parseAmount(v.Currency, "amount", c.Amount); err != nil {
		return err
	}
	if v.OrderDiscount, err = parseAmount(v.Currency, "discount", c.Discount); err != nil {
		return err
	}
	if c.Amount != "" && len(c.Item) > 0 {
		return cli.Usage("--amount is for an order without items: the revenue of an item is its SUBTOTAL")
	}
	for _, text := range c.Item {
		item, err := parseItem(v.Currency, text)
		if err != nil {
			return err
		}
		v.Items = append(v.Items, item)
	}
	return nil
}

// currency returns the currency of the amounts.
func (c ConversionCreate) currency(ctx context.Context, s *cli.Session) (money.Currency, error) {
	if c.Currency != "" {
		currency, err := money.ParseCurrency(c.Currency)
		if err != nil {
			return "", cli.Usage("--currency %q: %w", c.Currency, err)
		}
		return currency, nil
	}
	company, err := s.Client.Company(ctx)
	if err != nil {
		return "", err
	}
	return company.Currency, nil
}

// parseAmount returns the amount of a flag, or nil for "".
func parseAmount(currency money.Currency, flag, text string) (*money.Amount, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // no amount
	}
	amount, err := currency.ParseAmount(text)
	if err != nil {
		return nil, cli.Usage("--%s %q: %w, in %s", flag, text, err, currency)
	}
	return &amount, nil
}

// parseItem returns the item of a text such as "LANTERN,2,43.98,Outdoor,A lantern".
func parseItem(currency money.Currency, text string) (item client.ConversionItem, err error) {
	parts := strings.SplitN(text, ",", 5)
	if len(parts) < 3 {
		return item, cli.Usage("--item %q: must be SKU,QUANTITY,SUBTOTAL, as in LANTERN,2,43.98", text)
	}
	item.SKU = parts[0]
	if item.Quantity, err = strconv.Atoi(parts[1]); err != nil || item.SKU == "" {
		return item, cli.Usage("--item %q: must be SKU,QUANTITY,SUBTOTAL, as in LANTERN,2,43.98", text)
	}
	if item.SubTotal, err = parseAmount(currency, "item", parts[2]); err != nil || item.SubTotal == nil {
		return item, cmp.Or(err, cli.Usage("--item %q: the subtotal is missing", text))
	}
	if len(parts) > 3 {
		item.Category = parts[3]
	}
	if len(parts) > 4 {
		item.Name = parts[4]
	}
	return item, nil
}
