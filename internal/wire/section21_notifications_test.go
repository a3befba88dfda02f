package wire_test

import (
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// rendered answers what a template says of the test's action.
func rendered(t *testing.T, template wire.Template, n wire.Notice) string {
	t.Helper()
	e := wire.Encoder{Now: now, Reference: reference(t)}
	return string(e.AppendNotice(nil, template, n))
}

func notice() wire.Notice {
	a := action()
	return wire.Notice{
		Event: ledger.EventModified, Action: a,
		Update: ledger.Update{Action: a.ID, ChainPosition: a.Last, Disposition: "ORDER_UPDATE"},
	}
}

func TestSection21AMacroIsSpelledAsTheActionsAnswerSpellsIt(t *testing.T) {
	n := notice()
	n.Action.SharedID = "a&b"
	e := wire.Encoder{Format: wire.JSON, Version: 14, Now: now, Reference: reference(t), SID: sid}
	answer := readJSON(t, e.AppendAction(nil, n.Action))
	compared := 0
	for _, m := range answer {
		name := map[string]string{"Id": "ActionId", "State": "Status"}[m.name]
		if name == "" {
			name = m.name
		}
		template, err := wire.ParseBodyTemplate(`{"x":{`+name+`}}`, ledger.BodyJSON)
		if err != nil {
			continue // not every field has a macro
		}
		compared++
		if got := readJSON(t, []byte(rendered(t, template, n)))[0]; got.value != m.value || got.number != m.number {
			t.Errorf("{%s} is %+v, the answer has %+v", name, got, m)
		}
	}
	if compared != 22 {
		t.Errorf("%d macros were compared, want 22", compared)
	}
}

func TestSection21AMacroHasAValueOfTheSubmissionInAnyLetterCase(t *testing.T) {
	n := notice()
	n.Action.Extras = map[string]string{"SubId1": "one", "SubId3": "three"}
	for macro, want := range map[string]string{
		"Event": "modified", "ActionUpdateId": "1000.2240.158133.4", "StatusDetail": "Pending/Open", "AdId": "",
		"DeltaPayout": "-0.38", "OriginalCurrency": "USD", "OriginalAmount": "12.36", "SubId1": "one", "SubId2": "", "SubId3": "three",
		"SharedId": "", "payout": "0.50", "PAYOUT": "0.50", "mediapartnername": "Blog &lt;9&gt;",
	} {
		template, err := wire.ParseBodyTemplate("<a>{"+macro+"}</a>", ledger.BodyXML)
		if err != nil {
			t.Errorf("{%s}: %v", macro, err)
			continue
		}
		if got := rendered(t, template, n); got != "<a>"+want+"</a>" {
			t.Errorf("{%s} is %s, want %s", macro, got, want)
		}
	}
}

func TestSection21ValuesAreWrittenAsTheirPlaceHasThem(t *testing.T) {
	n := notice()
	n.Action.SharedID = "a \"b\" &<c>/é"
	n.Action.Items = []ledger.Item{
		{SKU: "A&\"1\"", ItemState: ledger.ItemState{Quantity: 2, Amount: 1927}},
		{SKU: "B", ItemState: ledger.ItemState{}},
	}
	for name, c := range map[string]struct {
		format         ledger.BodyFormat
		template, want string
	}{
		"a text in a JSON string":            {ledger.BodyJSON, `{"s":"<{SharedId}>"}`, `{"s":"<a \"b\" &<c>/é>"}`},
		"a text as a JSON value":             {ledger.BodyJSON, `{"s":{SharedId}}`, `{"s":"a \"b\" &<c>/é"}`},
		"a number as a JSON value":           {ledger.BodyJSON, `[{Payout}, {DeltaPayout},{CampaignId}]`, `[0.50, -0.38,1000]`},
		"a number in a JSON string":          {ledger.BodyJSON, `["{Payout} {Currency}"]`, `["0.50 USD"]`},
		"a missing number as a JSON value":   {ledger.BodyJSON, `{"ad":{AdId}}`, `{"ad":0}`},
		"a missing number in a JSON string":  {ledger.BodyJSON, `{"ad":"{AdId}"}`, `{"ad":""}`},
		"a quotation mark escaped before it": {ledger.BodyJSON, `["\"{Oid}\\"]`, `["\"A&1\\"]`},
		"items in JSON":                      {ledger.BodyJSON, `{"items":{items[]}}`, `{"items":[{"sku":"A&\"1\"","qty":2,"amt":19.27},{"sku":"B","qty":0,"amt":0.00}]}`},
		"a text in XML":                      {ledger.BodyXML, `<a b="{SharedId}">{SharedId}</a>`, `<a b="a &#34;b&#34; &amp;&lt;c&gt;/é">a &#34;b&#34; &amp;&lt;c&gt;/é</a>`},
		"items in XML":                       {ledger.BodyXML, `<a><items>{items[]}</items></a>`, `<a><items><item><sku>A&amp;&#34;1&#34;</sku><qty>2</qty><amt>19.27</amt></item><item><sku>B</sku><qty>0</qty><amt>0.00</amt></item></items></a>`},
		"a text in a form":                   {ledger.BodyForm, `s={SharedId}&n={Payout}`, `s=a%20%22b%22%20%26%3Cc%3E%2F%C3%A9&n=0.50`},
		"items in a form":                    {ledger.BodyForm, `{items[]}&x=1`, `items%5B0%5D%5Bsku%5D=A%26%221%22&items%5B0%5D%5Bqty%5D=2&items%5B0%5D%5Bamt%5D=19.27&items%5B1%5D%5Bsku%5D=B&items%5B1%5D%5Bqty%5D=0&items%5B1%5D%5Bamt%5D=0.00&x=1`},
	} {
		template, err := wire.ParseBodyTemplate(c.template, c.format)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := rendered(t, template, n); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, c.want)
		}
	}
	template, err := wire.ParseURLTemplate("https://example.com/s-{SharedId}?at={EventDate}&{items[]}")
	if err != nil {
		t.Fatal(err)
	}
	want := "https://example.com/s-a%20%22b%22%20%26%3Cc%3E%2F%C3%A9?at=2026-10-05T05%3A00%3A00-07%3A00&items%5B0%5D%5Bsku%5D=A%26%221%22&items"
	if got := rendered(t, template, n); !strings.HasPrefix(got, want) {
		t.Errorf("URL is %s, want %s", got, want)
	}
}

func TestSection21AStatusDetailTellsWhy(t *testing.T) {
	template, err := wire.ParseBodyTemplate(`["{Status}","{StatusDetail}","{LockingDate}"]`, ledger.BodyJSON)
	if err != nil {
		t.Fatal(err)
	}
	n := notice()
	n.Action.Reversed, n.Update.Disposition = true, "ITEM_RETURNED"
	if got, want := rendered(t, template, n), `["REVERSED","Reversed/ITEM_RETURNED",`; !strings.HasPrefix(got, want) {
		t.Errorf("reversed: %s, want %s", got, want)
	}
	n = notice()
	n.Action.OpenEnded = true
	n.Action.Locking = now.AddDate(0, 0, 1)
	if got, want := rendered(t, template, n), `["PENDING","Pending/Open",""]`; got != want {
		t.Errorf("open-ended: %s, want %s", got, want)
	}
}
