package bench

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Scenario selects the requests of a load.
type Scenario string

// The scenarios.
const (
	// Modify changes the quantity of one item with each request.
	Modify Scenario = "modify"
	// Mixed sends conversions, modifications, reversals and reads as 10:60:5:25.
	Mixed Scenario = "mixed"
	// Hot sends all requests of Modify to one item of one action.
	Hot Scenario = "hot"
	// Import uploads files whose rows are the modifications of Modify.
	Import Scenario = "import"
	// Deep sends many requests of Modify to one action, each after the last one was
	// applied, and then to the next action. Each connection has its own actions.
	Deep Scenario = "deep"
	// Alone sends the requests of Modify on one connection, each after the last one was
	// applied, and waits for the effect with the response.
	Alone Scenario = "alone"
	// Undo undoes changes of a large action with a long history (see [RunUndo]).
	Undo Scenario = "undo"
)

// kind classifies requests in a report.
type kind string

const (
	kindConvert kind = "convert"
	kindModify  kind = "modify"
	kindReverse kind = "reverse"
	kindRead    kind = "read"
	kindUpload  kind = "upload"
)

// kinds lists the kinds in the order of the report.
var kinds = []kind{kindConvert, kindModify, kindReverse, kindRead, kindUpload}

// Target is an item of an existing action.
type Target struct {
	// Account is the index of the account in [Client.Accounts].
	Account int
	// Action and Partner are ids.
	Action, Partner, SKU string
}

// generator generates the requests of one connection.
type generator struct {
	random  *rand.Rand
	targets []Target
	// popular selects accounts by their popularity, unless it is nil. accounts holds the
	// targets of each account.
	popular  *rand.Zipf
	accounts [][]Target
	// name makes the order ids unique.
	name string
	// created counts the orders or, for [Deep], the modifications. depth is the number of
	// modifications per target.
	created, depth int
	// open holds the orders that are not yet reversed, oldest first.
	open []order
}

// order is a conversion that was accepted.
type order struct {
	account          int
	eventType, order string
}

func newGenerator(name string, seed uint64, targets []Target, depth int) *generator {
	return &generator{name: name, random: rand.New(rand.NewPCG(1, seed)), targets: targets, depth: depth}
}

// selectByPopularity makes target select an account by Zipf's law with the exponent s > 1, the
// first account most often, and then one of its items.
func (g *generator) selectByPopularity(s float64, accounts [][]Target) {
	g.popular, g.accounts = rand.NewZipf(g.random, s, 1, uint64(len(accounts)-1)), accounts
}

// target returns a random item.
func (g *generator) target() Target {
	targets := g.targets
	if g.popular != nil {
		targets = g.accounts[g.popular.Uint64()]
	}
	return targets[g.random.IntN(len(targets))]
}

// next returns the next request of a scenario. A reversal reverses an order of the same
// connection. While there is none, next returns a conversion instead.
func (g *generator) next(s Scenario) (kind, request) {
	switch s {
	case Mixed:
	case Deep:
		return kindModify, g.nextDeep()
	case Alone:
		r := g.modify()
		r.wait = true
		return kindModify, r
	case Modify, Hot, Import, Undo:
		return kindModify, g.modify()
	}
	switch n := g.random.IntN(100); {
	case n < 60:
		return kindModify, g.modify()
	case n < 85:
		return kindRead, g.read()
	case n < 90 && len(g.open) > 0:
		return kindReverse, g.reverse()
	default:
		return kindConvert, g.convert()
	}
}

// form returns a request with a form as its body.
func form(account int, method, path string, values url.Values) request {
	return request{account: account, method: method, path: path, content: formType, body: values.Encode()}
}

// modify sets the quantity of a random item.
func (g *generator) modify() request { return g.change(g.target()) }

func (g *generator) change(t Target) request {
	return form(t.Account, http.MethodPut, "/Actions", url.Values{
		"ActionId": {t.Action}, "Sku": {t.SKU}, "Quantity": {strconv.Itoa(g.quantity())}, "Reason": {"ORDER_UPDATE"},
	})
}

func (g *generator) quantity() int { return 1 + g.random.IntN(9) }

// convert reports an order of two items for the campaign and partner of a target.
func (g *generator) convert() request {
	t := g.target()
	campaign, eventType := parts(t.Action)
	g.created++
	o := order{t.Account, eventType, fmt.Sprintf("%s-%d", g.name, g.created)}
	g.open = append(g.open, o)
	return form(t.Account, http.MethodPost, "/Conversions", url.Values{
		"CampaignId": {campaign}, "EventTypeId": {eventType}, "EventDate": {"NOW"}, "OrderId": {o.order},
		"MediaPartnerId": {t.Partner},
		"ItemSku1":       {sku(0)}, "ItemQuantity1": {strconv.Itoa(g.quantity())}, "ItemPrice1": {"19.99"}, "ItemCategory1": {"Bench"},
		"ItemSku2": {sku(1)}, "ItemQuantity2": {"1"}, "ItemPrice2": {"5.00"}, "ItemCategory2": {"Bench"},
	})
}

// parts returns the campaign and the event type of an action id.
func parts(action string) (campaign, eventType string) {
	campaign, rest, _ := strings.Cut(action, ".")
	eventType, _, _ = strings.Cut(rest, ".")
	return campaign, eventType
}

// reverse reverses the oldest open order.
func (g *generator) reverse() request {
	o := g.open[0]
	g.open = g.open[1:]
	values := url.Values{"ActionTrackerId": {o.eventType}, "OrderId": {o.order}, "DispositionCode": {"ORDER_ERROR"}}
	return request{account: o.account, method: http.MethodDelete, path: "/Actions?" + values.Encode()}
}

// read gets an action, its items or its updates.
func (g *generator) read() request {
	t := g.target()
	path := []string{"", "/Items", "/Updates"}[g.random.IntN(3)]
	return request{account: t.Account, method: http.MethodGet, path: "/Actions/" + t.Action + path}
}
