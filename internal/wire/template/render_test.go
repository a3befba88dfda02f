package template_test

import (
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/template"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// render returns the output of a template.
func render(t *testing.T, tmpl template.Template, n template.Notification) string {
	t.Helper()
	n.Time, n.Reference = now, wiretest.Reference(t)
	return string(tmpl.Append(nil, n))
}

func notification() template.Notification {
	a := wiretest.Action()
	return template.Notification{
		Event: program.EventModified, Action: a,
		Update: ledger.Update{Action: a.ID, ChainPosition: a.Last, Disposition: "ORDER_UPDATE", RecordedState: ledger.RecordedState{Description: "Pending/Open"}},
	}
}

func TestSection21AMacroHasTheSameValueAsTheFieldOfTheAction(t *testing.T) {
	n := notification()
	n.Action.SharedID = "a&b"
	e := encode.Encoder{Format: wire.JSON, Version: 14, Now: now, Reference: wiretest.Reference(t), SID: sid}
	members := wiretest.ReadJSON(t, e.AppendAction(nil, n.Action, ""))
	compared := 0
	for _, m := range members {
		name := map[string]string{"Id": "ActionId", "State": "Status"}[m.Name]
		if name == "" {
			name = m.Name
		}
		tmpl, err := template.ParseBody(`{"x":{`+name+`}}`, program.BodyJSON)
		if err != nil {
			continue // not every field has a macro
		}
		compared++
		if got := wiretest.ReadJSON(t, []byte(render(t, tmpl, n)))[0]; got.Value != m.Value || got.Number != m.Number {
			t.Errorf("{%s} is %+v, the action has %+v", name, got, m)
		}
	}
	if compared != 23 {
		t.Errorf("%d macros were compared, want 23", compared)
	}
}

func TestSection21MacrosAreCaseInsensitive(t *testing.T) {
	n := notification()
	n.Action.Extras = map[string]string{"SubId1": "one", "SubId3": "three"}
	for macro, want := range map[string]string{
		"Event": "modified", "ActionUpdateId": "1000.2240.158133.4", "StatusDetail": "Pending/Open", "AdId": "",
		"DeltaPayout": "-0.38", "OriginalCurrency": "USD", "OriginalAmount": "12.36", "SubId1": "one", "SubId2": "", "SubId3": "three",
		"SharedId": "", "payout": "0.50", "PAYOUT": "0.50", "ActionType": "SALE", "ReferringType": "PROMOCODE", "mediapartnername": "Blog &lt;9&gt;",
	} {
		tmpl, err := template.ParseBody("<a>{"+macro+"}</a>", program.BodyXML)
		if err != nil {
			t.Errorf("{%s}: %v", macro, err)
			continue
		}
		if got := render(t, tmpl, n); got != "<a>"+want+"</a>" {
			t.Errorf("{%s} is %s, want %s", macro, got, want)
		}
	}
}

func TestSection21ValuesAreEscapedForTheirPlace(t *testing.T) {
	n := notification()
	n.Action.SharedID = "a \"b\" &<c>/é"
	n.Action.Items = []ledger.Item{
		{SKU: "A&\"1\"", ItemState: ledger.ItemState{Quantity: 2, Amount: 1927}},
		{SKU: "B", ItemState: ledger.ItemState{}},
	}
	for name, c := range map[string]struct {
		format     program.BodyFormat
		tmpl, want string
	}{
		"a text in a JSON string":            {program.BodyJSON, `{"s":"<{SharedId}>"}`, `{"s":"<a \"b\" &<c>/é>"}`},
		"a text as a JSON value":             {program.BodyJSON, `{"s":{SharedId}}`, `{"s":"a \"b\" &<c>/é"}`},
		"a number as a JSON value":           {program.BodyJSON, `[{Payout}, {DeltaPayout},{CampaignId}]`, `[0.50, -0.38,1000]`},
		"a number in a JSON string":          {program.BodyJSON, `["{Payout} {Currency}"]`, `["0.50 USD"]`},
		"a missing number as a JSON value":   {program.BodyJSON, `{"ad":{AdId}}`, `{"ad":0}`},
		"a missing number in a JSON string":  {program.BodyJSON, `{"ad":"{AdId}"}`, `{"ad":""}`},
		"a quotation mark escaped before it": {program.BodyJSON, `["\"{Oid}\\"]`, `["\"A&1\\"]`},
		"items in JSON":                      {program.BodyJSON, `{"items":{items[]}}`, `{"items":[{"sku":"A&\"1\"","qty":"2","amt":"19.27"},{"sku":"B","qty":"0","amt":"0.00"}]}`},
		"a text in XML":                      {program.BodyXML, `<a b="{SharedId}">{SharedId}</a>`, `<a b="a &#34;b&#34; &amp;&lt;c&gt;/é">a &#34;b&#34; &amp;&lt;c&gt;/é</a>`},
		"items in XML":                       {program.BodyXML, `<a><items>{items[]}</items></a>`, `<a><items><item><sku>A&amp;&#34;1&#34;</sku><qty>2</qty><amt>19.27</amt></item><item><sku>B</sku><qty>0</qty><amt>0.00</amt></item></items></a>`},
		"a text in a form":                   {program.BodyForm, `s={SharedId}&n={Payout}`, `s=a%20%22b%22%20%26%3Cc%3E%2F%C3%A9&n=0.50`},
		"items in a form":                    {program.BodyForm, `{items[]}&x=1`, `items%5B0%5D%5Bsku%5D=A%26%221%22&items%5B0%5D%5Bqty%5D=2&items%5B0%5D%5Bamt%5D=19.27&items%5B1%5D%5Bsku%5D=B&items%5B1%5D%5Bqty%5D=0&items%5B1%5D%5Bamt%5D=0.00&x=1`},
	} {
		tmpl, err := template.ParseBody(c.tmpl, c.format)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := render(t, tmpl, n); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, c.want)
		}
	}
	tmpl, err := template.ParseURL("https://example.com/s-{SharedId}?at={EventDate}&{items[]}", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := "https://example.com/s-a%20%22b%22%20%26%3Cc%3E%2F%C3%A9?at=2026-10-05T05%3A00%3A00-07%3A00&items%5B0%5D%5Bsku%5D=A%26%221%22&items"
	if got := render(t, tmpl, n); !strings.HasPrefix(got, want) {
		t.Errorf("URL is %s, want %s", got, want)
	}
}

func TestSection21AStatusDetailHasTheReason(t *testing.T) {
	tmpl, err := template.ParseBody(`["{Status}","{StatusDetail}","{LockingDate}"]`, program.BodyJSON)
	if err != nil {
		t.Fatal(err)
	}
	n := notification()
	n.Action.Reversed, n.Update.Description = true, "Reversed/ITEM_RETURNED"
	if got, want := render(t, tmpl, n), `["REVERSED","Reversed/ITEM_RETURNED",`; !strings.HasPrefix(got, want) {
		t.Errorf("reversed: %s, want %s", got, want)
	}
	n = notification()
	n.Action.OpenEnded = true
	n.Action.LockingDate = now.AddDate(0, 0, 1)
	if got, want := render(t, tmpl, n), `["PENDING","Pending/Open",""]`; got != want {
		t.Errorf("open-ended: %s, want %s", got, want)
	}
}
