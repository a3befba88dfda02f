package bench

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Scenario is a kind of load.
type Scenario string

// The scenarios.
const (
	// Modify changes the quantity of one item with each request.
	Modify Scenario = "modify"
	// Mixed has conversions, modifications, reversals and reads as 10:60:5:25.
	Mixed Scenario = "mixed"
	// Hot is Modify with all requests on one item of one action.
	Hot Scenario = "hot"
	// Import hands in files whose rows are the modifications of Modify.
	Import Scenario = "import"
	// Deep is Modify with many requests on one action, each once the last one took
	// effect, and then on the next: each connection has actions of its own.
	Deep Scenario = "deep"
)

// kind is what a request does.
type kind string

const (
	kindConvert kind = "convert"
	kindModify  kind = "modify"
	kindReverse kind = "reverse"
	kindRead    kind = "read"
	kindUpload  kind = "upload"
)

// kinds are in the order in which a report has them.
var kinds = []kind{kindConvert, kindModify, kindReverse, kindRead, kindUpload}

// Target is an item that exists.
type Target struct {
	// Account is the place of its account in the client's.
	Account int
	// Action is the id of its action, Partner that of the action's partner.
	Action, Partner, SKU string
}

// author writes the requests of one connection.
type author struct {
	random  *rand.Rand
	targets []Target
	// name keeps its orders apart from all others.
	name string
	// made counts its orders, or the modifications of [Deep]: depth for each target.
	made, depth int
	// open are its orders that are not yet reversed, oldest first.
	open []order
}

// order is a conversion that was accepted.
type order struct {
	account          int
	eventType, order string
}

func newAuthor(name string, seed uint64, targets []Target, depth int) *author {
	return &author{name: name, random: rand.New(rand.NewPCG(1, seed)), targets: targets, depth: depth}
}

func (a *author) target() Target { return a.targets[a.random.IntN(len(a.targets))] }

// next answers the next request of a scenario. A reversal takes back an order of
// the same connection; while there is none, a conversion is written instead.
func (a *author) next(s Scenario) (kind, request) {
	switch s {
	case Mixed:
	case Deep:
		return kindModify, a.deepen()
	case Modify, Hot, Import:
		return kindModify, a.modify()
	}
	switch n := a.random.IntN(100); {
	case n < 60:
		return kindModify, a.modify()
	case n < 85:
		return kindRead, a.read()
	case n < 90 && len(a.open) > 0:
		return kindReverse, a.reverse()
	default:
		return kindConvert, a.convert()
	}
}

func form(account int, method, path string, values url.Values) request {
	return request{account: account, method: method, path: path, content: formType, body: values.Encode()}
}

// modify sets a new quantity of some item.
func (a *author) modify() request { return a.change(a.target()) }

func (a *author) change(t Target) request {
	return form(t.Account, http.MethodPut, "/Actions", url.Values{
		"ActionId": {t.Action}, "Sku": {t.SKU}, "Quantity": {strconv.Itoa(a.quantity())}, "Reason": {"ORDER_UPDATE"},
	})
}

func (a *author) quantity() int { return 1 + a.random.IntN(9) }

// convert reports an order of two items, credited as that of a target is.
func (a *author) convert() request {
	t := a.target()
	campaign, eventType := parts(t.Action)
	a.made++
	o := order{t.Account, eventType, fmt.Sprintf("%s-%d", a.name, a.made)}
	a.open = append(a.open, o)
	return form(t.Account, http.MethodPost, "/Conversions", url.Values{
		"CampaignId": {campaign}, "EventTypeId": {eventType}, "EventDate": {"NOW"}, "OrderId": {o.order},
		"MediaPartnerId": {t.Partner},
		"ItemSku1":       {sku(0)}, "ItemQuantity1": {strconv.Itoa(a.quantity())}, "ItemPrice1": {"19.99"}, "ItemCategory1": {"Bench"},
		"ItemSku2": {sku(1)}, "ItemQuantity2": {"1"}, "ItemPrice2": {"5.00"}, "ItemCategory2": {"Bench"},
	})
}

// parts answers the campaign and the event type in an action's id.
func parts(action string) (campaign, eventType string) {
	campaign, rest, _ := strings.Cut(action, ".")
	eventType, _, _ = strings.Cut(rest, ".")
	return campaign, eventType
}

func (a *author) reverse() request {
	o := a.open[0]
	a.open = a.open[1:]
	values := url.Values{"ActionTrackerId": {o.eventType}, "OrderId": {o.order}, "DispositionCode": {"ORDER_ERROR"}}
	return request{account: o.account, method: http.MethodDelete, path: "/Actions?" + values.Encode()}
}

// read asks for an action, its items or its trace.
func (a *author) read() request {
	t := a.target()
	path := []string{"", "/Items", "/Updates"}[a.random.IntN(3)]
	return request{account: t.Account, method: http.MethodGet, path: "/Actions/" + t.Action + path}
}
