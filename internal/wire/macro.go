package wire

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// Notice is what a notification tells: an event of an action.
type Notice struct {
	Event ledger.Event
	// Update is the last one that the submission wrote, Action what it made of the action.
	Update ledger.Update
	Action ledger.Action
}

// macro stands in a template for a value of a notice.
type macro struct {
	name string
	// number says that the value is one in JSON; "" is then 0.
	number bool
	// solid says that no value is empty, or all dots: it can be a segment of a path.
	solid bool
	// list is the macro of the items, which has no value.
	list  bool
	value func(e *Encoder, n Notice) string
}

// macroTable has every macro by the name that the documentation gives it.
var macroTable = []macro{
	solid(number("CampaignId", func(n Notice) int64 { return n.Action.ID.Campaign })),
	lookup("CampaignName", func(r *ledger.Reference, a ledger.Action) string { return r.Campaigns[a.ID.Campaign].Name }),
	solid(number("ActionTrackerId", func(n Notice) int64 { return n.Action.ID.EventType })),
	lookup("ActionTrackerName", func(r *ledger.Reference, a ledger.Action) string { return r.EventTypes[a.ID.EventType].Name }),
	lookup("EventCode", func(r *ledger.Reference, a ledger.Action) string { return r.EventTypes[a.ID.EventType].Code }),
	solid(number("MediaPartnerId", func(n Notice) int64 { return n.Action.Partner })),
	lookup("MediaPartnerName", func(r *ledger.Reference, a ledger.Action) string { return r.Partners[a.Partner].Name }),
	solid(text("Event", func(n Notice) string { return string(n.Event) })),
	solid(text("ActionId", func(n Notice) string { return n.Action.ID.String() })),
	solid(text("ActionUpdateId", func(n Notice) string { return n.Update.ID().String() })),
	{name: "Status", solid: true, value: func(e *Encoder, n Notice) string { return string(n.Action.State(e.Now)) }},
	{name: "StatusDetail", value: func(e *Encoder, n Notice) string {
		_, description := e.stateDetail(n.Update, n.Action)
		return description
	}},
	number("AdId", func(Notice) int64 { return 0 }),
	solid(amount("Payout", func(a ledger.Action) money.Amount { return a.Payout })),
	solid(amount("DeltaPayout", func(a ledger.Action) money.Amount { return a.Delta.Payout })),
	solid(amount("IntendedPayout", func(a ledger.Action) money.Amount { return a.Intended.Payout })),
	solid(amount("Amount", func(a ledger.Action) money.Amount { return a.Amount })),
	solid(amount("DeltaAmount", func(a ledger.Action) money.Amount { return a.Delta.Amount })),
	solid(amount("IntendedAmount", func(a ledger.Action) money.Amount { return a.Intended.Amount })),
	solid(text("Currency", func(n Notice) string { return string(n.Action.Currency) })),
	// Orders are taken in the account's currency only, so that it is the original one.
	solid(text("OriginalCurrency", func(n Notice) string { return string(n.Action.Currency) })),
	solid(amount("OriginalAmount", func(a ledger.Action) money.Amount { return a.Amount })),
	solid(instant("EventDate", func(_ *Encoder, a ledger.Action) time.Time { return a.EventDate })),
	solid(instant("CreationDate", func(_ *Encoder, a ledger.Action) time.Time { return a.Created })),
	instant("LockingDate", func(e *Encoder, a ledger.Action) time.Time { return lockingDate(a, e.Now) }),
	text("Oid", func(n Notice) string { return n.Action.Order }),
	text("SubId1", func(n Notice) string { return n.Action.Extras["SubId1"] }),
	text("SubId2", func(n Notice) string { return n.Action.Extras["SubId2"] }),
	text("SubId3", func(n Notice) string { return n.Action.Extras["SubId3"] }),
	text("SharedId", func(n Notice) string { return n.Action.SharedID }),
	{name: "items[]", list: true},
}

// macros finds a macro by its name in lower case; macroNames are all, as they are told.
var macros, macroNames = func() (map[string]*macro, []string) {
	all, names := make(map[string]*macro, len(macroTable)), make([]string, len(macroTable))
	for i := range macroTable {
		all[strings.ToLower(macroTable[i].name)] = &macroTable[i]
		names[i] = macroTable[i].name
	}
	return all, names
}()

// solid says of a macro that it is.
func solid(m macro) macro {
	m.solid = true
	return m
}

func text(name string, value func(Notice) string) macro {
	return macro{name: name, value: func(_ *Encoder, n Notice) string { return value(n) }}
}

func lookup(name string, value func(*ledger.Reference, ledger.Action) string) macro {
	return macro{name: name, value: func(e *Encoder, n Notice) string { return value(e.Reference, n.Action) }}
}

// number is a whole number; 0 is a missing one.
func number(name string, value func(Notice) int64) macro {
	return macro{name: name, number: true, value: func(_ *Encoder, n Notice) string {
		if v := value(n); v != 0 {
			return strconv.FormatInt(v, 10)
		}
		return ""
	}}
}

func amount(name string, value func(ledger.Action) money.Amount) macro {
	return macro{name: name, number: true, value: func(_ *Encoder, n Notice) string {
		return string(appendAmount(nil, value(n.Action), n.Action.Currency.Digits()))
	}}
}

func instant(name string, value func(*Encoder, ledger.Action) time.Time) macro {
	return macro{name: name, value: func(e *Encoder, n Notice) string {
		if t := value(e, n.Action); !t.IsZero() {
			return string(appendTime(nil, t, e.Reference.Zone()))
		}
		return ""
	}}
}

// AppendNotice writes what a template says of a notice. The encoder's Now is the
// instant of the event; its format, version and SID do not matter.
func (e *Encoder) AppendNotice(dst []byte, t Template, n Notice) []byte {
	for _, p := range t.parts {
		switch {
		case p.macro == nil:
			dst = append(dst, p.text...)
		case p.macro.list:
			dst = appendItems(dst, n.Action, p.as)
		default:
			dst = p.append(dst, p.macro.value(e, n))
		}
	}
	return dst
}

// append writes a value as the macro's place has it.
func (p part) append(dst []byte, value string) []byte {
	switch {
	case p.as == inURL:
		return appendComponent(dst, value)
	case p.as == inXML:
		return appendXML(dst, value)
	case p.as == inJSONText:
		return appendJSON(dst, value)
	case !p.macro.number:
		return append(appendJSON(append(dst, '"'), value), '"')
	case value == "":
		return append(dst, '0')
	default:
		return append(dst, value...)
	}
}

// appendComponent writes a text as it stands in a path, a query and a form alike.
func appendComponent(dst []byte, s string) []byte {
	return append(dst, strings.ReplaceAll(url.QueryEscape(s), "+", "%20")...)
}

// appendItems writes the lines of an action: an array of objects in JSON, an
// element item for each in XML, and else fields named items[0][sku] and so on.
func appendItems(dst []byte, a ledger.Action, as writing) []byte {
	digits := a.Currency.Digits()
	if as == asJSON {
		dst = append(dst, '[')
	}
	for i, item := range a.Items {
		quantity, sum := strconv.FormatInt(item.Quantity, 10), string(appendAmount(nil, item.Amount, digits))
		switch as {
		case asJSON:
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendJSON(append(dst, `{"sku":"`...), item.SKU), `","qty":`...)
			dst = append(append(append(append(dst, quantity...), `,"amt":`...), sum...), '}')
		case inXML:
			dst = append(appendXML(append(dst, "<item><sku>"...), item.SKU), "</sku><qty>"...)
			dst = append(append(append(append(dst, quantity...), "</qty><amt>"...), sum...), "</amt></item>"...)
		default:
			if i > 0 {
				dst = append(dst, '&')
			}
			field := "items%5B" + strconv.Itoa(i) + "%5D%5B"
			dst = appendComponent(append(dst, field+"sku%5D="...), item.SKU)
			dst = append(dst, "&"+field+"qty%5D="+quantity+"&"+field+"amt%5D="+sum...)
		}
	}
	if as == asJSON {
		dst = append(dst, ']')
	}
	return dst
}
