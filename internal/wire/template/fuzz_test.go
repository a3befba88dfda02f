package template_test

import (
	"encoding/json"
	"encoding/xml"
	"net/url"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire/template"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// dotSegments counts the segments of the path of a URL that are empty, "." or "..".
func dotSegments(text string) (n int) {
	path, _, _ := strings.Cut(text, "?")
	for _, segment := range strings.Split(path, "/") {
		if decoded, err := url.PathUnescape(segment); err == nil && strings.Trim(decoded, ".") == "" && len(decoded) < 3 {
			n++
		}
	}
	return n
}

// FuzzRender checks that a parsed template renders to a valid URL, JSON or XML document
// or form with every value.
func FuzzRender(f *testing.F) {
	f.Add(`{"id":"{ActionId}","payout":{Payout},"items":{items[]},"s":{SharedId}}`, "a\"\\\x00\xff", int64(-5))
	f.Add(`<a b="{SharedId}">{Oid}{items[]}<c/></a>`, "]]>--\ue000&<", int64(7))
	f.Add("https://example.com/o-{Oid}/x?a={SharedId}&{items[]}", "../?#&=%", int64(0))
	f.Add("https://example.com/.{Oid}/%2e{ActionId}/x", ".", int64(0))
	f.Add("{items[]}&a={Payout}&{SubId1}={SubId2}", "é +", int64(1))
	f.Fuzz(func(t *testing.T, text, value string, sum int64) {
		n := notification()
		n.Action.Order, n.Action.SharedID, n.Action.Payout = value, value, money.Amount(sum)
		n.Action.Extras = map[string]string{"SubId1": value}
		n.Action.Items = []ledger.Item{{SKU: value}, {SKU: value}}
		if tmpl, err := template.ParseURL(text, nil); err == nil {
			got := render(t, tmpl, n)
			u, err := url.Parse(got)
			if err != nil || u.User != nil || u.Fragment != "" || !strings.HasPrefix(text, got[:strings.Index(got, "//")+2]) {
				t.Errorf("%q gives %q: %v", text, got, err)
			}
			if dotSegments(got) != dotSegments(text) {
				t.Errorf("%q gives %q, which has another path structure", text, got)
			}
		}
		for _, format := range []program.BodyFormat{program.BodyJSON, program.BodyXML, program.BodyForm} {
			tmpl, err := template.ParseBody(text, format)
			if err != nil {
				continue
			}
			got := render(t, tmpl, n)
			switch format {
			case program.BodyJSON:
				if !json.Valid([]byte(got)) {
					t.Errorf("%q gives %q, which is not JSON", text, got)
				}
			case program.BodyXML:
				if err := xml.Unmarshal([]byte(got), new(struct{})); err != nil {
					t.Errorf("%q gives %q: %v", text, got, err)
				}
			case program.BodyForm:
				if _, err := url.ParseQuery(got); err != nil {
					t.Errorf("%q gives %q: %v", text, got, err)
				}
			}
		}
	})
}
