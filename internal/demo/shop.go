package demo

import (
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// shop generates the orders of an account.
type shop struct {
	campaign int64
	orders   int
	// prefix starts the order ids, and seed seeds the random numbers.
	prefix   string
	seed     uint64
	currency money.Currency
	zone     string
	partners []partner
	places   []place
	products []product
	examples []example
	// history, if not nil, returns what happened before the first start.
	history func(s *shop, start time.Time, zone *time.Location) []event
}

// place is the address of a customer.
type place struct{ country, region, city, postCode string }

// example is an order of a worked example (docs/rules.md, section 10).
type example struct {
	order              string
	eventType, partner int64
	lines              []line
}

// line is an item of an order.
type line struct {
	sku, name, category string
	quantity            int
	subTotal            string
}

// changedPercent is the share of the orders that are modified, unless they are locked.
const changedPercent = 15

// requests returns the orders from the oldest to the newest, their changes, and the
// worked examples. The examples come last because lists start with the newest.
func (s *shop) requests(start time.Time, zone *time.Location) []request {
	random := rand.New(rand.NewPCG(s.seed, 0))
	var orders, changes, examples []request
	step := Days * day / time.Duration(s.orders+1)
	for i := range s.orders {
		age := Days*day - time.Duration(i)*step - time.Duration(random.Int64N(int64(step)))
		o := s.order(random, i)
		o.date = start.Add(-age).In(zone).Truncate(time.Second)
		orders = append(orders, o.conversion(s))
		if random.IntN(100) < changedPercent && age < o.partner.changeableFor-day {
			changes = append(changes, o.change(s, random))
		}
	}
	for i, e := range s.examples {
		date := start.Add(time.Duration(i-len(s.examples)) * time.Hour).In(zone)
		examples = append(examples, e.conversion(s.campaign, date))
	}
	return slices.Concat(orders, changes, examples)
}

// order is a generated order. prices holds the price of each line.
type order struct {
	id        string
	eventType int64
	partner   partner
	date      time.Time
	customer  int
	status    string
	place     place
	byPromo   bool
	lines     []line
	prices    []money.Amount
}

// order returns the order with the index i.
func (s *shop) order(random *rand.Rand, i int) order {
	p := s.partners[random.IntN(len(s.partners))]
	o := order{
		id: s.prefix + strconv.Itoa(100_001+i), partner: p, eventType: p.eventTypes[random.IntN(len(p.eventTypes))],
		customer: 100_001 + random.IntN(s.orders/2), place: s.places[random.IntN(len(s.places))],
		status:  []string{"NEW", "NEW", "RETURNING", "RETURNING", "RETURNING", "VIP"}[random.IntN(6)],
		byPromo: random.IntN(3) == 0 && p.promo != "",
	}
	for _, at := range random.Perm(len(s.products))[:1+random.IntN(4)] {
		product := s.products[at]
		quantity := 1
		if random.IntN(3) == 0 {
			quantity += random.IntN(4)
		}
		o.lines = append(o.lines, line{sku: product.sku, name: product.name, category: product.category, quantity: quantity})
		o.prices = append(o.prices, product.price)
	}
	return o
}

// conversion returns the request that reports the order.
func (o order) conversion(s *shop) request {
	f := newForm(s.campaign, o.eventType, o.id, o.date)
	if o.byPromo {
		f.add("OrderPromoCode", o.partner.promo)
	} else {
		f.add("MediaPartnerId", strconv.FormatInt(o.partner.id, 10))
	}
	f.add("CustomerId", "C-"+strconv.Itoa(o.customer))
	f.add("CustomerStatus", o.status)
	f.add("CustomerCountry", o.place.country)
	f.add("CustomerRegion", o.place.region)
	f.add("CustomerCity", o.place.city)
	f.add("CustomerPostCode", o.place.postCode)
	for i, l := range o.lines {
		f.addItem(i+1, l)
		f.add("ItemPrice"+strconv.Itoa(i+1), s.currency.Format(o.prices[i]))
	}
	if o.byPromo {
		f.add("OrderDiscountRate", "5")
	}
	return request{ledger.KindConversion, f.String()}
}

// conversion returns the request that reports the order.
func (e example) conversion(campaign int64, date time.Time) request {
	f := newForm(campaign, e.eventType, e.order, date)
	f.add("MediaPartnerId", strconv.FormatInt(e.partner, 10))
	f.add("CustomerStatus", "NEW")
	for i, l := range e.lines {
		f.addItem(i+1, l)
		f.add("ItemSubTotal"+strconv.Itoa(i+1), l.subTotal)
	}
	return request{ledger.KindConversion, f.String()}
}

// change returns a random change of the order, in most cases a return.
func (o order) change(s *shop, random *rand.Rand) request {
	var f form
	f.add("ActionTrackerId", strconv.FormatInt(o.eventType, 10))
	f.add("OrderId", o.id)
	at := random.IntN(len(o.lines))
	item := o.lines[at]
	switch kind := random.IntN(20); {
	case kind < 3:
		f.add("DispositionCode", []string{"ITEM_RETURNED", "CONS_FRAUD", "ORDER_ERROR", "FAKE_ACCOUNT"}[random.IntN(4)])
		return request{ledger.KindReversal, f.String()}
	case kind < 5:
		f.add("Reason", "HAND_CHECKED")
	case kind < 6:
		f.add("Reason", "ORDER_ERROR")
		f.add("CustomerStatus", "RETURNING")
	case kind < 9 && o.prices[at] > 1:
		f.add("Reason", "ORDER_UPDATE")
		f.add("Sku", item.sku)
		f.add("Amount", s.currency.Format(o.prices[at]/2))
	case kind < 12 && len(o.lines) > 1:
		f.add("Reason", "ORDER_UPDATE")
		for i, l := range o.lines[:2] {
			number := []string{"", "2"}[i]
			f.add("Sku"+number, l.sku)
			f.add("Quantity"+number, strconv.Itoa(l.quantity-1+i))
		}
	default:
		f.add("Reason", "ORDER_UPDATE")
		f.add("Sku", item.sku)
		f.add("Quantity", strconv.Itoa(item.quantity-1))
	}
	return request{ledger.KindModification, f.String()}
}

// form is an encoded form that keeps the order of its fields.
type form struct{ strings.Builder }

// newForm returns a form with the fields that all conversions have.
func newForm(campaign, eventType int64, order string, date time.Time) *form {
	f := new(form)
	f.add("CampaignId", strconv.FormatInt(campaign, 10))
	f.add("ActionTrackerId", strconv.FormatInt(eventType, 10))
	f.add("EventDate", date.Format(time.RFC3339))
	f.add("OrderId", order)
	return f
}

// addItem appends the fields of the item with the given number.
func (f *form) addItem(number int, l line) {
	n := strconv.Itoa(number)
	f.add("ItemSku"+n, l.sku)
	f.add("ItemName"+n, l.name)
	f.add("ItemCategory"+n, l.category)
	f.add("ItemQuantity"+n, strconv.Itoa(l.quantity))
}

// add appends a field. It skips an empty value.
func (f *form) add(name, value string) {
	if value == "" {
		return
	}
	if f.Len() > 0 {
		f.WriteByte('&')
	}
	f.WriteString(name + "=" + url.QueryEscape(value))
}
